/** What `numactl --hardware` prints: nodes, their CPUs and memory, and the distances between them. */

import { MAX_ID } from '../../text/cpulist.ts';
import { PinboardError } from '../../problem.ts';
import type { NumaNode, Topology } from '../../topology/topology.ts';
import { emptyNode, topologyOfRows } from './rows.ts';

const MIB = 2 ** 20;
const MAX_NODES = 1024;

export const looksLikeNumactl = (text: string): boolean =>
  /^available: \d+ nodes? \(/m.test(text) && /^node \d+ (?:cpus|size):/m.test(text);

const numbers = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);

/** Rows by node; empty where the table is not whole. */
function distancesOf(text: string): ReadonlyMap<number, Readonly<Record<string, number>>> {
  const lines = text.split('\n');
  const head = lines.findIndex((line) => /^node\s+\d[\d ]*$/.test(line));
  const ids = numbers(lines[head] ?? '').slice(0, MAX_NODES);
  const rows = lines.slice(head + 1, head + 1 + ids.length).flatMap((line) => {
    const [from, ...values] = numbers(line);
    if (from === undefined || values.length !== ids.length) return [];
    return [[from, Object.fromEntries(ids.map((id, i) => [String(id), values[i] ?? 0]))] as const];
  });
  return new Map(head !== -1 && rows.length === ids.length ? rows : []);
}

/** Packages, cores and caches are unknown to numactl. @throws PinboardError `bad-file`. */
export function readNumactl(given: string, name: string): Topology {
  const text = given.replaceAll('\r', '');
  const distances = distancesOf(text);
  const nodes = new Map<number, NumaNode & { own: number[] }>();
  for (const [, id, what, value = ''] of text.matchAll(/^node (\d{1,5}) (cpus|size|free):(.*)$/gm)) {
    const node = nodes.get(Number(id)) ?? { ...emptyNode(Number(id), ''), own: [] };
    if (nodes.size > MAX_NODES)
      throw new PinboardError('bad-file', `More than ${MAX_NODES} nodes: no kernel has so many.`);
    const size = /^\s*(\d{1,9}) MB\s*$/.exec(value)?.[1];
    const bytes = size === undefined ? null : Number(size) * MIB;
    if (what === 'cpus') node.own.push(...numbers(value).filter((cpu) => cpu <= MAX_ID));
    nodes.set(Number(id), {
      ...node,
      ...(what === 'size' ? { memoryBytes: bytes } : what === 'free' ? { freeBytes: bytes } : {}),
    });
  }
  const cpus = [...nodes.values()].flatMap(({ id, own }) =>
    own.map((cpu) => ({
      id: cpu,
      online: true,
      core: null,
      socket: null,
      node: id,
      caches: new Map<string, number>(),
    })),
  );
  const topology = topologyOfRows(cpus, name, 'numactl');
  const withCpus = new Map(topology.nodes.map((node) => [node.id, node.cpus]));
  const known = [...nodes.keys()].every((id) => distances.has(id)) && distances.size === nodes.size;
  return {
    ...topology,
    nodes: [...nodes.values()]
      .sort((a, b) => a.id - b.id)
      .map(({ id, memoryBytes, freeBytes }) => ({
        ...emptyNode(id, withCpus.get(id) ?? ''),
        memoryBytes,
        freeBytes,
        distances: known ? (distances.get(id) ?? {}) : {},
      })),
  };
}
