// Owns whether Kubernetes would take a text: a pod is read by kubectl itself, with the types it has built in; a kubelet's
// configuration, which no program reads without a kubelet, is held against the fields of its version v1beta1.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { loadAll } from 'js-yaml';
import * as v from 'valibot';

const quantity = v.pipe(v.string(), v.regex(/^\d+(?:\.\d+)?(?:m|[kKMGTPE]i?)?$/));
const quantities = v.record(v.string(), quantity);
const cpuList = v.pipe(v.string(), v.regex(/^\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*$/));

/** Of k8s.io/kubelet/config/v1beta1 (types.go) those that are written here, strictly: the kubelet refuses a field that it does not know. */
const kubeletSchema = v.strictObject({
  apiVersion: v.literal('kubelet.config.k8s.io/v1beta1'),
  kind: v.literal('KubeletConfiguration'),
  cpuManagerPolicy: v.optional(v.picklist(['none', 'static'])),
  cpuManagerPolicyOptions: v.optional(v.strictObject({ 'full-pcpus-only': v.optional(v.picklist(['true', 'false'])) })),
  topologyManagerPolicy: v.optional(v.picklist(['none', 'best-effort', 'restricted', 'single-numa-node'])),
  topologyManagerScope: v.optional(v.picklist(['container', 'pod'])),
  memoryManagerPolicy: v.optional(v.picklist(['None', 'Static'])),
  reservedSystemCPUs: v.optional(cpuList),
  kubeReserved: v.optional(quantities),
  systemReserved: v.optional(quantities),
  registerWithTaints: v.optional(
    v.array(
      v.strictObject({
        key: v.string(),
        value: v.string(),
        effect: v.picklist(['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
      }),
    ),
  ),
  evictionHard: v.optional(v.record(v.string(), v.string())),
  reservedMemory: v.optional(
    v.array(v.strictObject({ numaNode: v.pipe(v.number(), v.safeInteger(), v.minValue(0)), limits: quantities })),
  ),
});
export type Kubelet = v.InferOutput<typeof kubeletSchema>;

export interface Pod {
  readonly spec: {
    readonly containers: readonly {
      readonly resources: Record<'requests' | 'limits', Readonly<Record<string, string>>>;
    }[];
    readonly volumes?: readonly { readonly emptyDir: { readonly medium: string } }[];
  };
}

const OFFLINE = { ...process.env, KUBECONFIG: '/dev/null' };
let kubectlIsHere: boolean | undefined;
export const hasKubectl = (): boolean =>
  (kubectlIsHere ??= spawnSync('kubectl', ['version', '--client'], { env: OFFLINE }).status === 0);

/** What kubectl makes of a pod, without a server; it refuses values of the wrong kind, and leaves out fields that a pod does not have. */
function readByKubectl(pod: unknown): unknown {
  const [container] = (pod as { spec: { containers: { name: string }[] } }).spec.containers;
  // A change of nothing: the image is what it was.
  const change = `${container?.name ?? ''}=YOUR_IMAGE_READ`;
  const words = ['set', 'image', '--local', '--filename', '-', '--output', 'json', change];
  const { status, stdout, stderr } = spawnSync('kubectl', words, {
    input: JSON.stringify(pod),
    encoding: 'utf8',
    env: OFFLINE,
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout.replaceAll('YOUR_IMAGE_READ', 'YOUR_IMAGE'));
}

/** @throws where a pod has no such field, or takes another value there. */
export function assertPod(pod: unknown): void {
  const read = readByKubectl(pod) as { status?: unknown; metadata: { creationTimestamp?: unknown } };
  // Of every object that is read; neither was written.
  delete read.status;
  delete read.metadata.creationTimestamp;
  assert.deepEqual(read, pod);
}

/** The documents of a text to paste, a kubelet's and those of pods, each taken by what reads it; a kubelet's strictly. */
export function readPods(text: string): { kubelet: Kubelet; pods: readonly Pod[] } {
  const [kubelet, ...pods] = loadAll(text);
  if (hasKubectl()) pods.forEach(assertPod);
  return { kubelet: v.parse(kubeletSchema, kubelet), pods: pods as Pod[] };
}

/** As `readPods`, of one pod. */
export function readKubernetes(text: string): { kubelet: Kubelet; pod: Pod } {
  const { kubelet, pods } = readPods(text);
  const [pod, ...others] = pods;
  assert.ok(pod && others.length === 0);
  return { kubelet, pod };
}
