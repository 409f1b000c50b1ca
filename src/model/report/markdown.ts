/** The page of a run: what was asked, the answer, the figures behind it, where they come from, how to repeat them. */

import { weightOf } from '../run/compare.ts';
import { formatBound, formatChange, formatCount, formatDuration } from '../text/format.ts';
import { runConditions } from '../verdict/conditions.ts';
import { resultLabels } from '../verdict/text.ts';
import type { Comparison, Run } from '../run/run.ts';
import { RESAMPLES, SEED } from '../run/statistics.ts';
import { warningCount } from '../topology/warnings.ts';
import { codeBlock, markdownText as text } from './escape.ts';
import { doctor } from './doctor.ts';
import type { DoctorPart } from './doctor.ts';
import { candidates, findings, toPaste } from './guide.ts';
import { layouts } from './layouts.ts';
import { nodes } from './nodes.ts';
import {
  classes,
  counters,
  course,
  service,
  crossing,
  figures,
  latencies,
  placements,
  table,
  warnings,
  where,
} from './sections.ts';

const title = (run: Run): string => text(run.verdict?.question ?? 'What was measured?');

/** Without a figure where the evidence carries none; of what slipped nothing is told. */
function changeLines(run: Run, { change, interval }: Comparison): string[] {
  const weight = weightOf(run);
  if (weight === null || weight === 'invalid') return [];
  const mark = run.topology.machine.emulated ? ' (emulated)' : '';
  const bounds = `95 % interval ${interval.map(formatBound).join(' to ')}${mark}`;
  const words = {
    shown: `${formatChange(change)}${mark}, ${bounds}`,
    'no-difference': `${bounds}: no difference could be shown`,
    noisy: `${bounds}: too noisy for one figure`,
  }[weight];
  return [`Change of the median over rounds: ${words}.`, ''];
}

function answer(run: Run): string[] {
  const { verdict, comparison, partial, topology, notes = [] } = run;
  const { emulated } = topology.machine;
  const lines = verdict ? [`**${text(verdict.sentence)}**`, ''] : [];
  if (comparison) {
    lines.push(...changeLines(run, comparison));
  }
  if (emulated) {
    const words =
      'The CPU was emulated in software: the figures here show what was run, not how fast real hardware is.';
    lines.push(`> **Emulated host.** ${words}`, '');
  }
  const warned = warningCount(topology.warnings);
  if (warned !== '') lines.push(`> **${warned} about this machine**, listed below with how it was handled.`, '');
  for (const note of notes) lines.push(`> **Note:** ${text(note)}`, '');
  if (partial !== null) lines.push(`> **Cut short:** ${text(partial)} What was measured before that is below.`, '');
  return lines;
}

function heldWhile(run: Run): string[] {
  const lines = runConditions(run, resultLabels);
  if (lines.length === 0) return [];
  const words = lines.map(({ kind, text: line }) => `- ${kind === 'ok' ? '' : '**Note:** '}${text(line)}`);
  return ['## Held while measuring', '', ...words, ''];
}

/** What it takes to get these figures and intervals again, beside the host and its state above. */
function measuredBy({ tool, environment }: Run): string[] {
  const sha = environment['agentSha256'];
  const agent = typeof sha === 'string' ? `, agent sha256 ${text(sha)}` : '';
  const bootstrap = `${formatCount(RESAMPLES)} resamples, seed ${String(SEED)}`;
  return [`Measured with NUMA Pinboard ${text(tool.version)}${agent}; bootstrap of ${bootstrap}.`, ''];
}

/** A file beside the page. */
export interface ReportFile {
  readonly name: string;
  /** What it holds. */
  readonly title: string;
  /** The part of the page that shows it as a picture. */
  readonly picture?: 'topology' | 'figures' | 'course' | 'classes' | 'nodes' | undefined;
}

/** @param files what was written beside the page. @param looked what the doctor found on its host, where somebody asked. */
export function reportMarkdown(run: Run, files: readonly ReportFile[], looked: DoctorPart | null = null): string {
  const pictures = (part: ReportFile['picture']): string[] =>
    files.flatMap(({ name, title: alt, picture }) => (picture === part ? [`![${text(alt)}](${name})`, ''] : []));
  const tool = `NUMA Pinboard ${text(run.tool.version)}`;
  const when = `Measured ${text(run.time)} in ${formatDuration(run.seconds * 1000)} by ${tool}`;
  return [
    `# ${title(run)}`,
    '',
    ...answer(run),
    ...pictures('topology'),
    ...findings(run),
    ...candidates(run),
    ...layouts(run),
    '## Figures',
    '',
    ...figures(run),
    ...pictures('figures'),
    `${when}; compared cases were measured in turn. Intervals are bootstrap intervals.`,
    '',
    ...course(run, pictures('course')),
    ...service(run),
    ...crossing(run),
    ...classes(run, pictures('classes')),
    ...nodes(run, pictures('nodes')),
    ...latencies(run),
    ...placements(run),
    ...heldWhile(run),
    ...where(run),
    ...warnings(run),
    ...counters(run),
    ...doctor(looked),
    ...toPaste(run),
    '## How to repeat it',
    '',
    codeBlock(run.repeat, 'sh'),
    '',
    ...measuredBy(run),
    '## Files',
    '',
    ...files.map(({ name, title: words }) => `- [${name}](${name}): ${text(words)}.`),
    '',
  ].join('\n');
}

/** One page over several runs. @param pages the folder or page of each, as a link of safe characters. */
export function reportIndex(runs: readonly Run[], pages: readonly string[]): string {
  const rows = runs.map((run, index) => [
    `[${title(run)}](${pages[index] ?? ''})`,
    text(run.verdict?.sentence ?? ''),
    text(run.host.name) + (run.topology.machine.emulated ? ' (emulated)' : ''),
    text(run.time),
  ]);
  return ['# Runs', '', ...table(['question', 'answer', 'host', 'when'], rows)].join('\n');
}
