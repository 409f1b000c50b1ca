import assert from 'node:assert/strict';
import test from 'node:test';
import { measureOf } from '../../../src/model/live/measures/measures.ts';
import { SameProcess } from '../../../src/model/live/same-process.ts';
import type { Sample } from '../../../src/model/live/sample.ts';
import { ofProcess } from '../../../src/model/live/selection.ts';
import { twoSockets } from '../topologies.ts';

const sample = (...processes: [pid: number, start?: number][]): Sample => ({
  schema: 'numa-pinboard/sample/1',
  time: '2026-01-02T03:04:05.000Z',
  intervalMs: 1000,
  cpus: [],
  nodes: [],
  processes: processes.map(([pid, start]) => ({ pid, name: 'x', start, residentBytes: { 0: 4096 }, threads: [] })),
});

test('what takes the id of a process that ended is another one, and is said to be one', () => {
  const same = new SameProcess(ofProcess(7));
  for (const own of [sample([7, 100], [8, 101]), sample(), sample([8, 101]), sample([7, 100])])
    assert.equal(same.of(own), own);
  const other = same.of(sample([7, 200], [9, 201]));
  assert.deepEqual([other.processes, other.groups], [[], []]);
  const measure = measureOf('process');
  assert.equal(measure.value(other, 0), null);
  assert.match(measure.sentence(twoSockets(), other), /^Process 7 has ended\. Its ID belongs to another process now/);
});

test('who chooses it gets whoever has the id', () => {
  const now = sample([7, 200]);
  assert.equal(new SameProcess(ofProcess(7)).of(now), now);
  assert.equal(new SameProcess({ kind: 'name', value: 'x' }).of(now), now);
});
