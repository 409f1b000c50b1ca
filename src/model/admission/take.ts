/**
 * Which CPUs the static CPU manager takes out of the free ones: whole parts of the machine first, out of the fullest ones, so that
 * large parts stay whole. The order of steps is that of Kubernetes 1.34 (`pkg/kubelet/cm/cpumanager/cpu_assignment.go`).
 */

import type { CpuPlaces, Level } from './machine.ts';
import { partsAt } from './machine.ts';

export interface TakeOptions {
  /** `distribute-cpus-across-cores`: single threads, over the cores of a socket. */
  readonly acrossCores: boolean;
  /** `prefer-align-cpus-by-uncorecache`. */
  readonly byCache: boolean;
}

/** What is taken so far, and out of what. */
interface Taking {
  readonly places: CpuPlaces;
  readonly free: Set<number>;
  readonly taken: number[];
  needed: number;
}

/** Null: there are not so many free CPUs. */
export function takePacked(
  places: CpuPlaces,
  free: Iterable<number>,
  count: number,
  { acrossCores, byCache }: TakeOptions,
): number[] | null {
  const taking: Taking = { places, free: new Set(free), taken: [], needed: count };
  if (count > taking.free.size) return null;
  const nodesFirst = places.sockets >= places.nodes.length;
  for (const level of nodesFirst ? (['node', 'socket'] as const) : (['socket', 'node'] as const))
    takeWhole(taking, level);
  if (byCache) takeCaches(taking);
  if (!acrossCores) takeWhole(taking, 'core');
  takeEach(taking, acrossCores ? bySocket(taking) : byCore(taking));
  return taking.taken.sort((a, b) => a - b);
}

function take(taking: Taking, cpus: readonly number[]): void {
  for (const cpu of cpus) {
    taking.free.delete(cpu);
    taking.taken.push(cpu);
  }
  taking.needed -= cpus.length;
}

/** Parts with free CPUs, those with the fewest first, inside the parts around them in the same order. */
function inOrder({ places, free }: Taking, level: Level): number[][] {
  const nodesFirst = places.sockets >= places.nodes.length;
  const around: readonly Level[] = nodesFirst ? ['node', 'socket'] : ['socket', 'node'];
  const levels = around.includes(level)
    ? around.slice(0, around.indexOf(level) + 1)
    : // A cache is looked for inside its node.
      [...(level === 'cache' && nodesFirst ? around.slice(0, 1) : around), level];
  return levels.reduce<number[][]>(
    (outer, one) => outer.flatMap((cpus) => fewestFirst(places, one, cpus, free)),
    [[...free]],
  );
}

/** Of the parts that `within` touches, all free CPUs of each, whether they are in `within` or not. */
function fewestFirst(
  places: CpuPlaces,
  level: Level,
  within: readonly number[],
  free: ReadonlySet<number>,
): number[][] {
  const touched = partsAt(places, level, within);
  const whole = partsAt(places, level, free);
  return [...touched.keys()]
    .map((part) => [part, whole.get(part) ?? []] as const)
    .sort(([a, one], [b, two]) => one.length - two.length || a - b)
    .map(([, cpus]) => cpus);
}

const isWhole = ({ places }: Taking, level: Level, cpus: readonly number[]): boolean => {
  const part = places.of.get(cpus[0] ?? -1)?.[level];
  return [...places.of.values()].filter((place) => place[level] === part).length === cpus.length;
};

function takeWhole(taking: Taking, level: Level): void {
  for (const cpus of inOrder(taking, level))
    if (isWhole(taking, level, cpus) && taking.needed >= cpus.length && cpus.every((cpu) => taking.free.has(cpu)))
      take(taking, cpus);
}

/** Whole caches, then all that is left out of one cache, where one has it in whole cores. */
function takeCaches(taking: Taking): void {
  takeWhole(taking, 'cache');
  for (const cpus of inOrder(taking, 'cache')) {
    if (taking.needed < 1) return;
    const cores = [...partsAt(taking.places, 'core', cpus).entries()].sort(([a], [b]) => a - b);
    const { threads } = taking.places;
    const fitting = cores
      .slice(0, Math.ceil(taking.needed / threads))
      .flatMap(([, own]) => own)
      .sort((a, b) => a - b);
    const odd = taking.needed % 2 !== 0 && threads > 1 && fitting.length > taking.needed;
    const wanted = odd ? fitting.slice(0, -1) : fitting;
    if (wanted.length === taking.needed) take(taking, wanted);
  }
}

const byCore = (taking: Taking): number[] => inOrder(taking, 'core').flat();
const bySocket = (taking: Taking): number[] => inOrder(taking, 'socket').flat();

function takeEach(taking: Taking, cpus: readonly number[]): void {
  for (const cpu of cpus) {
    if (taking.needed < 1) return;
    if (taking.free.has(cpu)) take(taking, [cpu]);
  }
}
