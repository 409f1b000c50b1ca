/** What a kubelet's managers gave away, container by container, and what its configuration keeps for the system. */

import { hugePageResource } from '../../admission/state.ts';
import type { CpuManagerState, KubeletConfiguration } from '../../admission/state.ts';
import { boundMemory, exclusiveCpus } from '../../admission/pod.ts';
import type { Pod } from '../../admission/pod.ts';
import { parseQuantity } from '../../admission/quantity.ts';
import { formatCpuList } from '../../text/cpulist.ts';
import { formatRange, listed, nodeWords, plural } from '../../text/format.ts';
import { blockOf, calledOrNull, HOST_BLOCK, idsOf, listOrNull, quoted, sizeOrNull } from './imported.ts';
import type { Imported, ImportedBlock, Note } from './imported.ts';
import type { Reserve } from '../plan.ts';

/** What a container was given of one kind of memory: "memory" or "hugepages-2Mi". */
export interface MemoryGiven {
  readonly type: string;
  readonly bytes: number;
  readonly nodes: readonly number[];
}

/** By the UID of its pod. */
export type ByContainer<T> = Readonly<Record<string, Readonly<Record<string, T>>>>;

export interface KubeletPod {
  readonly uid: string;
  readonly namespace: string;
  /** Null: it has none yet. */
  readonly node: string | null;
  readonly pod: Pod;
}

interface From<T> {
  readonly path: string;
  readonly value: T;
}

export interface KubeletParts {
  readonly configuration: From<KubeletConfiguration> | null;
  readonly cpus: From<CpuManagerState> | null;
  readonly memory: From<ByContainer<readonly MemoryGiven[]>> | null;
  /** Null: no list of pods was given. */
  readonly pods: readonly KubeletPod[] | null;
}

export function blocksOfKubelet({ configuration, cpus, memory, pods }: KubeletParts): Imported {
  const notes: string[] = [];
  const podOf = new Map(pods?.map((pod) => [pod.uid, pod]));
  /** As its pod is called where it runs. */
  const podName = (uid: string): string => {
    const known = podOf.get(uid);
    return known ? `${known.namespace}/${known.pod.name}` : uid;
  };
  const nameOf = (uid: string, container: string): string => `${podName(uid)}/${container}`;
  const held = Object.entries(cpus?.value.entries ?? {}).flatMap(([uid, containers]) =>
    Object.entries(containers).map(([container, list]) => ({ uid, container, list })),
  );
  const blocks = held
    .map(({ uid, container, list }): ImportedBlock => {
      const given = memory?.value[uid]?.[container] ?? null;
      const name = nameOf(uid, container);
      const ids = idsOf(cpus?.path ?? '', null, `entry of ${quoted(name)}`, list);
      const own: Note[] = [];
      const found = listOrNull(ids);
      return {
        block: blockOf({
          ...{ name, kind: 'container', runsAs: calledOrNull(podName(uid)) },
          ...(found === null ? { threads: 1 } : { cpus: found }),
          ...memoryFrom(given, memory !== null, own),
        }),
        notes: found === null ? [{ key: 'cpus', text: 'none in the state.' }, ...own] : own,
      };
    })
    .toSorted((a, b) => (a.block.name < b.block.name ? -1 : 1));
  if (held.length > 0 && held.some(({ uid }) => !podOf.has(uid)))
    notes.push('Pods without a name here go by their UID: give `kubectl get pods -A -o json` of the node, too.');

  const without = Object.entries(memory?.value ?? {}).flatMap(([uid, containers]) =>
    Object.entries(containers).flatMap(([container, given]) =>
      cpus?.value.entries?.[uid]?.[container] === undefined && given.length > 0
        ? [
            `${quoted(nameOf(uid, container))} (${Math.ceil(given.reduce((sum, one) => sum + one.bytes, 0) / 2 ** 20)} MB of ${nodeWords([...new Set(given.flatMap((one) => one.nodes))])})`,
          ]
        : [],
    ),
  );
  if (without.length > 0)
    notes.push(
      `Memory without CPUs of its own has no block: ${listed(without.slice(0, 20))}${without.length > 20 ? ` and ${without.length - 20} more` : ''}.`,
    );

  const kept = configuration?.value.reservedSystemCPUs;
  const host = kept === undefined ? [] : idsOf(configuration?.path ?? '', null, 'reservedSystemCPUs', kept);
  const hostCpus = listOrNull(host);
  if (hostCpus !== null)
    blocks.push({ block: blockOf({ name: HOST_BLOCK, kind: 'emulator', cpus: hostCpus }), notes: [] });
  if (cpus) notes.push(sharedNote(cpus, host, configuration !== null));
  if (
    configuration &&
    hostCpus === null &&
    (configuration.value.kubeReserved?.['cpu'] ?? configuration.value.systemReserved?.['cpu']) !== undefined
  )
    notes.push(
      'The kubelet keeps CPUs for the system by count (kubeReserved, systemReserved); which ones is not in its configuration.',
    );
  if (!cpus && !memory && pods) blocks.push(...asked(pods, notes));
  return { blocks, reserve: reserveOf(configuration?.value ?? {}, notes), notes };
}

