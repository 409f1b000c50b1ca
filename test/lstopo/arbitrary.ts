/** Any machine of paper: plain ones first, so that what shrinks ends at the plainest that still differs. */

import fc from 'fast-check';
import { PROCESSORS } from './cpuinfo.ts';
import { LEVELS } from './paper.ts';
import type { PaperCache, PaperMachine } from './paper.ts';

const few = fc.array(fc.nat(63), { maxLength: 5 });
const mostly = <T>(plain: T, ...others: T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(plain) }, { weight: 2, arbitrary: fc.constantFrom(plain, ...others) });

const cache: fc.Arbitrary<PaperCache> = fc.record({
  level: fc.integer({ min: 1, max: 4 }),
  type: fc.constantFrom('Data', 'Instruction', 'Unified'),
  per: fc.constantFrom(...[...LEVELS].reverse()),
  kib: mostly<number | null>(512, 32, 0, null),
  mute: fc.boolean().map((x) => x),
});

/** As hardware has them: a type a level, wider sharing further out. */
const caches: fc.Arbitrary<readonly PaperCache[]> = fc.array(cache, { maxLength: 5 }).map((some) => {
  const width = (one: PaperCache): number => LEVELS.indexOf(one.per);
  const levels = some.map(({ level }) => level).sort((a, b) => a - b);
  const byWidth = [...some].sort((a, b) => width(b) - width(a));
  const seen = new Set<string>();
  return byWidth
    .map((one, i) => ({ ...one, level: levels[i] ?? 1, mute: one.mute && i === 4 }))
    .map((one) => (one.level > 2 ? { ...one, type: 'Unified' as const } : one))
    .filter(({ level, type }) => {
      const clash = type === 'Instruction' ? [`${level} Instruction`] : [`${level} Data`, `${level} Unified`];
      if (clash.some((key) => seen.has(key))) return false;
      seen.add(`${level} ${type}`);
      return true;
    });
});

const count = (max: number): fc.Arbitrary<number> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(1) }, { weight: 2, arbitrary: fc.integer({ min: 1, max }) });

const lie = fc.record({
  what: fc.constantFrom('core', 'package', 'die', 'cluster', 'cache', 'node'),
  at: fc.nat(63),
  claims: fc.array(fc.nat(63), { maxLength: 6 }),
});

const shape = {
  processor: mostly<PaperMachine['processor']>('x86', ...PROCESSORS),
  drawers: count(2),
  books: count(2),
  packages: count(3),
  dies: count(3),
  clusters: count(3),
  cores: fc.integer({ min: 1, max: 3 }),
  threads: fc.oneof(fc.constant(1), fc.constantFrom(1, 2, 4, 8)),
  numbering: mostly<PaperMachine['numbering']>('compact', 'threads last', 'packages first', 'shuffled'),
  seed: fc.nat(1000),
  stride: mostly(1, 2, 8),
  offline: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: few }),
  offlineShown: fc.boolean(),
  noOnlineList: mostly(false, true),
  oldNames: mostly(false, true),
  packageIds: mostly<PaperMachine['packageIds']>('plain', 'same', 'sparse', 'minus one', 'none'),
  coreIds: mostly<PaperMachine['coreIds']>('plain', 'machine-wide', 'none', 'each thread', 'minus one'),
  caches,
  nodePer: mostly<PaperMachine['nodePer']>(
    'package',
    'machine',
    'book',
    'die',
    'cluster',
    'half package',
    'core',
    'none',
  ),
  nodeStride: mostly(1, 2, 8),
  nodeShuffle: mostly(false, true),
  cpulessNodes: mostly(0, 1, 3),
  memless: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: few }),
  distances: mostly<PaperMachine['distances']>('plain', 'asymmetric', 'missing', 'short', 'zero', 'all equal'),
  hugepages: fc.boolean(),
  rated: mostly<PaperMachine['rated']>('none', 'access0', 'both'),
  memorySideCache: mostly(false, true),
  gpuMemory: mostly(false, true),
  kinds: mostly<PaperMachine['kinds']>('none', 'pmu', 'capacity', 'base frequency'),
  cgroup: mostly<PaperMachine['cgroup']>('none', 'v1', 'v1 noprefix', 'v2', 'hybrid'),
  forbiddenCpus: few,
  forbiddenNodes: few,
  group: fc.constantFrom<PaperMachine['group']>('/', '/job', '/job/inner'),
};

/** Machines that do not contradict themselves. */
export const honestMachine: fc.Arbitrary<PaperMachine> = fc.record({ ...shape, lies: fc.constant([]) });

/** Machines on which a file or three says what cannot be. */
export const lyingMachine: fc.Arbitrary<PaperMachine> = fc.record({
  ...shape,
  lies: fc.array(lie, { minLength: 1, maxLength: 3 }),
});
