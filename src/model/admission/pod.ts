/** What a pod asks a node for, as the kubelet's managers count it. */

export type ContainerKind = 'init' | 'sidecar' | 'app';

export interface Amounts {
  /** Thousandths of a CPU. */
  readonly cpu: number | null;
  readonly memoryBytes: number | null;
  /** Bytes by resource: "hugepages-2Mi". */
  readonly hugepages: Readonly<Record<string, number>>;
  /** Devices of plugins by resource: "nvidia.com/gpu". */
  readonly devices: Readonly<Record<string, number>>;
}

export interface Container {
  readonly name: string;
  /** `sidecar`: an init container that goes on (`restartPolicy: Always`). */
  readonly kind: ContainerKind;
  /** Limits stand for requests that are not given. */
  readonly requests: Amounts;
  readonly limits: Amounts;
}

export interface Pod {
  readonly name: string;
  /** `spec.resources`: amounts for all containers together. Null: none are given. */
  readonly whole: { readonly requests: Amounts; readonly limits: Amounts } | null;
  /** Init containers first, in the order in which they are admitted. */
  readonly containers: readonly Container[];
}

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

export function qosOf({ containers, whole }: Pod): QosClass {
  const all = (whole ? [whole] : containers).flatMap(({ requests, limits }) => [
    [requests.cpu, limits.cpu],
    [requests.memoryBytes, limits.memoryBytes],
  ]);
  if (all.every(([request, limit]) => request === null && limit === null)) return 'BestEffort';
  return all.every(([request, limit]) => limit !== null && limit !== undefined && limit > 0 && request === limit)
    ? 'Guaranteed'
    : 'Burstable';
}

/** The static managers leave pods with amounts of their own alone, unless the alpha feature PodLevelResourceManagers is on. */
const isManaged = (pod: Pod): boolean => pod.whole === null && qosOf(pod) === 'Guaranteed';

/** CPUs that a container gets for itself; 0: it runs on the shared ones. */
export function exclusiveCpus(pod: Pod, { requests: { cpu } }: Container): number {
  return cpu === null || cpu % 1000 !== 0 || !isManaged(pod) ? 0 : cpu / 1000;
}

/** Bytes by resource, "memory" and huge pages, that the memory manager binds; none for a pod that is not Guaranteed. */
export function boundMemory(pod: Pod, { requests: { memoryBytes, hugepages } }: Container): Record<string, number> {
  if (!isManaged(pod)) return {};
  return { ...(memoryBytes === null ? {} : { memory: memoryBytes }), ...hugepages };
}

/**
 * What a whole pod needs at once: the sum of what runs together, or the largest of what runs alone before it, if that is more.
 * @param of what one container asks for, by resource
 */
export function together(
  pod: Pod,
  of: (container: Container) => Readonly<Record<string, number>>,
): Record<string, number> {
  const staying: Record<string, number> = {};
  const passing: Record<string, number> = {};
  for (const container of pod.containers)
    for (const [resource, amount] of Object.entries(of(container)))
      if (container.kind === 'init')
        passing[resource] = Math.max(passing[resource] ?? 0, (staying[resource] ?? 0) + amount);
      else staying[resource] = (staying[resource] ?? 0) + amount;
  const all: Record<string, number> = {};
  for (const resource of Object.keys({ ...staying, ...passing }))
    all[resource] = Math.max(staying[resource] ?? 0, passing[resource] ?? 0);
  return all;
}