function sharedNote({ path, value }: From<CpuManagerState>, host: readonly number[], known: boolean): string {
  if (value.policyName !== 'static')
    return `The CPU manager's policy is ${quoted(value.policyName)}: no container has CPUs for itself.`;
  const shared = idsOf(path, null, 'defaultCpuSet', value.defaultCpuSet).filter((cpu) => !host.includes(cpu));
  const list = formatRange(formatCpuList(shared));
  return `CPUs ${list} are shared by all other containers, and are free for containers to come${known ? '' : '; those that the kubelet keeps for the system are among them (its config.yaml says which)'}.`;
}

function memoryFrom(given: readonly MemoryGiven[] | null, known: boolean, notes: Note[]): object {
  if (!given || given.length === 0) {
    notes.push({
      key: 'memory',
      text: known ? 'none was given to it alone.' : 'unknown, memory_manager_state says it.',
    });
    return { memoryPolicy: 'preferred' };
  }
  const nodes = [...new Set(given.flatMap((one) => one.nodes))].toSorted((a, b) => a - b);
  const pages = given.filter(({ type }) => type.startsWith('hugepages-'));
  const [first, ...others] = pages.flatMap(({ type, bytes }) => {
    const sizeBytes = parseQuantity(type.slice('hugepages-'.length), 1);
    return sizeBytes !== null && sizeBytes >= 4096 && hugePageResource(sizeBytes) === type && bytes > 0
      ? [{ sizeBytes, memoryBytes: bytes }]
      : [];
  });
  if (others.length > 0)
    notes.push({ key: 'hugepages', text: `of ${plural(others.length + 1, 'size')}; the first is here.` });
  const all = sizeOrNull(given.reduce((sum, one) => sum + one.bytes, 0));
  return { memoryBytes: all, memoryNodes: nodes.length === 0 ? null : nodes, hugepages: first ?? null };
}

function reserveOf({ reservedMemory = [] }: KubeletConfiguration, notes: string[]): Reserve[] {
  return reservedMemory.map(({ numaNode, limits }) => {
    const pages = Object.keys(limits).filter((key) => key !== 'memory');
    if (pages.length > 0)
      notes.push(`Node ${numaNode} keeps ${listed(pages.map(quoted))} for the system, for which a plan has no place.`);
    return { node: numaNode, cores: 0, memoryBytes: parseQuantity(limits['memory'] ?? '0', 1) ?? 0 };
  });
}

/** Without a state, what pods ask for: containers that would get whole CPUs, with no place yet. */
function asked(pods: readonly KubeletPod[], notes: string[]): ImportedBlock[] {
  const all = pods.flatMap(({ namespace, pod }) =>
    // Init containers have ended when the others run.
    pod.containers.filter(({ kind }) => kind !== 'init').map((container) => ({ namespace, pod, container })),
  );
  const whole = all.filter(({ pod, container }) => exclusiveCpus(pod, container) > 0);
  if (whole.length < all.length)
    notes.push(
      `${all.length - whole.length} of ${plural(all.length, 'container')} ask for no whole CPUs of their own (Guaranteed, a whole number), and are no blocks.`,
    );
  const nodes = new Set(pods.flatMap(({ node }) => node ?? []));
  if (nodes.size > 1)
    notes.push(
      `These pods are of ${nodes.size} nodes, and a plan is of one machine: give those of one (--field-selector spec.nodeName=NAME).`,
    );
  return whole.map(({ namespace, pod, container }) => {
    const own: Note[] = [{ key: 'cpus', text: 'asked for by count; cpu_manager_state of the node says which it has.' }];
    const given = Object.entries(boundMemory(pod, container)).map(([type, bytes]) => ({ type, bytes, nodes: [] }));
    return {
      block: blockOf({
        ...{ name: `${namespace}/${pod.name}/${container.name}`, kind: 'container' },
        runsAs: calledOrNull(`${namespace}/${pod.name}`),
        ...{ threads: exclusiveCpus(pod, container), ...memoryFrom(given, true, own) },
      }),
      notes: own,
    };
  });
}
