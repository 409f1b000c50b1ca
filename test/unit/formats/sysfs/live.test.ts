/** A live host, which is asked for lists alone, is read as a recording of it, which has masks too. */

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { PROBE_GLOBS } from '../../../../src/model/formats/sysfs/globs.ts';
import { readTopology } from '../../../../src/model/formats/sysfs/topology.ts';
import { honestMachine, lyingMachine } from '../../../lstopo/arbitrary.ts';
import { paperFiles } from '../../../lstopo/paper.ts';
import { varied } from '../../../support/long.ts';

const shape = (path: string): string => path.replace(/\[0-9\]\*|\[01\]|\d+/g, '#');
const asked = new Set(PROBE_GLOBS.map(shape));
const isAsked = (path: string): boolean =>
  asked.has(shape(path)) || /^proc\/driver\/nvidia\/gpus\/[^/]+\/numa_status$/.test(path);

test('lists say what masks say', () => {
  fc.assert(
    // Which groups limit a session is asked for in a way of its own.
    fc.property(fc.oneof(honestMachine, lyingMachine), (machine) => {
      const files = paperFiles({ ...machine, cgroup: 'none' });
      const live = new Map([...files].filter(([path]) => isAsked(path)));
      assert.ok(![...live.keys()].some((path) => path.endsWith('_map') || path.endsWith('cpumap')));
      // Name and architecture come with the connection of a live host.
      const { machine: identity } = readTopology(files);
      assert.deepEqual({ ...readTopology(live), machine: identity }, readTopology(files));
    }),
    { numRuns: varied(100, 300) },
  );
});
