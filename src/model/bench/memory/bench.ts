/** Memory of a node as one CPU sees it: latency of dependent loads, bandwidth of a triad. */

import type { MemoryCase } from '../../cases/memory.ts';
import { EMPTY_PLACEMENT } from '../../placement/slots.ts';
import { PinboardError } from '../../problem.ts';
import { formatBytes } from '../../text/format.ts';
import { isLocal, nodeOf } from '../../topology/relation.ts';
import type { Figure, MeasuredBench } from '../bench.ts';

const FIGURES: Readonly<Record<MemoryCase['what'], Figure>> = {
  latency: { benchmark: 'memory-latency', metric: 'ns', title: 'Memory latency', aside: null },
  bandwidth: { benchmark: 'memory-bandwidth', metric: 'B/s', title: 'Memory bandwidth', aside: null },
};

const label = ({ what, cpu, node, pages, sizeBytes }: MemoryCase): string =>
  `${what} cpu ${cpu} to node ${node}, ${pages}, ${formatBytes(sizeBytes)}`;

/** @throws PinboardError `usage` for none, or several. */
function sizeOf(cases: readonly MemoryCase[]): number {
  const sizes = new Set(cases.map(({ sizeBytes }) => sizeBytes));
  const [size] = sizes;
  if (size === undefined || sizes.size > 1)
    throw new PinboardError('usage', 'A memory run needs cases, all of one size.');
  return size;
}

export const MEMORY: MeasuredBench<MemoryCase> = {
  kind: 'memory',
  figures: Object.values(FIGURES),
  slots: [],
  unitNote: null,
  placement: () => EMPTY_PLACEMENT,
  asked: ({ node, pages }) => ({ pinned: true, memory: 'Memory', counted: 'page', node, pages, touching: [] }),
  label,
  shortLabel: label,
  unusual: () => [],
  settings: () => ({}),
  crosses: (topology, { cpu, node }) => (nodeOf(topology, cpu) ? !isLocal(topology, cpu, node) : null),
  fairness: (_, far, near) => {
    const alike = far.what === near.what && far.pages === near.pages && far.sizeBytes === near.sizeBytes;
    return alike && far.cpu === near.cpu ? 0 : -1;
  },
  placed: () => null,
  figure: ({ what }) => FIGURES[what],
  places: ({ cpu, node }) => ({ cpus: [cpu], nodes: [node] }),
  agentWords: (cases) => ['memory', '--size', String(sizeOf(cases))],
  agentCase: ({ what, cpu, node, pages }) => ({ what, cpu, node, pages }),
  repeatWords: (cases, _, { rounds, durationMs }) => {
    // The lists of the command line that name at least these cases.
    const all = (key: 'cpu' | 'node' | 'pages' | 'what'): string =>
      [...new Set(cases.map((one) => one[key]))].join(',');
    return [
      ...['bench', 'memory', '--cpu', all('cpu'), '--node', all('node'), '--pages', all('pages')],
      ...['--size', sizeOf(cases), '--what', all('what'), '--duration', `${durationMs}ms`, '--repeat', rounds],
    ];
  },
  question: () => 'What does memory access cost from here?',
};
