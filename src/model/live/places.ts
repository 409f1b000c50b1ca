/** The places that OpenMP and Slurm are asked for, as sets of CPUs. */

import { parseCpuList } from '../text/cpulist.ts';
import { indexTopology } from '../topology/relation.ts';
import type { Topology } from '../topology/topology.ts';

type Ids = ReadonlySet<number>;

/** More CPUs than any machine has come of no honest list. */
const MAX_PLACES = 8192;

function grouped(topology: Topology, keyOf: (cpu: number) => unknown): Ids[] {
  const sets = new Map<unknown, Set<number>>();
  for (const { id } of topology.cpus) {
    const key = keyOf(id);
    sets.set(key, (sets.get(key) ?? new Set()).add(id));
  }
  return [...sets.values()];
}

/** The names of OpenMP 5: what each place of such a list is. */
function abstractPlaces(topology: Topology, name: string): Ids[] | null {
  const { places } = indexTopology(topology);
  switch (name) {
    case 'threads':
      return topology.cpus.map(({ id }) => new Set([id]));
    case 'cores':
      return grouped(topology, (id) => places.get(id)?.core);
    case 'sockets':
      return grouped(topology, (id) => places.get(id)?.package);
    case 'numa_domains':
      return grouped(topology, (id) => places.get(id)?.node);
    default:
      return null;
  }
}

/** "0", "0:4", "0:4:2": a first number, how many, how far apart. */
function interval(text: string): number[] | null {
  const [first, count = 1, step = 1] = text.split(':').map(Number);
  if (![first, count, step].every(Number.isSafeInteger) || count < 1 || count > MAX_PLACES) return null;
  return Array.from({ length: count }, (_, i) => (first ?? 0) + i * step);
}

/** "{0:4},{4:4}", "{0:4}:8:4"; exclusions are not read. */
function explicitPlaces(value: string): Ids[] | null {
  const found: Ids[] = [];
  let rest = value.replaceAll(/\s/g, '');
  while (rest !== '') {
    const [all, inner = '', count = '1', step] =
      /^\{([\d,:]+)\}(?::(\d{1,5})(?::(-?\d{1,5}))?)?(?:,|$)/.exec(rest) ?? [];
    if (all === undefined || Number(count) > MAX_PLACES || found.length > MAX_PLACES) return null;
    const ids = inner.split(',').map(interval);
    if (ids.some((one) => one === null)) return null;
    const place = ids.flatMap((one) => one ?? []);
    const by = step === undefined ? place.length : Number(step);
    for (let i = 0; i < Number(count); i++) found.push(new Set(place.map((id) => id + i * by)));
    rest = rest.slice(all.length);
  }
  return found.length > 0 ? found : null;
}

/** "0-3 8,10 0-14:2": a list in which each CPU is a place. */
function affinityPlaces(value: string): Ids[] | null {
  const places: Ids[] = [];
  for (const part of value.split(/[\s,]+/).filter((one) => one !== '')) {
    const [, first, last = first, step = '1'] = /^(\d{1,5})(?:-(\d{1,5})(?::(\d{1,5}))?)?$/.exec(part) ?? [];
    if (first === undefined || Number(step) < 1) return null;
    for (let id = Number(first); id <= Number(last) && places.length <= MAX_PLACES; id += Number(step))
      places.push(new Set([id]));
  }
  return places.length > 0 ? places : null;
}

/** Null: it is not understood, and nothing is claimed of it. */
export function placesOf(topology: Topology, name: 'OMP_PLACES' | 'GOMP_CPU_AFFINITY', value: string): Ids[] | null {
  if (name === 'GOMP_CPU_AFFINITY') return affinityPlaces(value);
  const word = value.trim().toLowerCase();
  return abstractPlaces(topology, /^[a-z_]+/.exec(word)?.[0] ?? '') ?? explicitPlaces(word);
}

function maskCpus(mask: string): number[] {
  const digits = mask.replace(/^0x/i, '').replaceAll(/[^0-9a-f]/gi, '');
  return digits
    .split('')
    .reverse()
    .flatMap((digit, at) => {
      const bits = Number.parseInt(digit, 16);
      return [0, 1, 2, 3].flatMap((bit) => ((bits >> bit) & 1 ? [at * 4 + bit] : []));
    });
}

/** CPUs that Slurm's binding leaves to all tasks together; null: of another kind, or none. */
export function slurmCpus(environment: Readonly<Record<string, string>>): Ids | null {
  const text = environment['SLURM_CPU_BIND'] ?? '';
  const [, type = environment['SLURM_CPU_BIND_TYPE']?.replace(/:$/, ''), list = environment['SLURM_CPU_BIND_LIST']] =
    /(?:^|,)(mask_cpu|map_cpu):([^:]*)$/.exec(text) ?? [];
  if (list === undefined || list === '') return null;
  if (type === 'mask_cpu') return new Set(list.split(',').flatMap(maskCpus));
  if (type !== 'map_cpu') return null;
  try {
    return new Set(
      parseCpuList(list.replaceAll(/0x([0-9a-f]+)/gi, (_, hex: string) => String(Number.parseInt(hex, 16)))),
    );
  } catch {
    return null;
  }
}
