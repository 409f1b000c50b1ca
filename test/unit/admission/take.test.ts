// What the static CPU manager takes, held against figures that Kubernetes publishes with its source
// (pkg/kubelet/cm/cpumanager/cpu_assignment_test.go): machine, free CPUs, CPUs wanted, CPUs given.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { takeDistributed } from '../../../src/model/admission/distribute.ts';
import { placesOf } from '../../../src/model/admission/machine.ts';
import type { CpuPlaces, Place } from '../../../src/model/admission/machine.ts';
import { takePacked } from '../../../src/model/admission/take.ts';
import { formatCpuList, parseCpuList } from '../../../src/model/text/cpulist.ts';

/** @param place of a core by its number; its threads are numbered one round after the other. */
const machine = (cores: number, threads: number, place: (core: number) => Omit<Place, 'core'>): CpuPlaces =>
  placesOf(
    Array.from({ length: cores * threads }, (_, cpu) => [cpu, { core: cpu % cores, ...place(cpu % cores) }] as const),
  );
const blocks = (core: number, node: number, socket: number, cache = socket): Omit<Place, 'core'> => ({
  node: Math.floor(core / node),
  socket: Math.floor(core / socket),
  cache: Math.floor(core / cache) * cache,
});

const ONE = machine(4, 2, (core) => blocks(core, 4, 4));
/** Even cores on socket 0, odd ones on socket 1; the kubelet's own tests give both the same cache. */
const TWO = machine(6, 2, (core) => ({ node: core % 2, socket: core % 2, cache: 0 }));
const TWO_SINGLE = machine(8, 1, (core) => blocks(core, 4, 4));
const FOUR_NODES = machine(40, 2, (core) => blocks(core, 10, 20));
const LARGE = machine(128, 2, (core) => blocks(core, 16, 64));
const CACHES = machine(16, 1, (core) => blocks(core, 16, 16, 4));
const CACHES_SMT = machine(8, 2, (core) => blocks(core, 8, 8, 4));
const CACHES_TWO = machine(16, 1, (core) => blocks(core, 8, 8, 4));
const CACHES_NODES = machine(16, 1, (core) => blocks(core, 8, 16, 4));

type Row = readonly [machine: CpuPlaces, free: string, count: number, given: string | null];

/** The same packed and distributed. */
const BOTH: readonly Row[] = [
  [ONE, '0,2,4,6', 5, null],
  [ONE, '0-7', 0, ''],
  [ONE, '0-7', 1, '0'],
  [ONE, '1,3,5-7', 1, '6'],
  [ONE, '0-7', 2, '0,4'],
  [ONE, '0-7', 8, '0-7'],
  [ONE, '0-3,6', 2, '2,6'],
  [TWO, '0-11', 6, '0,2,4,6,8,10'],
  [FOUR_NODES, '0-79', 40, '0-19,40-59'],
  [FOUR_NODES, '0-79', 20, '0-9,40-49'],
  [FOUR_NODES, '10-39,50-79', 20, '10-19,50-59'],
  [FOUR_NODES, '0-79', 60, '0-29,40-69'],
  [FOUR_NODES, '1-39,41-79', 60, '10-39,50-79'],
];

const PACKED: readonly Row[] = [
  ...BOTH,
  [TWO, '1-5,7-11', 1, '2'],
  [TWO, '0-11', 8, '0-2,4,6-8,10'],
  [FOUR_NODES, '0-79', 64, '0-31,40-71'],
];

const BY_CACHE: readonly Row[] = [
  [CACHES, '1-15', 10, '1-2,4-11'],
  [TWO, '1-5,7-11', 1, '1'],
  [CACHES_TWO, '0-15', 4, '0-3'],
  [CACHES_TWO, '2-15', 6, '2-7'],
  [CACHES_TWO, '8-15', 4, '8-11'],
  [CACHES_NODES, '3,4-8,12', 2, '4-5'],
  [CACHES_SMT, '2-3,10-11,4-7,12-15', 6, '4-6,12-14'],
  [CACHES_SMT, '1-7,9-15', 10, '1,4-7,9,12-15'],
];

const ACROSS_CORES: readonly Row[] = [
  [ONE, '0-7', 3, '0-2'],
  [TWO, '0-11', 2, '0,2'],
  [TWO, '0-11', 3, '0,2,4'],
  [TWO, '0-11', 6, '0,2,4,6,8,10'],
  [TWO, '0-11', 8, '0-4,6,8,10'],
  [TWO_SINGLE, '0-7', 2, '0-1'],
  [FOUR_NODES, '0-79', 8, '0-7'],
];

