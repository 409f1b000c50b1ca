/** State and configuration of a kubelet, pods, and NodeResourceTopology objects. */

import * as v from 'valibot';
import { blocksOfKubelet } from '../../model/plan/import/kubelet.ts';
import { blocksOfZones } from '../../model/plan/import/node-resources.ts';
import { badFile, quoted } from '../../model/plan/import/imported.ts';
import { readConfiguration, readCpuState, readListedPod, readMemoryGiven } from '../kubelet.ts';
import { firstIssue, list, text } from '../primitives.ts';
import { inFile, isObject } from './source.ts';
import type { PlanImporter, SourceFile } from './source.ts';

const isKind = (value: unknown, kind: string): boolean => isObject(value) && value['kind'] === kind;
const isCpuState = (value: unknown): boolean => isObject(value) && 'policyName' in value && 'defaultCpuSet' in value;
const isMemoryState = (value: unknown): boolean => isObject(value) && 'policyName' in value && 'machineState' in value;
const isKubelets = (value: unknown): boolean =>
  isCpuState(value) || isMemoryState(value) || isKind(value, 'Pod') || isKind(value, 'KubeletConfiguration');

const isTopology = (value: unknown): boolean => isKind(value, 'NodeResourceTopology');

interface Named {
  readonly path: string;
  readonly value: unknown;
}

const documentsOf = (files: readonly SourceFile[]): Named[] =>
  files.flatMap(({ path, documents }) => documents.map((value) => ({ path, value })));

/** @throws PinboardError `bad-file` where there are several: a plan is of one machine. */
function only<T>(all: readonly Named[], what: string, read: (value: unknown) => T): { path: string; value: T } | null {
  const [first, second] = all;
  if (!first) return null;
  if (second) throw badFile(second.path, null, `this is the second ${what}; a plan is of one machine.`);
  return { path: first.path, value: inFile(first.path, () => read(first.value)) };
}

export const kubelet: PlanImporter = {
  title: 'a kubelet and its pods',
  from: 'cpu_manager_state, memory_manager_state and config.yaml of /var/lib/kubelet, `kubectl get pods -A -o json`',
  recognises: ({ documents }) => documents.length > 0 && documents.every(isKubelets),
  read: (files) => {
    const all = documentsOf(files);
    const of = (is: (value: unknown) => boolean): Named[] => all.filter(({ value }) => is(value));
    const pods = of((value) => isKind(value, 'Pod'));
    return blocksOfKubelet({
      configuration: only(
        of((value) => isKind(value, 'KubeletConfiguration')),
        'configuration of a kubelet',
        readConfiguration,
      ),
      cpus: only(of(isCpuState), 'cpu_manager_state', readCpuState),
      memory: only(of(isMemoryState), 'memory_manager_state', readMemoryGiven),
      pods: pods.length === 0 ? null : pods.map(({ path, value }) => inFile(path, () => readListedPod(value))),
    });
  },
};

/** v1alpha1 wrote amounts as numbers where they were whole. */
const amount = v.pipe(
  v.union([text, v.number()]),
  v.transform((value) => String(value)),
);
const topology = v.object({
  apiVersion: v.picklist(['topology.node.k8s.io/v1alpha1', 'topology.node.k8s.io/v1alpha2']),
  metadata: v.object({ name: text }),
  zones: list(
    v.object({
      name: text,
      type: v.optional(text, ''),
      costs: v.optional(list(v.object({ name: text, value: v.number() })), []),
      resources: v.optional(
        list(
          v.object({
            name: text,
            capacity: amount,
            allocatable: v.optional(v.nullable(amount), null),
            available: v.optional(v.nullable(amount), null),
          }),
        ),
        [],
      ),
    }),
  ),
});

export const nodeResources: PlanImporter = {
  title: 'a NodeResourceTopology object',
  from: '`kubectl get noderesourcetopologies NODE -o yaml` (or json)',
  recognises: ({ documents }) => documents.length > 0 && documents.every(isTopology),
  read: (files, machine) => {
    const [first, second] = documentsOf(files);
    const path = first?.path ?? '';
    const read = v.safeParse(topology, first?.value);
    if (!read.success) throw badFile(path, null, `this is no NodeResourceTopology: ${firstIssue(read.issues)}.`);
    const { name } = read.output.metadata;
    if (second)
      throw badFile(
        second.path,
        null,
        'these are several nodes; a plan is of one machine.',
        `Write one: \`kubectl get noderesourcetopologies ${quoted(name)} -o yaml\`.`,
      );
    return blocksOfZones(path, name, read.output.zones, machine);
  },
};
