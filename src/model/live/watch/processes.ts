/** Processes as lines of a terminal, the busiest or the largest first. */

import { EN_DASH, formatBytes, formatPercent, plural } from '../../text/format.ts';
import { isUnavailable } from '../../run/run.ts';
import type { ProcessList } from '../processes.ts';
import type { ProcessSample, Sample } from '../sample.ts';
import { span, tableLines } from './lines.ts';
import type { Column, Line } from './lines.ts';
import { toneOf } from './nodes.ts';

export type Sort = 'cpu' | 'memory';

export interface ShownProcess {
  readonly pid: number;
  readonly name: string;
  readonly command: string;
  /** CPUs' worth; null: not known yet. */
  readonly busy: number | null;
  readonly threads: number;
  readonly residentBytes: number | null;
  readonly onNodes: Readonly<Record<string, number>> | null;
}

const sumOf = (onNodes: Readonly<Record<string, number>>): number =>
  Object.values(onNodes).reduce((sum, bytes) => sum + bytes, 0);

export function listed({ processes }: ProcessList): ShownProcess[] {
  return processes.map(({ onNodes, ...row }) => ({
    ...row,
    onNodes: onNodes === null || isUnavailable(onNodes) ? null : onNodes,
  }));
}

/** CPUs' worth of what its threads used since the sample before; null where neither says. */
function busyOf(process: ProcessSample, before: ProcessSample | undefined, seconds: number): number | null {
  // A number that is given anew is another process.
  if (!before || before.start !== process.start || seconds <= 0) return null;
  const then = new Map(before.threads.map(({ tid, cpuSeconds }) => [tid, cpuSeconds]));
  const used = process.threads.flatMap(({ tid, cpuSeconds }) =>
    cpuSeconds === undefined ? [] : [Math.max(0, cpuSeconds - (then.get(tid) ?? cpuSeconds))],
  );
  return used.length === 0 ? null : used.reduce((sum, one) => sum + one, 0) / seconds;
}

/** What was selected. */
export function followed(sample: Sample, before: Sample | null): ShownProcess[] {
  return sample.processes.map((process) => {
    const earlier = before?.processes.find(({ pid }) => pid === process.pid);
    const onNodes = isUnavailable(process.residentBytes) ? null : process.residentBytes;
    return {
      ...{ pid: process.pid, name: process.name, command: '', threads: process.threads.length },
      busy: busyOf(process, earlier, sample.intervalMs / 1000),
      residentBytes: onNodes && sumOf(onNodes),
      onNodes,
    };
  });
}

/** "0: 63 %, 1: 37 %", the most first. */
function nodeShares({ onNodes }: ShownProcess): string {
  const all = onNodes ? sumOf(onNodes) : 0;
  if (!onNodes || all === 0) return EN_DASH;
  return Object.entries(onNodes)
    .filter(([, bytes]) => bytes > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([node, bytes]) => `${node}: ${formatPercent(bytes / all)}`)
    .join(', ');
}

function columnsBy(sort: Sort): Column<ShownProcess>[] {
  const sorted = (head: string, by: Sort): string => (sort === by ? `${head}▼` : head);
  return [
    { head: 'PID', cell: ({ pid }) => String(pid) },
    { head: 'NAME', left: true, cell: ({ name }) => name },
    {
      head: sorted('CPU', 'cpu'),
      cell: ({ busy }) => (busy === null ? EN_DASH : formatPercent(busy)),
      tone: ({ busy }) => toneOf(busy),
    },
    {
      head: sorted('MEMORY', 'memory'),
      cell: ({ residentBytes }) => (residentBytes === null ? EN_DASH : formatBytes(residentBytes)),
    },
    { head: 'ON NODES', left: true, cell: nodeShares },
    { head: 'THREADS', cell: ({ threads }) => String(threads) },
    { head: 'COMMAND', left: true, cell: ({ command }) => command },
  ];
}

/** @param most rows, those that are left out are counted. */
export function processLines(all: readonly ShownProcess[], sort: Sort, width: number, most: number): Line[] {
  const by = sort === 'cpu' ? (row: ShownProcess) => row.busy : (row: ShownProcess) => row.residentBytes;
  const rows = [...all].sort((a, b) => (by(b) ?? -1) - (by(a) ?? -1)).slice(0, Math.max(0, most));
  const columns = columnsBy(sort).filter(({ head }) => head !== 'COMMAND' || all.some(({ command }) => command !== ''));
  const more = all.length - rows.length;
  const rest: Line[] =
    more > 0 ? [[span(`… ${plural(more, 'more process').replace(/processs$/, 'processes')}`, 'faint')]] : [];
  return rows.length === 0 ? [] : [...tableLines(columns, rows, width), ...rest];
}
