/** What Kubernetes writes, as far as admission goes by it: pods, a kubelet's configuration, and what its managers keep. */

import * as v from 'valibot';
import type { Amounts, Container, ContainerKind, Pod } from '../model/admission/pod.ts';
import { parseQuantity } from '../model/admission/quantity.ts';
import type { CpuManagerState, KubeletConfiguration, MemoryManagerState } from '../model/admission/state.ts';
import type { ByContainer, KubeletPod, MemoryGiven } from '../model/plan/import/kubelet.ts';
import { PinboardError } from '../model/problem.ts';
import { bytes, count, firstIssue, id, list, record, text } from './primitives.ts';

const name = v.pipe(text, v.nonEmpty(), v.maxLength(253));
/** YAML reads `true` and `4` where a string was meant. */
const scalar = v.pipe(
  v.union([text, v.number(), v.boolean()]),
  v.transform((value) => String(value)),
);

const configuration = v.object({
  kind: v.optional(v.literal('KubeletConfiguration')),
  cpuManagerPolicy: v.optional(text),
  cpuManagerPolicyOptions: v.optional(record(scalar)),
  memoryManagerPolicy: v.optional(text),
  topologyManagerPolicy: v.optional(text),
  topologyManagerScope: v.optional(text),
  topologyManagerPolicyOptions: v.optional(record(scalar)),
  reservedSystemCPUs: v.optional(scalar),
  kubeReserved: v.optional(record(scalar)),
  systemReserved: v.optional(record(scalar)),
  reservedMemory: v.optional(list(v.object({ numaNode: count, limits: record(scalar) }))),
});

const cpuState = v.object({
  policyName: text,
  defaultCpuSet: text,
  entries: v.optional(record(record(text))),
});

const memoryState = v.object({
  policyName: text,
  machineState: record(
    v.object({
      numberOfAssignments: count,
      cells: list(id),
      memoryMap: record(v.object({ allocatable: bytes, free: bytes })),
    }),
  ),
});

const amounts = v.optional(record(scalar), {});
const resources = v.object({ limits: amounts, requests: amounts });
const containerSchema = v.object({
  name,
  resources: v.optional(resources, {}),
  restartPolicy: v.optional(text),
});
const podSpec = v.object({
  resources: v.optional(resources),
  containers: v.pipe(list(containerSchema), v.minLength(1)),
  initContainers: v.optional(list(containerSchema), []),
});
const podSchema = v.object({
  metadata: v.optional(v.object({ name: v.optional(name, 'pod') }), {}),
  spec: podSpec,
});
/** Deployments and their like hold a pod as a template; a CronJob one deeper. */
const workload = v.object({
  metadata: v.optional(v.object({ name: v.optional(name, 'pod') }), {}),
  spec: v.object({ template: v.object({ spec: podSpec }) }),
});
const cronJob = v.object({
  metadata: v.optional(v.object({ name: v.optional(name, 'pod') }), {}),
  spec: v.object({ jobTemplate: v.object({ spec: v.object({ template: v.object({ spec: podSpec }) }) }) }),
});

function accepted<S extends v.GenericSchema>(schema: S, value: unknown, what: string): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  throw new PinboardError('bad-file', `This is no ${what}: ${firstIssue(result.issues)}.`);
}

/** @throws PinboardError `bad-file`, as all of these. */
export const readConfiguration = (value: unknown): KubeletConfiguration =>
  accepted(configuration, value, 'configuration of a kubelet');
export const readCpuState = (value: unknown): CpuManagerState =>
  accepted(cpuState, value, 'cpu_manager_state of a kubelet');
export const readMemoryState = (value: unknown): MemoryManagerState =>
  accepted(memoryState, value, 'memory_manager_state of a kubelet');

const memoryGiven = v.object({
  entries: v.optional(
    record(record(list(v.object({ type: name, size: bytes, numaAffinity: v.optional(v.nullable(list(count)), []) })))),
    {},
  ),
});

