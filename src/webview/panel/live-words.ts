/** Owns the sentence that says what the machine does now, for each measure. It claims no more than is counted. */

import { formatBytes, formatFigure } from '../../model/text/format.ts';
import { measureOf } from '../../model/live/heat.ts';
import type { HeatKey } from '../../model/live/heat.ts';
import { nodeBusy } from '../../model/live/rates.ts';
import { isUnavailable } from '../../model/run/run.ts';
import type { NodeSample, Sample } from '../../model/live/sample.ts';
import type { Topology } from '../../model/topology/topology.ts';

const list = (ids: readonly number[]): string =>
  ids.length < 2 ? String(ids[0] ?? '') : `${ids.slice(0, -1).join(', ')} and ${ids.at(-1) ?? ''}`;
const named = (ids: readonly number[]): string => `${ids.length === 1 ? 'node' : 'nodes'} ${list(ids)}`;
const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** A node carries the work from half of the busiest one's share on, and waits below a quarter of it. */
function busyWords(topology: Topology, sample: Sample): string {
  const busy = [...nodeBusy(topology, sample)];
  const most = Math.max(0, ...busy.map(([, share]) => share));
  if (busy.length === 0) return 'No CPU was sampled.';
  if (most < 0.05) return 'The machine is nearly idle.';
  if (busy.length === 1) return `The CPUs are ${Math.round(most * 100)} % busy.`;
  const carry = busy.filter(([, share]) => share >= most / 2).map(([id]) => id);
  const wait = busy.filter(([, share]) => share < most / 4).map(([id]) => id);
  if (carry.length === busy.length) return 'All nodes share the work.';
  const verb = carry.length === 1 ? 'carries' : 'carry';
  const rest = wait.length === 0 ? '' : `, ${named(wait)} ${wait.length === 1 ? 'waits' : 'wait'}`;
  return `${capital(named(carry))} ${verb} the work${rest}.`;
}

function most(sample: Sample, of: (node: NodeSample) => number | null): { id: number; value: number } | null {
  const known = sample.nodes.flatMap((node) => {
    const value = of(node);
    return value === null ? [] : [{ id: node.id, value }];
  });
  return known.reduce<{ id: number; value: number } | null>(
    (best, one) => (best && best.value >= one.value ? best : one),
    null,
  );
}

function allocationWords(topology: Topology, sample: Sample): string {
  if (topology.nodes.length === 1) return 'One node: no allocation can land elsewhere.';
  const top = most(sample, (node) => node.otherPerSecond);
  if (!top) return 'This host does not count allocations by node.';
  if (top.value < 1) return 'No node gives pages to CPUs elsewhere.';
  const rate = top.value >= 1000 ? `${formatFigure(top.value / 1000)}\u00a0k` : formatFigure(top.value);
  return `Node ${top.id} gives ${rate} pages a second to CPUs elsewhere.`;
}

function processWords({ processes: [process] }: Sample): string {
  if (!process) return 'No process to show: type the id of one that runs, above the board.';
  const { residentBytes: bytes, name, pid } = process;
  const who = `${name} (${pid})`;
  if (isUnavailable(bytes)) return `Where ${who} has its memory is unavailable: ${bytes.unavailable}`;
  const shares = Object.entries(bytes).filter(([, share]) => share > 0);
  if (shares.length === 0) return `${who} has no memory resident.`;
  const parts = shares.map(([node, share]) => `${formatBytes(share)} on node ${node}`);
  return `${who} has ${parts.join(', ')}.`;
}

export function liveWords(measure: HeatKey, topology: Topology, sample: Sample): string {
  switch (measure) {
    case 'busy':
      return busyWords(topology, sample);
    case 'allocations':
      return allocationWords(topology, sample);
    case 'remote': {
      const top = most(sample, (node) => measureOf('remote').value(sample, node.id));
      return top
        ? `Node ${top.id} gives ${Math.round(top.value)} % of its pages to CPUs elsewhere.`
        : 'No node gave out a page in the last interval.';
    }
    case 'free': {
      const top = most(sample, (node) => node.freeBytes);
      return top
        ? `Node ${top.id} has the most free memory, ${formatBytes(top.value)}.`
        : 'This host does not say what is free.';
    }
    case 'huge': {
      const reserved = sample.nodes
        .filter((node) => node.hugepages.some((pages) => pages.total > 0))
        .map((node) => node.id);
      return reserved.length === 0
        ? 'No huge pages are reserved.'
        : `${capital(named(reserved))} ${reserved.length === 1 ? 'has' : 'have'} huge pages reserved.`;
    }
    case 'process':
      return processWords(sample);
  }
}