const DISTRIBUTED: readonly (readonly [...Row, group: number])[] = [
  ...BOTH.map((row) => [...row, 1] as const),
  [TWO, '0-11', 8, '0-3,6-9', 1],
  [FOUR_NODES, '0-79', 64, '0-7,10-17,20-27,30-37,40-47,50-57,60-67,70-77', 1],
  [FOUR_NODES, '0-79', 48, '0-7,10-17,20-27,40-47,50-57,60-67', 1],
  [FOUR_NODES, '1-29,32-39,41-69,72-79', 48, '1-8,10-17,20-27,41-48,50-57,60-67', 1],
  [FOUR_NODES, '2-29,31-39,42-69,71-79', 48, '10-17,20-27,31-38,50-57,60-67,71-78', 1],
  [FOUR_NODES, '0-2,10-12,20-22,30-32,40-41,50-51,60-61,70-71', 16, '0-1,10-11,20-21,30-31,40-41,50-51,60-61,70-71', 1],
  [TWO, '1-5,7-11', 1, '1', 1],
  [TWO, '1-5,7-11', 1, '2', 2],
  [FOUR_NODES, '0-79', 26, '0-6,10-16,40-45,50-55', 1],
  [FOUR_NODES, '0-79', 26, '0-6,10-15,40-46,50-55', 2],
  [FOUR_NODES, '0-79', 62, '0-7,10-17,20-27,30-37,40-47,50-57,60-66,70-76', 1],
  [FOUR_NODES, '0-79', 62, '0-7,10-17,20-27,30-36,40-47,50-57,60-67,70-76', 2],
  [FOUR_NODES, '0-8,10-18,20-39,40-48,50-58,60-79', 62, '0-7,10-17,20-27,30-37,40-46,50-56,60-67,70-77', 1],
  [FOUR_NODES, '0-8,10-18,20-39,40-48,50-58,60-79', 62, '0-7,10-16,20-27,30-37,40-47,50-56,60-67,70-77', 2],
  [FOUR_NODES, '0-3,10-13,20-23,30-36,40-43,50-53,60-63,70-76', 34, '0-3,10-13,20-23,30-34,40-43,50-53,60-63,70-74', 1],
  [
    LARGE,
    '0,128,30,31,158,159,43-47,171-175,62,63,190,191,75-79,203-207,94,96,222,223,101-111,229-239,126,127,254,255',
    28,
    '43-47,75-79,96,101-105,171-174,203-206,229-232',
    1,
  ],
];

const same = (given: readonly number[] | null, expected: string | null, words: string): void =>
  assert.equal(given && formatCpuList(given), expected === null ? null : formatCpuList(parseCpuList(expected)), words);

const NONE = { acrossCores: false, byCache: false };

test('packed, by caches and across cores, the CPUs are those that Kubernetes publishes', () => {
  for (const [rows, options] of [
    [PACKED, NONE],
    [BY_CACHE, { ...NONE, byCache: true }],
    [ACROSS_CORES, { ...NONE, acrossCores: true }],
  ] as const)
    for (const [places, free, count, given] of rows)
      same(takePacked(places, parseCpuList(free), count, options), given, `${String(count)} of ${free}`);
});

test('distributed over nodes, the CPUs are those that Kubernetes publishes', () => {
  for (const [places, free, count, given, group] of DISTRIBUTED)
    same(
      takeDistributed(places, parseCpuList(free), count, { ...NONE, group }),
      given,
      `${String(count)} of ${free} by ${String(group)}`,
    );
});

test('whatever is free, exactly what was asked for is taken out of it, or nothing where it is not there', () => {
  const machines = [ONE, TWO, FOUR_NODES, CACHES_SMT, CACHES_NODES];
  fc.assert(
    fc.property(
      fc.constantFrom(...machines),
      fc.infiniteStream(fc.boolean()),
      fc.nat(90),
      fc.record({ acrossCores: fc.boolean(), byCache: fc.boolean() }),
      fc.constantFrom(0, 1, 2),
      (places, isFree, count, options, group) => {
        const free = [...places.of.keys()].filter(() => isFree.next().value);
        const taken =
          group === 0
            ? takePacked(places, free, count, options)
            : takeDistributed(places, free, count, { ...options, group });
        if (count > free.length) return taken === null;
        return taken?.length === count && taken.every((cpu) => free.includes(cpu)) && new Set(taken).size === count;
      },
    ),
    { numRuns: 300 },
  );
});
