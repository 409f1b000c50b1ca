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
