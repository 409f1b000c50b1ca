import assert from 'node:assert/strict';
import test from 'node:test';
import { synthesize } from '../../../src/model/formats/synthetic/topology.ts';
import { topologyTree } from '../../../src/model/topology/text.ts';

test('an object that crosses others names its CPUs, one that holds all of its own does not', () => {
  const plain = synthesize('pack:2 [numa(memory=1GB)] core:2 pu:1');
  assert.doesNotMatch(topologyTree(plain), /, CPUs/);
  const crossing = { ...plain, nodes: plain.nodes.map((node, i) => ({ ...node, cpus: i === 0 ? '0,2' : '1,3' })) };
  assert.match(topologyTree(crossing), /NUMANode P#0 \(.*\), CPUs 0, 2$/m);
  assert.match(topologyTree(crossing), /NUMANode P#1 \(.*\), CPUs 1, 3$/m);
});
