// Owns runs of a matrix on machines whose pairs cost what a function says, for tests of what is made of such runs.
import assert from 'node:assert/strict';
import { costTable } from '../../../../src/model/bench/matrix/costs.ts';
import type { CostTable } from '../../../../src/model/bench/matrix/costs.ts';
import { explore } from '../../../../src/model/bench/matrix/infer/explore.ts';
import { measurable, orderedPairs } from '../../../../src/model/bench/matrix/pairs.ts';
import { matrixResult, NOTHING_SEEN } from '../../../../src/model/bench/matrix/result.ts';
import { randomFrom } from '../../../../src/model/run/statistics.ts';
import type { Run } from '../../../../src/model/run/run.ts';
import type { Topology } from '../../../../src/model/topology/topology.ts';
import { buildRun } from '../../../../src/model/verdict/build-run.ts';

/** A run of every pair, or of so many. */
export function measured(topology: Topology, latency: (a: number, b: number) => number, most = Infinity): Run {
  const cpus = measurable(topology);
  const explorer = explore(topology, orderedPairs(topology, cpus), true, randomFrom(3));
  for (let i = 0, pair = explorer.next(); pair && i < most; i++, pair = explorer.next())
    explorer.add(pair, latency(...pair));
  const placement = {
    kind: 'matrix',
    matrix: 'latency',
    cpus: cpus.join(','),
    line: 'first',
    simulated: null,
  } as const;
  const classes = explorer.classes();
  return buildRun({
    time: new Date(0),
    seconds: 1,
    random: '0',
    host: { name: 'paper', transport: 'local' },
    repeat: 'numa-pinboard bench matrix',
    topology,
    environment: {},
    results: [matrixResult({ placement, classes, seen: NOTHING_SEEN, why: null, emulated: false })],
    question: 'What does it cost to cross this machine?',
    partial: null,
  });
}

export function tableOf(run: Run): CostTable {
  const table = costTable(run);
  assert.ok(table);
  return table;
}
