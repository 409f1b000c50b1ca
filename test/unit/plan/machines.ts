// Owns plans and machines for the tests of plans: written as a person writes them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { plannedTopology, withDistances } from '../../../src/model/plan/machine.ts';
import type { Plan } from '../../../src/model/plan/plan.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { fencesOf } from '../../support/markdown.ts';
import { readPlan } from '../../../src/protocol/plan-text.ts';

export const GB = 2 ** 30;

/** Two sockets of 18 cores with two threads each, as in the worked example. */
export const PAPER =
  'host: { synthetic: "pack:2 [numa(memory=126GB)] l3:1(size=45MB) core:18 pu:2(indexes=core)", distances: [[10, 21], [21, 10]] }';

/** What a plan keeps for the host, so that no check has to say it. */
export const KEPT = 'reserve: [{ node: 0, cores: 1, memory: 2GB }]';

/** JSON is YAML. */
export const planFrom = (keys: object): Plan => planIn(JSON.stringify({ schema: 'numa-pinboard/plan/1', ...keys }));
export const planOf = (text: string): Plan => planIn(`schema: numa-pinboard/plan/1\n${text}`);

function planIn(text: string): Plan {
  const read = readPlan(text);
  assert.ok('plan' in read, JSON.stringify(read));
  return read.plan;
}

/** The machine that the plan itself writes down. */
export function ownMachine({ host }: Plan): Topology {
  assert.ok(host?.synthetic);
  return withDistances(plannedTopology(host.synthetic), host.distances);
}

export const exampleText = readFileSync(new URL('../../../docs/examples/four-vms.plan.yaml', import.meta.url), 'utf8');

export function example(): Plan {
  const read = readPlan(exampleText);
  assert.ok('plan' in read);
  return read.plan;
}

/** What the guide quotes as the answer of a command on the worked example is what the program says. @param words behind `plan`. */
export function guideQuotes(words: string, said: string): void {
  const typed = `$ numa-pinboard plan ${words}`;
  const fence = fencesOf('docs/guides/placement-plans.md').find(({ text }) => text.startsWith(typed));
  assert.ok(fence, `the guide has no "${typed}"`);
  const lines = fence.text.trimEnd().split('\n').slice(1);
  assert.deepEqual(
    lines.filter((line) => line !== '…' && !said.split('\n').includes(line)),
    [],
  );
}

/** As it is named there. */
export const EXAMPLE_FILE = 'docs/examples/four-vms.plan.yaml';
