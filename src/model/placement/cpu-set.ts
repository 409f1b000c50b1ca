/** CPUs as people name them: "0-17,36", "node:1", "l3:0", "socket:0", "all", or several of these with commas between. */

import { formatCpuList, parseCpuList } from '../text/cpulist.ts';
import { PinboardError } from '../problem.ts';
import { clean } from '../text/clean.ts';
import type { Topology } from '../topology/topology.ts';

/** CPUs of the session, in the order of the parts that may be named by a word before a colon. */
interface Part {
  readonly id: number;
  readonly cpus: string;
}

/** Numbered from 0 in the order of their lowest CPU, as lstopo numbers them (L#): the kernel gives caches no number of their own. */
function lastCaches({ caches }: Topology): Part[] {
  const first = ({ cpus }: { readonly cpus: string }): number => parseCpuList(cpus)[0] ?? Infinity;
  return caches
    .filter(({ level, type }) => level === 3 && type !== 'instruction')
    .sort((a, b) => first(a) - first(b))
    .map(({ cpus }, id) => ({ id, cpus }));
}

const PARTS: Readonly<
  Record<string, { readonly plural: string; readonly of: (topology: Topology) => readonly Part[] }>
> = {
  node: { plural: 'NUMA nodes', of: ({ nodes }) => nodes },
  socket: { plural: 'sockets', of: ({ packages }) => packages },
  l3: { plural: 'L3 caches', of: lastCaches },
};

/** What `resolveCpus` takes, for help and errors. */
export const CPU_SET_WORDS = 'CPUs such as 0-17,36, node:1, l3:0, socket:0 or all';

/** A word of the list: all CPUs, those of parts of a kind, or those of these numbers. */
type Word = { readonly kind: string | null; readonly ids: readonly number[] } | 'all';

/** @throws PinboardError `usage` for what is no list of such words. */
export function parseCpuSet(text: string): readonly Word[] {
  return text.split(',').map((part): Word => {
    const word = part.trim().toLowerCase();
    if (word === 'all') return 'all';
    const [, kind = null, ids = ''] = /^(?:([a-z]\w{0,19}):)?(\d[\d-]*)$/.exec(word) ?? [];
    try {
      if (ids !== '' && (kind === null || Object.hasOwn(PARTS, kind))) return { kind, ids: parseCpuList(ids) };
    } catch {
      // The words below serve for both.
    }
    throw new PinboardError('usage', `"${clean(part.trim(), 40)}" names no CPUs.`, `Write ${CPU_SET_WORDS}.`);
  });
}

const usable = ({ cpus }: Topology): ReadonlySet<number> =>
  new Set(cpus.filter(({ online, allowed }) => online && allowed).map(({ id }) => id));

function partCpus(topology: Topology, kind: string, id: number): number[] {
  const { plural, of } = PARTS[kind] ?? { plural: 'such parts', of: () => [] };
  const all = of(topology);
  const has =
    all.length === 0 ? `This host shows no ${plural}.` : `It has ${plural} ${formatCpuList(all.map((one) => one.id))}.`;
  const found = all.find((one) => one.id === id);
  if (!found)
    throw new PinboardError(kind === 'node' ? 'node-absent' : 'not-found', `This host has no ${kind}:${id}.`, has);
  const cpus = parseCpuList(found.cpus).filter((cpu) => usable(topology).has(cpu));
  if (cpus.length > 0) return cpus;
  const why = found.cpus === '' ? 'has no CPUs' : 'has no CPU that this session may use';
  throw new PinboardError('cpu-absent', `${kind}:${id} ${why}.`, has);
}

/**
 * The ids that are named, each once, in the order named: the first may have a part of its own. CPUs that are named by number are taken
 * as they are, so that one that cannot be used is refused by whoever uses it; of a node, a cache, a socket or all only usable ones are.
 * @throws PinboardError `usage` for what is no list of such words, `node-absent`, `not-found`, `cpu-absent` with what there is.
 */
export function resolveCpus(topology: Topology, text: string): number[] {
  const named = parseCpuSet(text).flatMap((word): readonly number[] => {
    if (word === 'all') return [...usable(topology)].sort((a, b) => a - b);
    const { kind, ids } = word;
    return kind === null ? ids : ids.flatMap((id) => partCpus(topology, kind, id));
  });
  return [...new Set(named)];
}
