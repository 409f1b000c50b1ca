// Owns exported plans for the tests: files by their path, of a plan as a person writes it.
import assert from 'node:assert/strict';
import { exportPlan, PLAN_EXPORTERS } from '../../../src/model/plan/export/export.ts';
import type { ExportedFile } from '../../../src/model/plan/export/exported.ts';
import { placePlan } from '../../../src/model/plan/place.ts';
import { plannedTopology, planMachine } from '../../../src/model/plan/machine.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { readPlanOf } from '../../../src/protocol/plan-text.ts';

export const NOTATION = 'pack:2 [numa(memory=126GB)] l3:1(size=45MB) core:18 pu:2(indexes=core)';

/** @param changed what the machine has besides. */
export function exported(
  text: string,
  only = PLAN_EXPORTERS.map(({ name }) => name),
  changed: (topology: Topology) => Topology = (topology) => topology,
): ReadonlyMap<string, ExportedFile> {
  const { plan } = readPlanOf('test.plan.yaml', text);
  const machine = planMachine(changed(plannedTopology(plan.host?.synthetic ?? NOTATION)));
  return new Map(exportPlan(plan, placePlan(plan, machine), only).map((file) => [file.path, file]));
}

export const textOf = (files: ReadonlyMap<string, ExportedFile>, path: string): string => {
  const file = files.get(path);
  assert.ok(file, `${path} is not among ${[...files.keys()].join(', ')}`);
  return file.text;
};

/** Something for every tool. */
export const MIXED_PLAN = `
schema: numa-pinboard/plan/1
host: { synthetic: "${NOTATION}" }
reserve:
  - { node: 0, cores: 1, memory: 4GB }
  - { node: 1, cores: 1, memory: 4GB }
blocks:
  - { name: wide vm, kind: vm, nodes: "0-1", cores: 8, memory: 64GB, hugepages: { size: 1g, memory: 64GB }, iothreads: 2, iothreadCpus: "17,53", emulatorCpus: "17,53" }
  - { name: Search, kind: container, node: 0, cores: 4, memory: 20GB, hugepages: { size: 2m, memory: 8GB }, taints: ["workload=search:NoSchedule"] }
  - { name: cache, kind: container, node: 1, cores: 4, memory: 20GB }
  - { name: db-main, kind: process, node: 1, cores: 4, memory: 16GB }
  - { name: logs, kind: pool, nodes: "0-1", cores: 2, memory: 2GB, memoryPolicy: interleave }
`;
