/** The page of a run: what was asked, the answer, the figures behind it, where they come from, how to repeat them. */

import { formatBytes, formatChange, formatDuration, formatFigure, formatMetric, plural, scaleOf } from '../format.ts';
import { resultLabel } from '../run-text.ts';
import { isUnavailable } from '../run.ts';
import type { EnvironmentValue, Result, Snapshot } from '../run.ts';
import { histogramPercentile } from '../statistics.ts';
import { held } from '../held.ts';
import { codeBlock, markdownText } from './escape.ts';

const text = markdownText;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}

function marks(result: Result): string {
  const words = [
    result.emulated ? 'emulated' : '',
    result.noisy ? 'noisy' : '',
    result.valid ? '' : `not valid: ${text(result.why ?? 'the placement slipped')}`,
  ].filter((word) => word !== '');
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}

function figureRow(result: Result): string[] {
  const { median, interval, metric } = result;
  if (median === null) return [text(resultLabel(result)), 'not measured', '', ''];
  const { factor, unit } = scaleOf(metric, median);
  const figures = result.repetitions.map((value) => formatFigure(value / factor)).join(' · ');
  return [
    text(resultLabel(result)),
    `**${formatMetric(median, metric)}**${marks(result)}`,
    interval
      ? `${formatFigure(interval[0] / factor)} … ${formatFigure(interval[1] / factor)} ${unit}`
      : 'too few repetitions',
    `${figures} ${unit}`,
  ];
}

function answer(snapshot: Snapshot): string[] {
  const { verdict, comparison, partial, topology } = snapshot;
  const lines = verdict ? [`**${text(verdict.sentence)}**`, ''] : [];
  if (comparison) {
    const [low, high] = comparison.interval;
    const shown = comparison.shown ? '' : ' The interval spans zero: no difference could be shown.';
    lines.push(
      `Change of the median: ${formatChange(comparison.change)}, 95 % interval ${formatChange(low)} to ${formatChange(high)}.${shown}`,
      '',
    );
  }
  if (topology.machine.emulated) {
    lines.push(
      '> **Emulated host.** Software played the CPU: every figure here says what was run, none how fast hardware is.',
      '',
    );
  }
  if (partial !== null) lines.push(`> **Cut short:** ${text(partial)} What was measured until then is below.`, '');
  return lines;
}

function value(of: EnvironmentValue): string {
  return isUnavailable(of) ? `unavailable: ${text(of.unavailable)}` : text(String(of));
}

function where(snapshot: Snapshot): string[] {
  const { topology, environment } = snapshot;
  const { machine } = topology;
  const memory = topology.nodes.reduce((sum, node) => sum + (node.memoryBytes ?? 0), 0);
  const shape = [
    plural(topology.packages.length, 'package'),
    plural(topology.cores.length, 'core'),
    plural(topology.cpus.length, 'CPU'),
    plural(topology.nodes.length, 'NUMA node'),
    formatBytes(memory),
  ].join(', ');
  return [
    '## Where',
    '',
    ...table(
      ['', ''],
      [
        ['Host', `${text(snapshot.host.name)} (${snapshot.host.transport === 'ssh' ? 'over SSH' : 'this machine'})`],
        ['Shape', shape],
        ['Architecture', text(machine.architecture)],
        ['Hypervisor', `${text(machine.hypervisor ?? 'none')}${machine.emulated ? ', emulated' : ''}`],
        ...Object.entries(environment).map(([name, of]) => [text(name), value(of)]),
      ],
    ),
  ];
}

function placements(snapshot: Snapshot): string[] {
  const rows = snapshot.results.map((result) => {
    const asked = Object.entries(result.placement).map(
      ([key, of]) => `${key} ${typeof of === 'object' ? JSON.stringify(of) : String(of)}`,
    );
    const cpus = Object.entries(result.seen.cpus).map(([role, list]) => `${role} on cpu ${list}`);
    const pages = Object.entries(result.seen.nodes).map(([node, count]) => `${count} pages on node ${node}`);
    const size = result.seen.pageBytes === null ? [] : [`page size ${formatBytes(result.seen.pageBytes)}`];
    const moved = result.seen.migrations === null ? [] : [plural(result.seen.migrations, 'migration')];
    return [text(resultLabel(result)), text(asked.join(', ')), text([...cpus, ...pages, ...size, ...moved].join(', '))];
  });
  return ['## Placement', '', ...table(['run', 'asked for', 'seen to hold'], rows)];
}

function counters(snapshot: Snapshot): string[] {
  const names = [...new Set(snapshot.results.flatMap((result) => Object.keys(result.counters)))];
  if (names.length === 0) return [];
  const rows = names.map((name) => [
    text(name),
    ...snapshot.results.map(({ counters: { [name]: of } }) =>
      of === undefined ? '' : isUnavailable(of) ? `unavailable: ${text(of.unavailable)}` : of.toLocaleString('en-US'),
    ),
  ]);
  return [
    '## Counters',
    '',
    ...table(['counter', ...snapshot.results.map((result) => text(resultLabel(result)))], rows),
  ];
}

function latencies(snapshot: Snapshot): string[] {
  const rows = snapshot.results.flatMap((result) => {
    const { histogram } = result;
    if (!histogram) return [];
    const at = [0.5, 0.9, 0.99, 0.999, 1].map((share) => {
      const ns = histogramPercentile(histogram, share);
      return ns === null ? '' : `${formatMetric(ns, 'ns')}${result.emulated ? ' (emulated)' : ''}`;
    });
    return [[text(resultLabel(result)), ...at]];
  });
  return rows.length === 0 ? [] : ['## Round trips', '', ...table(['', 'p50', 'p90', 'p99', 'p99.9', 'max'], rows)];
}

/** @param files names of the picture and the run beside the page. */
export function reportMarkdown(snapshot: Snapshot, files: { readonly svg: string; readonly run: string }): string {
  const question = snapshot.verdict?.question ?? 'What was measured?';
  const [first] = snapshot.results;
  const kept = first
    ? held(first, snapshot.environment).map((line) => `- ${line.kind === 'ok' ? '' : '**Mind:** '}${text(line.text)}`)
    : [];
  return [
    `# ${text(question)}`,
    '',
    ...answer(snapshot),
    `![Topology of ${text(snapshot.host.name)} with the placement of this run](${files.svg})`,
    '',
    '## Figures',
    '',
    ...table(['run', 'median', '95 % interval of the median', 'every repetition'], snapshot.results.map(figureRow)),
    `Measured ${text(snapshot.time)} in ${formatDuration(snapshot.seconds * 1000)} by NUMA Pinboard ${text(snapshot.tool.version)}; what is compared was measured in turn. Intervals are bootstrap intervals with a fixed seed.`,
    '',
    ...latencies(snapshot),
    ...placements(snapshot),
    ...(kept.length > 0 ? ['## Held while measuring', '', ...kept, ''] : []),
    ...where(snapshot),
    ...counters(snapshot),
    '## How to repeat it',
    '',
    codeBlock(snapshot.repeat, 'sh'),
    '',
    `Everything above, raw, is in [${files.run}](${files.run}); NUMA Pinboard opens it again.`,
    '',
  ].join('\n');
}
