// What a remedy can bring is a measured interval of this machine, or nothing.
import assert from 'node:assert/strict';
import test from 'node:test';
import { withGains } from '../../../src/model/doctor/gain.ts';
import { readTopology } from '../../../src/model/formats/sysfs/topology.ts';
import { memoryRun } from '../../support/memory-run.ts';
import { examined, filesOf } from './hosts.ts';
import { GIB, livingOn, pages, running, thread } from './living.ts';

const topology = readTopology(filesOf());
const live = livingOn(topology, [running([thread(0), thread(1)], [pages({ 1: GIB })])]);
const diagnosis = examined({}, {}, { live });

test('a finding about far pages carries what the memory benchmark measured between those nodes', () => {
  const run = memoryRun(topology, { workers: [0], memory: [0, 1] });
  const [found] = withGains(diagnosis, topology, [run]).findings;
  assert.equal(found?.id, 'remote-pages');
  const [low = 0, high = 0] = found.gain?.interval ?? [];
  // 180 ns against 95 ns, each with its interval.
  assert.ok(low > 1.8 && low < 180 / 95 && high > 180 / 95 && high < 2, `${low} ${high}`);
  assert.match(found.gain?.sentence ?? '', /Measured here on 2026-01-02: a load from node 1 takes .* from node 0/);
});

test('nothing is said where nothing fits: no run, another pair of nodes, a noisy figure, an emulated machine', () => {
  const run = memoryRun(topology, { workers: [0], memory: [0, 1] });
  const noisy = { ...run, results: run.results.map((result) => ({ ...result, noisy: true })) };
  const reverse = memoryRun(topology, { workers: [4], memory: [0, 1] });
  for (const runs of [[], [noisy], [reverse]])
    assert.equal(withGains(diagnosis, topology, runs).findings[0]?.gain, null);
  const emulated = { ...topology, machine: { ...topology.machine, emulated: true } };
  assert.equal(withGains(diagnosis, emulated, [run]).findings[0]?.gain, null);
});
