/** Where a recording has no samples is found, and a sampler that is late once has lost none. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { gapsOf } from '../../../src/model/live/recording.ts';
import { SAMPLE_SCHEMA } from '../../../src/model/live/sample.ts';
import type { Sample } from '../../../src/model/live/sample.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();
const samplesAt = (...seconds: number[]): Sample[] =>
  seconds.map((second) => ({
    ...{ schema: SAMPLE_SCHEMA, time: at(second), intervalMs: 1000 },
    ...{ cpus: [], nodes: [], processes: [] },
  }));

test('a gap lies between the samples around it', () => {
  const samples = samplesAt(0, 1, 2, 9, 10, 70);
  assert.deepEqual(gapsOf({ samples, intervalMs: 1000, every: 1 }), [
    { from: at(2), until: at(9) },
    { from: at(10), until: at(70) },
  ]);
});

test('a sample that is late by one interval is no gap, nor is what a thinned recording leaves out', () => {
  assert.deepEqual(gapsOf({ samples: samplesAt(0, 1, 3, 4), intervalMs: 1000, every: 1 }), []);
  assert.deepEqual(gapsOf({ samples: samplesAt(0, 4, 8), intervalMs: 1000, every: 4 }), []);
});
