// Owns any plan that could be read: every key, names of all letters, sizes to the byte.
import fc from 'fast-check';
import { BLOCK_KINDS, FLOW_BOUNDS, FLOW_RATES, MEMORY_POLICIES, PLAN_SCHEMA } from '../../../src/model/plan/plan.ts';
import type { Block, Plan } from '../../../src/model/plan/plan.ts';
import { UNSAFE } from '../../../src/model/text/clean.ts';
import { formatCpuList } from '../../../src/model/text/cpulist.ts';

const hidden = new RegExp(UNSAFE.source, 'u');
/** Those that mean something else in YAML among them. */
const name = fc.oneof(
  fc.constantFrom(
    'null',
    'true',
    '1e3',
    '0x10',
    '- a',
    '# no',
    'a: b',
    '{a}',
    "it's",
    '"',
    '&a',
    '*a',
    '!a',
    '<<',
    '~',
    '…',
    '__proto__',
    'constructor',
  ),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .filter((text) => !hidden.test(text) && text.trim() === text && !text.includes('\uFFFD')),
);
const size = fc.oneof(
  fc.maxSafeNat(),
  fc.nat(2 ** 23).map((mib) => mib * 2 ** 20),
  fc.nat(4096).map((gib) => gib * 2 ** 30),
);
const ids = fc.uniqueArray(fc.nat(300), { minLength: 1, maxLength: 8 }).map((all) => all.toSorted((a, b) => a - b));
const cpus = ids.map((all) => formatCpuList(all));
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 2 });
const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(value, { maxLength: 3 });
const count = fc.integer({ min: 1, max: 64 });

const host = fc.record({
  said: fc.tuple(fc.constantFrom('topology', 'synthetic', 'ssh'), fc.string({ minLength: 1, maxLength: 30 })),
  distances: maybe(
    fc.integer({ min: 1, max: 4 }).chain((nodes) => {
      const row = fc.array(fc.integer({ min: 1, max: 255 }), { minLength: nodes, maxLength: nodes });
      return fc.array(row, { minLength: nodes, maxLength: nodes });
    }),
  ),
});

const block = (names: readonly string[], stores: readonly string[], at: number): fc.Arbitrary<Block> =>
  fc
    .record<Block>({
      name: fc.constant(names[at] ?? ''),
      kind: fc.constantFrom(...BLOCK_KINDS),
      runsAs: maybe(name),
      nodes: maybe(ids),
      cores: maybe(count),
      threads: maybe(count),
      cpus: maybe(cpus),
      memoryBytes: maybe(size),
      memoryNodes: maybe(ids),
      memoryPolicy: fc.constantFrom(...MEMORY_POLICIES),
      hugepages: maybe(
        fc.record({ sizeBytes: fc.integer({ min: 12, max: 34 }).map((bits) => 2 ** bits), memoryBytes: size }),
      ),
      l3: maybe(fc.oneof(size, fc.constant('own' as const))),
      guest: maybe(fc.record({ sockets: count, cores: count, threads: count, nodes: count })),
      emulatorCpus: maybe(cpus),
      iothreads: maybe(fc.nat(1000)),
      iothreadCpus: maybe(cpus),
      serves: fc.subarray([...names]),
      devices: some(fc.record({ name, node: maybe(fc.nat(7)) })),
      storage: stores.length === 0 ? fc.constant([]) : some(fc.record({ on: fc.constantFrom(...stores), bytes: size })),
      taints: some(fc.constantFrom('a=b:NoSchedule', 'x.io/y:NoExecute', 'k=:PreferNoSchedule')),
    })
    .filter(({ cores, threads, cpus: exact }) => cores !== null || threads !== null || exact !== null);

const named = fc.uniqueArray(name, { maxLength: 4 });

export const anyPlan: fc.Arbitrary<Plan> = fc
  .record({ names: named, stores: named, phases: named, kept: fc.uniqueArray(fc.nat(7), { maxLength: 3 }) })
  .chain(({ names, stores, phases, kept }) =>
    fc.record<Plan>({
      schema: fc.constant(PLAN_SCHEMA),
      host: maybe(
        host.map(({ said: [key, text], distances }) => ({
          ...{ topology: null, synthetic: null, ssh: null, distances },
          [key]: text,
        })),
      ),
      reserve: fc.tuple(
        ...kept.map((node) => fc.record({ node: fc.constant(node), cores: fc.nat(8), memoryBytes: size })),
      ),
      blocks: fc.tuple(...names.map((_, at) => block(names, stores, at))),
      storage: fc.tuple(
        ...stores.map((store) =>
          fc.record({
            name: fc.constant(store),
            bytes: size,
            uses: fc.dictionary(name, size, { maxKeys: 3, noNullPrototype: true }),
          }),
        ),
      ),
      flows:
        names.length === 0
          ? fc.constant([])
          : some(
              fc.record({
                from: fc.constantFrom(...names),
                to: fc.constantFrom(...names),
                bytes: fc.tuple(size, size).map(([a, b]): [number, number] => (a < b ? [a, b] : [b, a])),
                per: fc.constantFrom(...FLOW_RATES),
                bound: fc.constantFrom(...FLOW_BOUNDS),
                phase: phases.length === 0 ? maybe(name) : maybe(fc.constantFrom(...phases)),
              }),
            ),
      phases: fc.tuple(...phases.map((phase) => fc.record({ name: fc.constant(phase), asynchronous: fc.boolean() }))),
    }),
  )
  // Its records have no prototype, and what was read has one.
  .map((plan) => structuredClone(plan));
