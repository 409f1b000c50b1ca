// Weights for weighted interleave as they are pasted: files and numbers for this host's nodes, what the kernel needs, what they hold for.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { recommendFrom } from '../../../src/model/recommend/recommend.ts';
import { recommendLines } from '../../../src/model/recommend/text.ts';
import { weightedInterleave } from '../../../src/model/recommend/weights.ts';
import { reportMarkdown } from '../../../src/model/report/markdown.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { measuredNodes } from '../bench/nodes/measured.ts';
import { emulated, machine, twoSockets } from '../topologies.ts';
import { needsLinux } from '../../support/linux.ts';

const withKernel = (topology: Topology, kernel: string): Topology => ({
  ...topology,
  machine: { ...topology.machine, kernel },
});
const cxl = machine({ packages: 2, coresPerNode: 2, cpulessNodes: 1, nodeIds: [0, 4, 9] });
/** The CPU-less node gives a fifth of what the others do. */
const bytesPerSecond = (from: number, to: number): number => (to === 9 ? 20e9 : from === to ? 100e9 : 50e9);

test('a line a node, CPU-less ones too, with what the kernel needs and how the weights are used', () => {
  const run = measuredNodes(withKernel(cxl, '6.12.3-amd64'), { bytesPerSecond });
  const made = weightedInterleave(run.topology, run.results);
  assert.ok(made?.note);
  const folder = '/sys/kernel/mm/mempolicy/weighted_interleave';
  assert.deepEqual(made.text.split('\n'), [
    `echo 5 | sudo tee ${folder}/node0`,
    `echo 5 | sudo tee ${folder}/node4`,
    `echo 1 | sudo tee ${folder}/node9`,
    'numactl --weighted-interleave=0,4,9 ./your-program',
  ]);
  assert.match(
    made.note,
    /measured bandwidth, 5 : 5 : 1, to within 0 %, for programs that run on the CPUs of all nodes/,
  );
  assert.match(made.note, /For programs on the CPUs of node 0 alone 10 : 5 : 2, node 4 alone 5 : 10 : 2, in the order/);
  assert.match(made.note, /Needs kernel 6\.9 and numactl 2\.0\.19/);
  assert.ok(recommendFrom(run.topology, run).some(({ tool }) => tool === 'weighted-interleave'));
  assert.match(recommendLines(run).join('\n'), /echo 5 \| sudo tee/);
  assert.match(reportMarkdown(run, []), /### Weighted interleave[\s\S]*```sh\necho 5 \| sudo tee/);
});

test('a shell reads those lines', { skip: needsLinux }, () => {
  const { topology, results } = measuredNodes(withKernel(cxl, '6.12.3-amd64'), { bytesPerSecond });
  assert.equal(spawnSync('sh', ['-n'], { input: weightedInterleave(topology, results)?.text }).status, 0);
});

test('a kernel before 6.9 has none: nothing is pasted that would fail', () => {
  for (const kernel of ['6.8.12', '5.10.0-28-amd64', '6.1.0']) {
    const run = measuredNodes(withKernel(cxl, kernel), { bytesPerSecond });
    const { text } = weightedInterleave(run.topology, run.results) ?? assert.fail();
    assert.match(text, new RegExp(`^# unavailable: kernel ${kernel} has no weighted interleave; it came with 6\\.9\n`));
    assert.ok(text.split('\n').every((line) => line.startsWith('# ')));
  }
  for (const kernel of ['6.9.0', '6.18.44-fc', '7.0.1', 'unknown']) {
    const run = measuredNodes(withKernel(cxl, kernel), { bytesPerSecond });
    assert.match(weightedInterleave(run.topology, run.results)?.text ?? '', /^echo/);
  }
});

test('fewer CPUs than a node has, and an emulated host, are said', () => {
  const few = measuredNodes(twoSockets(), { threads: 3 });
  assert.match(
    weightedInterleave(few.topology, few.results)?.note ?? '',
    /Measured with 3 of 8 CPUs of node 0, 3 of 8 CPUs of node 1/,
  );
  const played = measuredNodes(emulated(twoSockets()));
  assert.match(
    weightedInterleave(played.topology, played.results)?.note ?? '',
    /emulated host: real hardware has other proportions/,
  );
});

test('without bandwidth of every node there are none', () => {
  const ns = measuredNodes(cxl, { measures: ['latency'] });
  assert.equal(weightedInterleave(ns.topology, ns.results), null);
  const slipped = measuredNodes(cxl, { more: (_, to) => (to === 9 ? { valid: false, why: 'slipped' } : {}) });
  assert.equal(weightedInterleave(slipped.topology, slipped.results), null);
});
