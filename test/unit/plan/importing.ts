// Owns making a plan of files, as the command does: what was found is a plan that reads back.
import assert from 'node:assert/strict';
import type { Block, Plan } from '../../../src/model/plan/plan.ts';
import { placePlan } from '../../../src/model/plan/place.ts';
import { planMachine } from '../../../src/model/plan/machine.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { formatCpuList } from '../../../src/model/text/cpulist.ts';
import { importPlan } from '../../../src/protocol/plan-import/import.ts';
import { readSource } from '../../../src/protocol/plan-import/source.ts';
import { readPlan } from '../../../src/protocol/plan-text.ts';
import { writePlan } from '../../../src/protocol/plan-write.ts';

export interface Made {
  readonly plan: Plan;
  readonly text: string;
  readonly block: (name: string) => Block;
  /** All comments, a line each. */
  readonly said: string;
}

/** @param files texts by path. */
export function importOf(files: Readonly<Record<string, string>>, topology: Topology | null = null): Made {
  const sources = Object.entries(files).map(([path, text]) => readSource(path, text));
  const host = { topology: 'there', synthetic: null, ssh: null, distances: null };
  const { plan, comments } = importPlan(sources, topology && { topology, host });
  const text = writePlan(plan, comments);
  const read = readPlan(text);
  assert.ok('plan' in read, `${JSON.stringify(read)}\n${text}`);
  assert.deepEqual(read.plan, plan, text);
  return {
    ...{ plan, text, said: comments.map((one) => one.text).join('\n') },
    block: (name) => {
      const found = plan.blocks.find((one) => one.name === name);
      assert.ok(found, `no block ${name} in ${plan.blocks.map((one) => one.name).join(', ')}`);
      return found;
    },
  };
}

/** CPUs and nodes of each block, by name, and the memory's nodes. */
export function placesOf(plan: Plan, topology: Topology): Map<string, { cpus: string; nodes: string; memory: string }> {
  const { blocks } = placePlan(plan, planMachine(topology));
  return new Map(
    blocks.map(({ block, cpus, nodes, memory }) => [
      block.name,
      { cpus: formatCpuList(cpus), nodes: formatCpuList(nodes), memory: formatCpuList(memory.keys()) },
    ]),
  );
}
