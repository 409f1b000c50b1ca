// Owns the plainest face of a node, for tests of what is drawn of it.
import assert from 'node:assert/strict';
import type { NodeFace } from '../../../src/model/svg/bar-words.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';

export const faceOf = (topology: Topology, id: number): NodeFace => ({
  node: topology.nodes.find((node) => node.id === id) ?? assert.fail(`no node ${id}`),
  sample: null,
  bare: false,
  occupied: null,
  setting: null,
  touched: null,
  figure: null,
  measured: [],
});
