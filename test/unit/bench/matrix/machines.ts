/**
 * Machines with structure that their topology does not tell: where cores sit on a mesh or ring, dies inside a package,
 * which node really holds the line, single slow CPUs, noise with heavy tails. Made from a seed; the figures are invented,
 * their shapes are those of published matrices. Nothing here knows how pairs are chosen.
 */

import { TOPOLOGY_SCHEMA } from '../../../../src/model/topology/topology.ts';
import type { Topology } from '../../../../src/model/topology/topology.ts';

export interface HiddenMachine {
  readonly name: string;
  readonly topology: Topology;
  /** Latency in ns of two different CPUs, the same both ways. */
  readonly latency: (a: number, b: number) => number;
}

type Random = () => number;

interface Core {
  readonly package: number;
  readonly l3: number;
  readonly l2: number;
  readonly cpus: readonly number[];
  readonly kind: 'P' | 'E';
  readonly x: number;
  readonly y: number;
  readonly die: number;
}

const between = (random: Random, low: number, high: number): number => low + (high - low) * random();
const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
const whole = (random: Random, low: number, high: number): number => Math.floor(between(random, low, high + 1));
const normal = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

export const FAMILIES = ['mesh', 'ccx', 'arm', 'ring', 'hybrid', 'tiles'] as const;
export type Family = (typeof FAMILIES)[number];

interface Plan {
  readonly packages: number;
  readonly cores: number;
  readonly threads: number;
  /** Cores in an L3; 0: the whole package. */
  readonly perL3: number;
  readonly perL2: number;
  readonly perDie: number;
  readonly efficient: number;
}

function planOf(family: Family, random: Random): Plan {
  const whole1 = { perL3: 0, perL2: 1, perDie: 0, efficient: 0 };
  switch (family) {
    case 'mesh':
      return {
        ...whole1,
        packages: pick(random, [1, 2, 2, 2, 4]),
        cores: whole(random, 8, 32),
        threads: pick(random, [1, 2, 2]),
      };
    case 'ccx': {
      const perL3 = pick(random, [3, 4, 6, 8]);
      return {
        ...whole1,
        packages: pick(random, [1, 2, 2]),
        cores: perL3 * whole(random, 2, 8),
        threads: pick(random, [1, 2]),
        perL3,
      };
    }
    case 'arm':
      return {
        ...whole1,
        packages: pick(random, [1, 1, 2]),
        cores: pick(random, [16, 32, 64, 80]),
        threads: 1,
        perDie: pick(random, [2, 4, 0]),
      };
    case 'ring':
      return { ...whole1, packages: 1, cores: whole(random, 4, 12), threads: pick(random, [1, 2]) };
    case 'hybrid':
      return {
        ...whole1,
        packages: 1,
        cores: pick(random, [4, 6, 8]),
        threads: 2,
        efficient: pick(random, [4, 8, 16]),
      };
    case 'tiles': {
      const perDie = whole(random, 6, 14);
      return {
        ...whole1,
        packages: pick(random, [1, 2]),
        cores: perDie * pick(random, [2, 4]),
        threads: pick(random, [1, 2]),
        perDie,
      };
    }
  }
}

function coresOf(plan: Plan, random: Random): Core[] {
  const cores: Core[] = [];
  const width = Math.ceil(Math.sqrt(plan.cores));
  const total = plan.packages * plan.cores;
  for (let pkg = 0; pkg < plan.packages; pkg++) {
    // Which core sits where on the mesh is fused at the factory: no order in it.
    const seats = Array.from({ length: plan.cores }, (_, i) => i).sort(() => random() - 0.5);
    for (let i = 0; i < plan.cores; i++) {
      const seat = seats[i] ?? 0;
      cores.push({
        package: pkg,
        l3: plan.perL3 === 0 ? pkg : pkg * 100 + Math.floor(i / plan.perL3),
        l2: cores.length,
        cpus: Array.from({ length: plan.threads }, (_, thread) => cores.length + thread * total),
        kind: 'P',
        x: seat % width,
        y: Math.floor(seat / width),
        die: plan.perDie === 0 ? pkg : pkg * 100 + Math.floor(i / plan.perDie),
      });
    }
  }
  for (let i = 0; i < plan.efficient; i++) {
    const cpu = total * plan.threads + i;
    const die = 1000 + Math.floor(i / 4);
    cores.push({ package: 0, l3: 0, l2: die, cpus: [cpu], kind: 'E', x: width + 1, y: Math.floor(i / 4), die });
  }
  return cores;
}

const groupBy = (cores: readonly Core[], key: (core: Core) => number): [number, string][] => {
  const groups = new Map<number, number[]>();
  for (const core of cores) groups.set(key(core), [...(groups.get(key(core)) ?? []), ...core.cpus]);
  return [...groups].map(([id, cpus]) => [id, cpus.join(',')]);
};

