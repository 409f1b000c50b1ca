/** The page of a recording for a project's docs: what was recorded, its course, and the machine at some moments. */

import { nodeBusy } from '../../live/rates.ts';
import { busy } from '../../live/measures/busy.ts';
import { gapsOf } from '../../live/recording.ts';
import type { Recording } from '../../live/recording.ts';
import type { Topology } from '../../topology/topology.ts';
import { topologySvg } from '../../svg/topology-svg.ts';
import { EN_DASH, formatBytes, formatCount, formatDuration, formatPercent, plural } from '../../text/format.ts';
import { markdownText } from '../escape.ts';
import type { Moment } from './moments.ts';
import { clockOf, timelineSvg } from './timeline.ts';

export interface PageFile {
  readonly name: string;
  readonly text: string;
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

function nodesAt({ topology }: Recording, { sample }: Moment): string {
  const shares = nodeBusy(topology, sample);
  const bytes = (value: number | null): string => (value === null ? EN_DASH : formatBytes(value));
  const rate = (value: number | null): string => (value === null ? EN_DASH : formatCount(value));
  const rows = sample.nodes.map((node) => {
    const share = shares.get(node.id);
    return [
      String(node.id),
      share === undefined ? EN_DASH : formatPercent(share),
      ...[bytes(node.usedBytes), bytes(node.freeBytes), rate(node.localPerSecond), rate(node.otherPerSecond)],
    ];
  });
  return table(['node', 'CPUs busy', 'memory used', 'free', 'pages/s to own CPUs', 'pages/s to CPUs elsewhere'], rows);
}

/** With the memory that was free then, not when the recording began. */
function machineAt(topology: Topology, { sample }: Moment): Topology {
  const free = new Map(sample.nodes.map(({ id, freeBytes }) => [id, freeBytes]));
  const nodes = topology.nodes.map((node) => {
    const known = free.get(node.id) ?? null;
    return { ...node, freeBytes: known === null ? null : Math.min(known, node.memoryBytes ?? known) };
  });
  return { ...topology, nodes };
}

function head(recording: Recording): string[] {
  const { samples, every, intervalMs, cutOff, host, topology } = recording;
  const [first, last] = [samples[0], samples.at(-1)];
  const gaps = gapsOf(recording);
  const length = first && last ? formatDuration(Date.parse(last.time) - Date.parse(first.time)) : EN_DASH;
  return [
    `# ${markdownText(host)}, recorded`,
    `**A recording**, not this moment: ${plural(samples.length, 'sample')} over ${length}, from ${first?.time ?? EN_DASH} to ${last?.time ?? EN_DASH} (UTC), every ${formatDuration(intervalMs * every)}${topology.machine.emulated ? ', on an emulated machine' : ''}.`,
    ...(every > 1 ? [`Only every ${every}th of the samples that were recorded is looked at here.`] : []),
    ...(cutOff === null ? [] : [`It was cut off: ${markdownText(cutOff)}`]),
    ...(gaps.length === 0
      ? []
      : [`Without samples: ${gaps.map(({ from, until }) => `${clockOf(from)} to ${clockOf(until)}`).join(', ')}.`]),
  ];
}

/** The page and its pictures. */
export function recordingPage(recording: Recording, moments: readonly Moment[]): PageFile[] {
  const { topology, marks } = recording;
  const timeline = timelineSvg(recording);
  const stills = moments.map((moment, at) => ({
    moment,
    name: `moment-${at + 1}.svg`,
    text: topologySvg(machineAt(topology, moment), {
      busy: new Map(moment.sample.cpus.map((cpu) => [cpu.id, cpu.busy])),
    }),
  }));
  const markRows = marks.map((mark, at) => [
    String(at + 1),
    `${clockOf(mark.time)}${mark.until === null ? '' : ` to ${clockOf(mark.until)}`}`,
    mark.kind,
    markdownText(mark.words),
  ]);
  const parts = [
    ...head(recording),
    ...(timeline === null ? [] : ['## Over time', '![CPUs busy by node over time](timeline.svg)']),
    ...(markRows.length === 0 ? [] : ['## Marks', table(['', 'UTC', 'kind', 'what'], markRows)]),
    ...stills.flatMap(({ moment, name }) => [
      `## ${moment.words}, ${moment.sample.time}`,
      markdownText(busy.sentence(topology, moment.sample)),
      `![The machine, each CPU filled as far as it was busy](${name})`,
      nodesAt(recording, moment),
    ]),
  ];
  return [
    { name: 'report.md', text: `${parts.join('\n\n')}\n` },
    ...(timeline === null ? [] : [{ name: 'timeline.svg', text: timeline }]),
    ...stills.map(({ name, text }) => ({ name, text })),
  ];
}
