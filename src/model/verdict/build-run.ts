/** Puts a run together, and names it on file. */

import { compareResults, pair, weightOf } from '../run/compare.ts';
import { guideHeadline } from '../bench/guide/findings/headline.ts';
import type { Headline } from '../bench/guide/findings/headline.ts';
import { memoryNotes } from './memory-notes.ts';
import { raceOutcome } from '../bench/race/outcome.ts';
import type { ServiceRecord } from '../cases/service.ts';
import type { Environment, GuideRecord, RaceRecord, Result, Run } from '../run/run.ts';
import { RUN_SCHEMA } from '../run/run.ts';
import type { Topology } from '../topology/topology.ts';
import { unsureBecause } from './unsure.ts';
import { verdict } from './verdict.ts';
import { VERSION } from '../version.ts';

export interface RunParts {
  /** Start of the run. */
  readonly time: Date;
  readonly seconds: number;
  /** A few random characters (a-z, 0-9): two runs of one second stay apart. */
  readonly random: string;
  readonly host: Run['host'];
  readonly repeat: string;
  readonly topology: Topology;
  readonly environment: Environment;
  readonly results: readonly Result[];
  readonly question: string;
  /** Why it was cut short, or null. */
  readonly partial: string | null;
  readonly thresholds?: Run['thresholds'] & {};
  readonly guide?: GuideRecord;
  readonly race?: RaceRecord;
  readonly service?: ServiceRecord;
}

function answerOf(question: string, parts: Omit<RunParts, 'question'>): Pick<Run, 'comparison' | 'verdict' | 'winner'> {
  const { topology, results, guide, race } = parts;
  if (guide) return explained(parts, guideHeadline(topology, results));
  if (race) {
    const { verdict: found, ...outcome } = raceOutcome(race, results);
    return { ...outcome, verdict: { question, ...found } };
  }
  const comparison = results.length === 2 ? compareResults(results) : null;
  return { comparison, verdict: verdict(parts, question, comparison) };
}

export function buildRun(parts: RunParts): Run {
  const { time, random, question, ...rest } = parts;
  const notes = memoryNotes(parts.topology, parts.results);
  const answer = answerOf(question, parts);
  return {
    schema: RUN_SCHEMA,
    id: `${time.toISOString().slice(0, 19).replaceAll(':', '')}Z-${random}`,
    time: time.toISOString(),
    tool: { name: 'numa-pinboard', version: VERSION },
    ...rest,
    ...answer,
    ...(notes.length > 0 ? { notes } : {}),
  };
}

/** Why it leaves the question open, where that was seen. */
function explained({ topology, results, environment }: Omit<RunParts, 'question'>, headline: Headline): Headline {
  const { comparison, verdict: answer } = headline;
  const weight = weightOf({ results, comparison });
  if (weight !== 'no-difference' && weight !== 'noisy') return headline;
  const { of, against } = pair({ results, comparison });
  const why = unsureBecause(
    [of, against].filter((one) => one !== null),
    environment,
    topology.cpus.length,
  );
  return why === null ? headline : { comparison, verdict: { ...answer, sentence: `${answer.sentence} ${why}` } };
}

/** One word of a command line, quoted for a POSIX shell where it needs to be. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** @param host alias of an SSH host, null for this machine. */
export function repeatCommand(words: readonly (string | number)[], host: string | null): string {
  const where = host === null ? [] : ['--host', host];
  return ['numa-pinboard', ...words, ...where].map((word) => quoteWord(String(word))).join(' ');
}

/** `YYYY-MM-DD-HHMM-HOST`, by the time of the machine Pinboard runs on; the host part is safe in a path. */
export function exportFolderName(time: string, host: string): string {
  const at = new Date(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const safe = host
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+|[.-]+$/g, '')
    .slice(0, 60);
  return `${day}-${two(at.getHours())}${two(at.getMinutes())}-${safe === '' ? 'host' : safe}`;
}