function topologyOf(cores: readonly Core[], name: string): Topology {
  const packages = groupBy(cores, (core) => core.package).map(([id, cpus]) => ({ id, cpus, inferred: false }));
  const cache = (level: number, cpus: string) => ({
    level,
    type: 'unified' as const,
    sizeBytes: 1,
    lineBytes: 64,
    cpus,
  });
  return {
    schema: TOPOLOGY_SCHEMA,
    machine: { name, architecture: 'x86_64', kernel: '', cpuModel: null, hypervisor: null, emulated: false },
    packages,
    dies: [],
    clusters: [],
    devices: [],
    nodes: packages.map(({ id, cpus }) => ({
      id,
      cpus,
      allowed: true,
      inferred: false,
      memoryBytes: 1,
      freeBytes: 1,
      distances: Object.fromEntries(packages.map((other) => [String(other.id), other.id === id ? 10 : 21])),
      hugepages: [],
      rated: null,
      memorySideCaches: [],
    })),
    caches: [
      ...groupBy(cores, (core) => core.l3).map(([, cpus]) => cache(3, cpus)),
      ...groupBy(cores, (core) => core.l2).map(([, cpus]) => cache(2, cpus)),
    ],
    cores: cores.map((core, id) => ({ id, package: core.package, cpus: core.cpus.join(','), inferred: false })),
    cpus: cores
      .flatMap((core) => core.cpus)
      .sort((a, b) => a - b)
      .map((id) => ({ id, online: true, allowed: true, isolated: false, kind: null })),
    warnings: [],
  };
}

/** What two cores cost without noise. */
function physics(family: Family, plan: Plan, cores: readonly Core[], random: Random): (a: Core, b: Core) => number {
  const near = between(random, 20, 45);
  const far = near * between(random, 2, 4);
  const own = new Map(cores.map((core) => [core, normal(random)]));
  const ownShare = between(random, 0.01, 0.06);
  const hop =
    (near * (family === 'hybrid' ? between(random, 0.01, 0.08) : between(random, 0.05, 0.3))) / Math.sqrt(plan.cores);
  const otherL3 = near * between(random, 1.8, 5);
  const block = new Map<string, number>();
  const blockShare = between(random, 0, 0.12);
  const blockOf = (one: number, two: number): number => {
    const key = [one, two].sort((p, q) => p - q).join();
    const known = block.get(key) ?? normal(random);
    block.set(key, known);
    return known;
  };
  // The line lies on package 0: two CPUs of another package then go through it, as on published EPYCs.
  const awayFromHome = family === 'ccx' && random() < 0.5;
  const acrossDie = between(random, 1.15, 1.9);
  return (a, b) => {
    if (a === b) return (a.kind === 'P' ? 0.22 : 1) * near;
    const effects = 1 + ownShare * ((own.get(a) ?? 0) + (own.get(b) ?? 0));
    const hops = hop * (Math.abs(a.x - b.x) + Math.abs(a.y - b.y));
    if (a.package !== b.package) {
      const block = 1 + (family === 'mesh' ? 0 : blockShare * 0.4 * blockOf(a.l3, b.l3));
      return far * 1.5 * block * (1 + (effects - 1) / 2) + hop * (a.x + b.x);
    }
    if (a.kind !== b.kind) return near * 1.3 * effects + hops;
    if (a.kind === 'E') return near * (a.l2 === b.l2 ? 1.1 : 1.5) * effects;
    if (family === 'ccx' && a.l3 !== b.l3) {
      return (awayFromHome && a.package > 0 ? far * 1.5 : otherL3) * (1 + blockShare * blockOf(a.l3, b.l3)) * effects;
    }
    if (family === 'ring')
      return near * effects + hop * Math.min(Math.abs(a.x - b.x), plan.cores - Math.abs(a.x - b.x));
    if ((family === 'tiles' || family === 'arm') && a.die !== b.die) {
      return (
        near * (family === 'tiles' ? acrossDie : 1.1) * (1 + blockShare * 0.5 * blockOf(a.die, b.die)) * effects + hops
      );
    }
    return near * effects + hops;
  };
}

export function hiddenMachine(family: Family, random: Random): HiddenMachine {
  const plan = planOf(family, random);
  const cores = coresOf(plan, random);
  const cost = physics(family, plan, cores, random);
  const noise = pick(random, [0.001, 0.005, 0.01, 0.02, 0.03]);
  const tails = pick(random, [0, 0, 0.01, 0.03]);
  const slow = new Set(random() < 0.25 ? [pick(random, cores)] : []);
  const slower = between(random, 1.1, 1.6);
  const step = pick(random, [0, 0, 0.4]);
  const coreOf = new Map(cores.flatMap((core) => core.cpus.map((cpu) => [cpu, core] as const)));
  const figures = new Map<string, number>();
  const ids = [...coreOf.keys()].sort((a, b) => a - b);
  for (const a of ids) {
    for (const b of ids) {
      const [one, two] = [coreOf.get(a), coreOf.get(b)];
      if (a >= b || !one || !two) continue;
      let value = cost(one, two) * (1 + noise * normal(random));
      if (slow.has(one) || slow.has(two)) value *= slower;
      if (random() < tails) value *= between(random, 1.2, 4);
      figures.set(`${String(a)},${String(b)}`, step > 0 ? Math.max(step, Math.round(value / step) * step) : value);
    }
  }
  const { packages, cores: each, threads, efficient } = plan;
  const name = `${family} ${String(packages)}×${String(each)}×${String(threads)}${efficient > 0 ? `+${String(efficient)}E` : ''}`;
  return {
    name,
    topology: topologyOf(cores, name),
    latency: (a, b) => figures.get(`${String(Math.min(a, b))},${String(Math.max(a, b))}`) ?? NaN,
  };
}
