/** Cases of a memory run, the page sizes of a host, and the command line that measures the same again. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { MEASURED_MEMORY } from '../../../../src/model/bench/memory/measured.ts';
import { basePages, pageKinds, pagesRefusal } from '../../../../src/model/bench/memory/pages-here.ts';
import { cachesAbove, curveSizes, LOAD_PAUSES_NS, memoryCases } from '../../../../src/model/bench/memory/lists.ts';
import type { MemoryWish } from '../../../../src/model/bench/memory/lists.ts';
import { pageBytesOf, pageKindOf, parsePageKind } from '../../../../src/model/cases/pages.ts';
import { PinboardError } from '../../../../src/model/problem.ts';
import type { Topology } from '../../../../src/model/topology/topology.ts';
import { twoSockets } from '../../topologies.ts';

const MB = 1024 ** 2;
const wish: MemoryWish = {
  ...{ whats: ['latency', 'bandwidth'], cpus: [4, 0, 5], threads: null, policies: ['bind'], nodes: [0, 1] },
  ...{ pages: ['4k'], sizes: [64 * MB], kernels: ['triad'] },
};
const repeat = (some: MemoryWish): string =>
  MEASURED_MEMORY.repeatWords(memoryCases(some), null, { rounds: 7, durationMs: 1000 }).join(' ');

function arm(...pools: number[]): Topology {
  const topology = twoSockets();
  const hugepages = pools.map((sizeBytes) => ({ sizeBytes, total: 0, free: 0 }));
  return {
    ...topology,
    machine: { ...topology.machine, architecture: 'aarch64' },
    nodes: topology.nodes.map((node) => ({ ...node, hugepages })),
  };
}

test('each CPU alone to each node, or the first so many at once', () => {
  const alone = memoryCases(wish);
  assert.equal(alone.length, 2 * 3 * 2);
  assert.ok(alone.every(({ cpu, node }) => cpu !== undefined && node !== undefined));
  const together = memoryCases({ ...wish, threads: [1, 3] });
  assert.deepEqual(
    together.map(({ what, cpus, nodes }) => [what, cpus, nodes]),
    [
      ['latency', [4], [0]],
      ['latency', [4], [1]],
      ['bandwidth', [4], [0]],
      ['bandwidth', [4, 0, 5], [0]],
      ['bandwidth', [4], [1]],
      ['bandwidth', [4, 0, 5], [1]],
    ],
  );
  assert.ok(together.every(({ cpus, cpu }) => (cpus.length === 1) === (cpu !== undefined)));
});

test('interleaved memory is one case over all nodes, local memory names none', () => {
  const dealt = memoryCases({
    ...wish,
    whats: ['bandwidth'],
    threads: [3],
    policies: ['weighted-interleave', 'local'],
  });
  assert.deepEqual(
    dealt.map(({ policy, nodes }) => [policy, nodes]),
    [
      ['weighted-interleave', [0, 1]],
      ['local', []],
    ],
  );
  assert.throws(() => memoryCases({ ...wish, nodes: [] }), /--node/);
  assert.equal(memoryCases({ ...wish, nodes: [], policies: ['local'] }).length, 6);
});

test('loaded latency begins without a load and ends with all of it', () => {
  const loaded = memoryCases({ ...wish, whats: ['loaded-latency'], nodes: [1] });
  assert.equal(loaded.length, 1 + LOAD_PAUSES_NS.length);
  assert.deepEqual([loaded[0]?.what, loaded[0]?.cpus], ['latency', [4]]);
  assert.deepEqual([loaded.at(-1)?.cpus, loaded.at(-1)?.pauseNs], [[4, 0, 5], 0]);
  assert.throws(() => memoryCases({ ...wish, whats: ['loaded-latency'], cpus: [4] }), /two CPUs/);
});

test('lists that make no run are refused', () => {
  assert.throws(() => memoryCases({ ...wish, threads: [4] }), PinboardError);
  assert.throws(() => memoryCases({ ...wish, threads: [0] }), PinboardError);
  assert.throws(() => memoryCases({ ...wish, cpus: Array.from({ length: 2000 }, (_, cpu) => cpu) }), /8000 cases/);
});

test('the command line that measures it again names the same lists', () => {
  const common = '--pages 4k --size 67108864 --what';
  const timing = '--duration 1000ms --repeat 7';
  assert.equal(repeat(wish), `bench memory --cpu 4,0,5 --node 0,1 ${common} latency,bandwidth ${timing}`);
  assert.equal(
    repeat({
      ...wish,
      whats: ['bandwidth'],
      threads: [1, 3],
      kernels: ['read', 'copy-nt'],
      policies: ['local'],
      nodes: [],
    }),
    `bench memory --cpu 4,0,5 --together --threads 1,3 --memory local ${common} bandwidth --kernel read,copy-nt ${timing}`,
  );
  assert.equal(
    repeat({ ...wish, whats: ['loaded-latency'], nodes: [0] }),
    `bench memory --cpu 4,0,5 --node 0 ${common} loaded-latency ${timing}`,
  );
});

test('a curve goes from the first cache to four times the last', () => {
  const topology = twoSockets();
  assert.deepEqual(
    cachesAbove(topology, 0).map(({ level }) => level),
    [1, 2, 3],
  );
  const sizes = curveSizes(topology, 0);
  assert.equal(sizes[0], 16 * 1024);
  assert.equal(sizes.at(-1), 128 * MB);
  assert.ok(sizes.every((size, at) => at === 0 || size > (sizes[at - 1] ?? 0)));
});

test('page sizes go by any name the kernel has, and only by that', () => {
  for (const [text, bytes] of [
    ['4k', 4096],
    ['64k', 65_536],
    ['32m', 32 * MB],
    ['512m', 512 * MB],
    ['16g', 16 * 1024 * MB],
  ] as const) {
    const pages = parsePageKind(text) ?? assert.fail(text);
    assert.equal(pageBytesOf(pages), bytes);
    assert.equal(pageKindOf(bytes), text);
  }
  assert.equal(parsePageKind('thp'), 'thp');
  for (const text of ['', '4', '4kb', '0k', '3k', '1024k', '4K', '99999999g', 'huge'])
    assert.equal(parsePageKind(text), null, text);
});

test('a host has its own page size, transparent huge pages and its pools', () => {
  assert.deepEqual(pageKinds(twoSockets()), ['4k', 'thp', '2m', '1g']);
  assert.equal(basePages(arm(64 * 1024, 2 * MB, 32 * MB, 1024 * MB)), '4k');
  assert.equal(basePages(arm(2 * MB, 32 * MB, 1024 * MB)), '16k');
  assert.deepEqual(pageKinds(arm(512 * MB, 2 * MB)), ['64k', 'thp', '2m', '512m']);
  assert.deepEqual(pagesRefusal(twoSockets(), '64k'), {
    code: 'unsupported',
    message: 'This host has no pages of 64k.',
    hint: 'Ask for one of those it has: 4k, thp, 2m, 1g.',
  });
  assert.equal(pagesRefusal(twoSockets(), '1g'), null);
});