/** What `memory_manager_state` says of each container, by the UID of its pod. */
export function readMemoryGiven(value: unknown): ByContainer<readonly MemoryGiven[]> {
  const { entries } = accepted(memoryGiven, value, 'memory_manager_state of a kubelet');
  return Object.fromEntries(
    Object.entries(entries).map(([uid, containers]) => [
      uid,
      Object.fromEntries(
        Object.entries(containers).map(([container, all]) => [
          container,
          all.map(({ type, size, numaAffinity }) => ({ type, bytes: size, nodes: numaAffinity ?? [] })),
        ]),
      ),
    ]),
  );
}

const listedPod = v.object({
  metadata: v.object({ name, namespace: v.optional(name, 'default'), uid: v.optional(name) }),
  spec: v.object({ nodeName: v.optional(name) }),
});

/** A pod as `kubectl get pods` lists it. */
export function readListedPod(value: unknown): KubeletPod {
  const { metadata, spec } = accepted(listedPod, value, 'Pod');
  return { uid: metadata.uid ?? '', namespace: metadata.namespace, node: spec.nodeName ?? null, pod: readPod(value) };
}

/** A Pod, or what holds one as a template. */
export function readPod(value: unknown): Pod {
  const spec = typeof value === 'object' && value !== null && 'spec' in value ? value.spec : null;
  const holds = (key: string): boolean => typeof spec === 'object' && spec !== null && key in spec;
  if (holds('jobTemplate')) {
    const { metadata, spec: job } = accepted(cronJob, value, 'CronJob');
    return podFrom(metadata.name, job.jobTemplate.spec.template.spec);
  }
  if (holds('template')) {
    const { metadata, spec: of } = accepted(workload, value, 'workload with a pod as its template');
    return podFrom(metadata.name, of.template.spec);
  }
  const { metadata, spec: own } = accepted(podSchema, value, 'Pod');
  return podFrom(metadata.name, own);
}

type Written = v.InferOutput<typeof containerSchema>;

const podFrom = (of: string, spec: v.InferOutput<typeof podSpec>): Pod => ({
  name: of,
  whole: spec.resources ? bothFrom('The pod', spec.resources) : null,
  containers: [
    ...spec.initContainers.map((one) => containerFrom(one, one.restartPolicy === 'Always' ? 'sidecar' : 'init')),
    ...spec.containers.map((one) => containerFrom(one, 'app')),
  ],
});

const containerFrom = ({ name: of, resources: given }: Written, kind: ContainerKind): Container => ({
  ...{ name: of, kind },
  ...bothFrom(`Container "${of}"`, given),
});

/** What only a limit is given for is requested as much. */
const bothFrom = (
  who: string,
  { limits, requests }: v.InferOutput<typeof resources>,
): { readonly limits: Amounts; readonly requests: Amounts } => ({
  limits: amountsFrom(who, limits),
  requests: amountsFrom(who, { ...limits, ...requests }),
});

/** Domain-prefixed resources are devices of plugins; ephemeral storage and the like are nobody's here. */
const isDevice = (resource: string): boolean => resource.includes('/') && !resource.startsWith('kubernetes.io/');

function amountsFrom(who: string, given: Readonly<Record<string, string>>): Amounts {
  const amount = (resource: string, scale: 1 | 1000 = 1): number => {
    const written = given[resource] ?? '';
    const value = parseQuantity(written, scale);
    if (value !== null) return value;
    throw new PinboardError(
      'bad-file',
      `${who} asks for ${resource}: "${written}", which is no amount.`,
      'Write 4, 500m, 64Gi or 1.5G.',
    );
  };
  const of = (is: (resource: string) => boolean): Record<string, number> =>
    Object.fromEntries(Object.keys(given).flatMap((one) => (is(one) ? [[one, amount(one)] as const] : [])));
  return {
    cpu: given['cpu'] === undefined ? null : amount('cpu', 1000),
    memoryBytes: given['memory'] === undefined ? null : amount('memory'),
    hugepages: of((resource) => resource.startsWith('hugepages-')),
    devices: of(isDevice),
  };
}
