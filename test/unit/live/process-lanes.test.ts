// Lanes of followed processes: how many CPUs each keeps busy, and nothing where one was not followed yet.
import assert from 'node:assert/strict';
import test from 'node:test';
import { CPUS_BY_PROCESS, processLanes, processReader } from '../../../src/model/live/past/process-lanes.ts';
import type { ProcessSample, Sample } from '../../../src/model/live/sample.ts';
import { SAMPLE_SCHEMA } from '../../../src/model/live/sample.ts';

const process_ = (pid: number, ...shares: (number | undefined)[]): ProcessSample => ({
  pid,
  name: `server-${String(pid)}`,
  residentBytes: {},
  threads: shares.map((busy, i) => ({ tid: pid + i, name: 'one', cpu: 0, migrations: null, busy })),
});
const sample = (...processes: ProcessSample[]): Sample => ({
  ...{ schema: SAMPLE_SCHEMA, time: '2026-01-02T03:04:05.000Z', intervalMs: 1000, cpus: [], nodes: [] },
  processes,
});

test('a lane a process, with the CPUs that its threads keep busy together', () => {
  const now = sample(process_(20, 1, 0.5), process_(10, 0.25, undefined), process_(30, undefined));
  const lanes = processLanes(now);
  assert.deepEqual(
    lanes.map(({ name }) => name),
    ['server-1 10', 'server-2 20', 'server-3 30'],
  );
  const read = processReader(lanes);
  assert.deepEqual([...read(now)], [0.25, 1.5, NaN]);
  assert.deepEqual([...read(sample(process_(20, 0)))], [NaN, 0, NaN], 'before it was followed there is no figure');
  assert.equal(CPUS_BY_PROCESS.value(now, 0), 1.75);
  assert.equal(CPUS_BY_PROCESS.value(sample(), 0), null);
});

test('of many processes the busiest have lanes', () => {
  const lanes = processLanes(sample(...Array.from({ length: 100 }, (_, i) => process_(i + 1, i / 100))));
  assert.equal(lanes.length, 16);
  assert.deepEqual(lanes[0]?.ids, [85]);
});
