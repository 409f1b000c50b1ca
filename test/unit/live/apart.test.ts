// Threads held against pages: what is said, and what is offered, only as far as it was seen.
import assert from 'node:assert/strict';
import test from 'node:test';
import { apart, namesOf, originWords } from '../../../src/model/live/apart.ts';
import type { GroupSample, SampledPages } from '../../../src/model/live/group.ts';
import { followedGroup, NOTHING_HELD } from '../../../src/model/live/live-group.ts';
import type { FollowedGroup } from '../../../src/model/live/live-group.ts';
import { withBusy } from '../../../src/model/live/thread-rates.ts';
import type { ProcessSample, Sample, ThreadSample } from '../../../src/model/live/sample.ts';
import { parseSelection } from '../../../src/model/live/selection.ts';
import type { Reading } from '../../../src/model/run/run.ts';
import { twoSockets } from '../topologies.ts';

const TOPOLOGY = twoSockets();
const [NEAR, FAR] = [0, 4]; // a CPU of node 0, and one of node 1
const UNIT = parseSelection('unit:db.service')!;

const pagesOf = (nodes: Record<string, number>, margin = 0.01): SampledPages => {
  const residentBytes = Object.values(nodes).reduce((sum, bytes) => sum + bytes, 0);
  const margins = Object.fromEntries(Object.keys(nodes).map((node) => [node, residentBytes * margin]));
  return { nodes, margins, residentBytes, asked: 13_000, found: 10_000, all: margin === 0, processes: 1, unread: 0 };
};
const threadOf = (tid: number, cpu: number, busy: number, more: Partial<ThreadSample> = {}): ThreadSample => ({
  ...{ tid, name: 'worker', cpu, migrations: 0, start: tid, allowed: '0-15', cpuSeconds: 1, busy, ...more },
});

function groupOf(threads: readonly ThreadSample[], pages: Reading<SampledPages>): FollowedGroup {
  const process: ProcessSample = { pid: 7, name: 'db', start: 1, residentBytes: {}, threads };
  const group: GroupSample = {
    ...{ selection: 'unit:db.service', count: 1, pids: [7], threads: threads.length, pages, pagesAgeMs: 0 },
    memory: { unavailable: 'none' },
  };
  const found = followedGroup(
    { intervalMs: 1000, processes: [process], groups: [group] } as unknown as Sample,
    UNIT,
    TOPOLOGY,
    NOTHING_HELD,
  );
  assert.ok(found);
  return found;
}
const said = (threads: readonly ThreadSample[], pages: Reading<SampledPages>): [string, string[]] => {
  const { sentence, fixes } = apart(TOPOLOGY, groupOf(threads, pages));
  return [sentence, fixes.flatMap(({ commands }) => commands)];
};

test('threads on one node with most pages on another are said to be so, with both ways out', () => {
  const [sentence, commands] = said([threadOf(1, NEAR, 0.9), threadOf(2, NEAR, 0.8)], pagesOf({ 0: 37, 1: 63 }));
  assert.equal(sentence, 'Threads on node 0, 63 % (± 1 %) of pages on node 1.');
  assert.deepEqual(commands[0], 'migratepages 7 1 0');
  assert.match(commands[1] ?? '', /^taskset -acp 4-7,12-15 7$/);
});

test('what the margin leaves in doubt is told, and nothing is offered for it', () => {
  const threads = [threadOf(1, NEAR, 0.9)];
  assert.deepEqual(said(threads, pagesOf({ 0: 88, 1: 12 }, 0.05)), [
    'Threads on node 0, 88 % (± 5 %) of pages on node 0.',
    [],
  ]);
  assert.equal(said(threads, pagesOf({ 0: 88, 1: 12 }, 0.01))[1].length, 1);
  assert.deepEqual(said(threads, pagesOf({ 0: 100 }, 0)), ['Threads and all pages on node 0.', []]);
});

test('who is only passing through counts for nothing; of the idle where they ran last counts', () => {
  const passing = [threadOf(1, NEAR, 0.95), threadOf(2, FAR, 0.02)];
  assert.match(said(passing, pagesOf({ 0: 37, 1: 63 }))[0], /^Threads on node 0,/);
  const idle = [threadOf(1, FAR, 0), threadOf(2, FAR, 0.001)];
  assert.match(said(idle, pagesOf({ 0: 100 }))[0], /^Threads on node 1,/);
});

test('threads that use both nodes are at home on both: nothing is offered', () => {
  const both = [threadOf(1, NEAR, 0.5), threadOf(2, FAR, 0.5)];
  const { sentence, fixes } = apart(TOPOLOGY, groupOf(both, pagesOf({ 0: 20, 1: 80 })));
  assert.equal(sentence, 'Threads on nodes 0–1, 80 % (± 1 %) of pages on node 1.');
  // Both are home: no page is far from all of them.
  assert.deepEqual(fixes, []);
});

test('pages that could not be read are unavailable, never none', () => {
  const [sentence, commands] = said([threadOf(1, NEAR, 0.9)], { unavailable: 'why not' });
  assert.equal(sentence, 'Threads on node 0; pages unavailable: why not.');
  assert.deepEqual(commands, []);
});

test('by name with their number, work and CPUs, and how pages were found out', () => {
  const threads = [threadOf(1, 0, 0.5), threadOf(2, 3, 0.25), threadOf(3, 1, 0.9, { name: 'main' })];
  const group = groupOf(threads, pagesOf({ 0: 1 }));
  assert.deepEqual(
    namesOf(group.threads).map(({ name, count, cpus }) => [name, count, cpus]),
    [
      ['main', 1, '1'],
      ['worker', 2, '0,3'],
    ],
  );
  assert.equal(originWords(group), '10,000 pages at random (move_pages), ± at 95 %');
  assert.equal(originWords(groupOf(threads, pagesOf({ 0: 1 }, 0))), 'Every page asked (move_pages)');
});

test('how busy a thread was is told of the same thread only, not of another with its number', () => {
  const bare = (tid: number, start: number, cpuSeconds: number, migrations: number): ThreadSample => ({
    ...{ tid, name: 'w', cpu: 0, migrations, start, allowed: '0', cpuSeconds },
  });
  const of = (threads: readonly ThreadSample[]): ProcessSample => ({
    ...{ pid: 7, name: 'db', start: 1, residentBytes: {}, threads },
  });
  const before = of([bare(1, 10, 5, 3), bare(2, 10, 5, 0)]);
  const after = of([bare(1, 10, 6, 7), bare(2, 99, 6, 0), bare(3, 50, 1, 0)]);
  const process = withBusy(after, [before], 2);
  assert.equal(withBusy(after, [{ ...before, start: 2 }], 2), after, 'another process by that number');
  assert.deepEqual(
    process.threads.map(({ busy, migrated }) => [busy, migrated]),
    [
      [0.5, 4],
      [undefined, undefined],
      [undefined, undefined],
    ],
  );
});
