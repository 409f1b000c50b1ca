/** The nodes and their CPUs as lines of a terminal. What the host does not say is "–", never 0. */

import { EN_DASH, formatBytes, formatCount, formatPercent } from '../../text/format.ts';
import { indexTopology } from '../../topology/relation.ts';
import type { Topology } from '../../topology/topology.ts';
import { nodeBusy } from '../rates.ts';
import type { NodeSample, Sample } from '../sample.ts';
import { span, tableLines } from './lines.ts';
import type { Column, Line, Tone } from './lines.ts';

const UNKNOWN = EN_DASH;
const BAR = 10;
const FULL = '█';
const EMPTY = '·';

/** From which share on something is remarkable, and much. */
const WARM = 0.5;
const HOT = 0.8;

export const toneOf = (share: number | null | undefined): Tone =>
  share == null || share < WARM ? 'plain' : share < HOT ? 'warm' : 'hot';

const percent = (share: number | null | undefined): string => (share == null ? UNKNOWN : formatPercent(share));
const bytes = (value: number | null | undefined): string => (value == null ? UNKNOWN : formatBytes(value));
const rate = (value: number | null): string => (value === null ? UNKNOWN : formatCount(value));

/** "██████····  62 %" */
function bar(share: number | null): string {
  if (share === null) return UNKNOWN;
  const full = Math.round(share * BAR);
  return `${FULL.repeat(full)}${EMPTY.repeat(BAR - full)} ${percent(share).padStart(6)}`;
}

interface NodeRow extends NodeSample {
  readonly busy: number | null;
}

function remoteShare({ otherPerSecond, localPerSecond }: NodeSample): number | null {
  if (otherPerSecond === null || localPerSecond === null) return null;
  const all = otherPerSecond + localPerSecond;
  return all === 0 ? null : otherPerSecond / all;
}

function fullness({ usedBytes, freeBytes }: NodeSample): number | null {
  return usedBytes === null || freeBytes === null ? null : usedBytes / Math.max(1, usedBytes + freeBytes);
}

const COLUMNS: readonly Column<NodeRow>[] = [
  { head: 'NODE', cell: ({ id }) => String(id) },
  { head: 'CPUS BUSY', cell: ({ busy }) => bar(busy), tone: ({ busy }) => toneOf(busy) },
  {
    head: 'USED',
    cell: ({ usedBytes }) => bytes(usedBytes),
    tone: (row) => ((fullness(row) ?? 0) > HOT ? 'hot' : 'plain'),
  },
  { head: 'FREE', cell: ({ freeBytes }) => bytes(freeBytes) },
  { head: 'REMOTE', cell: (row) => percent(remoteShare(row)), tone: (row) => toneOf(remoteShare(row)) },
  { head: 'OTHER/s', cell: ({ otherPerSecond }) => rate(otherPerSecond) },
  { head: 'LOCAL/s', cell: ({ localPerSecond }) => rate(localPerSecond) },
  { head: 'MISS/s', cell: ({ missPerSecond }) => rate(missPerSecond) },
  { head: 'USER', cell: ({ user }) => percent(user) },
  { head: 'SYSTEM', cell: ({ system }) => percent(system) },
  { head: 'IOWAIT', cell: ({ iowait }) => percent(iowait) },
  { head: 'STEAL', cell: ({ steal }) => percent(steal) },
  { head: 'CACHE', cell: ({ fileBytes }) => bytes(fileBytes) },
];

export function nodeLines(topology: Topology, sample: Sample, width: number): Line[] {
  const busy = nodeBusy(topology, sample);
  const rows = sample.nodes.map((node) => ({ ...node, busy: busy.get(node.id) ?? null }));
  return tableLines(COLUMNS, rows, width);
}

/** A CPU a character, by eighths: from nearly idle to all of the interval. */
const STEPS = [EMPTY, '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const ABSENT = '?';
const LABEL = 20;
const MOST_NAMED = 6;

const stepOf = (share: number | undefined): string =>
  share === undefined ? ABSENT : (STEPS[Math.min(STEPS.length - 1, Math.round(share * (STEPS.length - 1)))] ?? ABSENT);

/** Each node's CPUs in the order of their numbers, as many in a line as fit; then the busiest by name. */
export function cpuLines(topology: Topology, { cpus }: Sample, width: number): Line[] {
  const busy = new Map(cpus.map((cpu) => [cpu.id, cpu.busy]));
  const inLine = Math.max(8, Math.floor((width - LABEL) / 8) * 8);
  const lines: Line[] = [[span(`Each CPU as a character: ${STEPS.join('')} from idle to busy`, 'faint')]];
  for (const [node, ids] of indexTopology(topology).cpusOfNode) {
    const online = ids.filter((id) => busy.has(id));
    for (let at = 0; at < online.length; at += inLine) {
      const part = online.slice(at, at + inLine);
      const label = (at === 0 ? `node ${node}` : '').padEnd(9) + `P#${part[0] ?? ''}`.padEnd(LABEL - 9);
      lines.push([span(label, 'strong'), ...part.map((id) => span(stepOf(busy.get(id)), toneOf(busy.get(id))))]);
    }
  }
  const busiest = [...cpus].sort((a, b) => b.busy - a.busy).slice(0, MOST_NAMED);
  const named = busiest
    .filter(({ busy: share }) => share > 0)
    .map(({ id, busy: share }) => `P#${id} ${percent(share)}`);
  if (named.length > 0) lines.push([span('Busiest: ', 'strong'), span(named.join(', '))]);
  return lines;
}
