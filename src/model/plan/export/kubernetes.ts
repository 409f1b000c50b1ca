/**
 * Kubernetes: the kubelet of the host where containers are planned, kubelets inside virtual machines that are its nodes (those with
 * taints), and pods. Fields are those of kubelet.config.k8s.io/v1beta1 as of Kubernetes 1.34.
 */

import { formatCpuList } from '../../text/cpulist.ts';
import { plural } from '../../text/format.ts';
import { hugePageResource } from '../../admission/state.ts';
import type { Plan } from '../plan.ts';
import type { Placed, Placement } from '../place.ts';
import { coresOf, hostCpus, MIB, toolNames, YOUR_MEMORY } from './exported.ts';
import type { ExportedFile, PlanExporter } from './exported.ts';

/** For the system of a node, MiB: with the eviction threshold what reservedMemory has to add up to, or the kubelet does not start. */
const SYSTEM_MIB = 1024;
const EVICTION_MIB = 100;
/** One threshold that is written sets those that are not to nothing: these are the kubelet's own, and k3s's, so that a full disk goes on being noticed. */
const DISKS = {
  'nodefs.available': '10%',
  'nodefs.inodesFree': '5%',
  'imagefs.available': '15%',
  'imagefs.inodesFree': '5%',
};
const DISKS_K3S = { 'nodefs.available': '5%', 'imagefs.available': '5%' };
/** Of the memory that it is given a guest's kernel keeps some for itself before anybody counts: so much is taken to be there. */
const GUEST_SEES = 0.95;

export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}

/** "workload=slm:NoSchedule". */
export function taintOf(written: string): Taint {
  const [, key = written, value = '', effect = 'NoSchedule'] = /^([^=:]+)(?:=([^:]*))?:(\w+)$/.exec(written) ?? [];
  return { key, value, effect };
}

/** As Kubernetes itself writes it. */
const amount = (mib: number): string => (mib > 0 && mib % 1024 === 0 ? `${String(mib / 1024)}Gi` : `${String(mib)}Mi`);

/** A string of YAML is a string of JSON. */
const quoted = (words: string): string => JSON.stringify(words);

interface Kubelet {
  readonly reserved: readonly number[];
  /** Memory kept for the system by node, MiB; the first ones are named where one is enough. */
  readonly memoryMib: ReadonlyMap<number, number>;
  readonly taints: readonly Taint[];
  /** Whether one node has to be enough for a pod. */
  readonly single: boolean;
  readonly smt: boolean;
}

function kubeletText({ reserved, memoryMib, taints, single, smt }: Kubelet): string {
  const system = [...memoryMib.values()].reduce((sum, one) => sum + one, 0) - EVICTION_MIB;
  return [
    'apiVersion: kubelet.config.k8s.io/v1beta1',
    'kind: KubeletConfiguration',
    'cpuManagerPolicy: static',
    ...(smt ? ['cpuManagerPolicyOptions:', '  full-pcpus-only: "true"'] : []),
    'memoryManagerPolicy: Static',
    `topologyManagerPolicy: ${single ? 'single-numa-node' : 'best-effort'}`,
    'topologyManagerScope: pod',
    `reservedSystemCPUs: ${quoted(formatCpuList(reserved))}`,
    `systemReserved: { memory: ${String(system)}Mi }`,
    `evictionHard: { memory.available: ${String(EVICTION_MIB)}Mi, ${Object.entries(DISKS)
      .map(([signal, share]) => `${signal}: ${quoted(share)}`)
      .join(', ')} }`,
    'reservedMemory:',
    ...[...memoryMib].flatMap(([node, mib]) => [
      `- numaNode: ${String(node)}`,
      `  limits: { memory: ${String(mib)}Mi }`,
    ]),
    ...(taints.length === 0
      ? []
      : [
          'registerWithTaints:',
          ...taints.map(
            ({ key, value, effect }) => `- { key: ${quoted(key)}, value: ${quoted(value)}, effect: ${effect} }`,
          ),
        ]),
    '',
  ].join('\n');
}

interface PodAsked {
  readonly name: string;
  readonly cpus: number;
  /** Null: the plan does not say. */
  readonly memoryMib: number | null;
  readonly hugepages: { readonly resource: string; readonly mib: number } | null;
  readonly taints: readonly Taint[];
}

function podText({ name, cpus, memoryMib, hugepages, taints }: PodAsked): string {
  const amounts = [
    `cpu: ${quoted(String(cpus))}`,
    `memory: ${memoryMib === null ? YOUR_MEMORY : amount(memoryMib)}`,
    ...(hugepages ? [`${hugepages.resource}: ${amount(hugepages.mib)}`] : []),
  ].join(', ');
  return [
    'apiVersion: v1',
    'kind: Pod',
    'metadata:',
    `  name: ${name}`,
    'spec:',
    ...(taints.length === 0
      ? []
      : [
          '  tolerations:',
          ...taints.map(
            ({ key, value, effect }) =>
              `  - { key: ${quoted(key)}, operator: Equal, value: ${quoted(value)}, effect: ${effect} }`,
          ),
        ]),
    '  containers:',
    `  - name: ${name}`,
    '    image: YOUR_IMAGE',
    '    resources:',
    `      requests: { ${amounts} }`,
    `      limits: { ${amounts} }`,
    '',
  ].join('\n');
}

/** A kubelet inside a guest: its first core is the system's, vCPUs are numbered core by core. */
function guestKubelet(placement: Placement, placed: Placed): { readonly kubelet: Kubelet; readonly cpusLeft: number } {
  const cores = coresOf(placement, placed);
  const threads = placed.block.guest?.threads ?? Math.max(1, ...cores.map((core) => core.length));
  const reserved = Array.from({ length: threads }, (_, vcpu) => vcpu);
  return {
    kubelet: {
      reserved,
      memoryMib: new Map([[0, SYSTEM_MIB + EVICTION_MIB]]),
      taints: placed.block.taints.map(taintOf),
      single: placed.nodes.length < 2,
      smt: threads > 1,
    },
    cpusLeft: placed.cpus.length - reserved.length,
  };
}

function guestFiles(placement: Placement): ExportedFile[] {
  const guests = placement.blocks.filter(
    ({ block, cpus }) => block.kind === 'vm' && block.taints.length > 0 && cpus.length > 0,
  );
  const names = toolNames(guests);
  return guests.flatMap((placed): ExportedFile[] => {
    const name = names.get(placed) ?? 'node';
    const { kubelet, cpusLeft } = guestKubelet(placement, placed);
    const { memoryBytes } = placed.block;
    const seen = memoryBytes === null ? null : Math.floor((memoryBytes / MIB) * GUEST_SEES);
    const memoryMib = seen && Math.max(0, seen - SYSTEM_MIB - EVICTION_MIB);
    const pod = { name, cpus: cpusLeft, memoryMib, hugepages: null, taints: kubelet.taints };
    return [
      {
        path: `${name}.kubelet.yaml`,
        text: kubeletText(kubelet),
        note: `The kubelet inside the guest: its first core is the system's. reservedMemory has to add up to systemReserved and the eviction threshold. A changed policy needs a drained node, and cpu_manager_state and memory_manager_state removed.`,
      },
      {
        path: `${name}.pod.yaml`,
        text: podText(pod),
        note: `A pod that fills this node: ${plural(cpusLeft, 'CPU')}, requests equal to limits, and memory as far as 95 % of what the guest is given are there. A pod asks for counts: which CPUs it gets, the kubelet decides.`,
      },
      {
        path: `${name}.k3s.yaml`,
        text: k3sText(name, placed, kubelet),
        note: `For k3s: /etc/rancher/k3s/config.yaml of the agent in this guest; the same as the kubelet's configuration above, as arguments.`,
      },
    ];
  });
}

function k3sText(name: string, { block }: Placed, kubelet: Kubelet): string {
  const args = [
    'cpu-manager-policy=static',
    ...(kubelet.smt ? ['cpu-manager-policy-options=full-pcpus-only=true'] : []),
    'memory-manager-policy=Static',
    `topology-manager-policy=${kubelet.single ? 'single-numa-node' : 'best-effort'}`,
    'topology-manager-scope=pod',
    `reserved-cpus=${formatCpuList(kubelet.reserved)}`,
    `system-reserved=memory=${String(SYSTEM_MIB)}Mi`,
    `eviction-hard=memory.available<${String(EVICTION_MIB)}Mi,${Object.entries(DISKS_K3S)
      .map((one) => one.join('<'))
      .join(',')}`,
    ...[...kubelet.memoryMib].map(([node, mib]) => `reserved-memory=${String(node)}:memory=${String(mib)}Mi`),
  ];
  return [
    `node-name: ${name}`,
    ...(block.taints.length === 0 ? [] : ['node-taint:', ...block.taints.map((taint) => `- ${quoted(taint)}`)]),
    'kubelet-arg:',
    ...args.map((one) => `- ${quoted(one)}`),
    '',
  ].join('\n');
}

/** Containers on the host itself. */
function hostFiles(plan: Plan, placement: Placement): ExportedFile[] {
  const containers = placement.blocks.filter(({ block }) => block.kind === 'container');
  if (containers.length === 0) return [];
  const reserved = hostCpus(placement);
  const nodes = placement.machine.topology.nodes.filter(({ memoryBytes }) => memoryBytes !== 0);
  const planned = new Map(plan.reserve.map(({ node, memoryBytes }) => [node, Math.floor(memoryBytes / MIB)] as const));
  const kept = nodes.flatMap(({ id }) => ((planned.get(id) ?? 0) > 0 ? [[id, planned.get(id) ?? 0] as const] : []));
  // What is reserved holds the eviction threshold, too: less than that is none.
  const enough = kept.reduce((sum, [, mib]) => sum + mib, 0) > EVICTION_MIB;
  const memoryMib = new Map(enough ? kept : [[nodes[0]?.id ?? 0, SYSTEM_MIB + EVICTION_MIB] as const]);
  const names = toolNames(containers);
  return [
    {
      path: 'host.kubelet.yaml',
      text: kubeletText({
        ...{ reserved, memoryMib, taints: [], smt: placement.machine.smt > 1 },
        single: containers.every(({ nodes: own }) => own.length < 2),
      }),
      note:
        reserved.length === 0
          ? 'The plan reserves no CPUs for the host: the static policy does not start without. Add reserve:.'
          : `The kubelet of the host; CPUs ${formatCpuList(reserved)} are the system's. Pods come to the nodes that have room in the order in which they are admitted, not where the plan has them: \`plan admit\` says what a pod would get.`,
    },
    ...containers.map((placed): ExportedFile => {
      const { block, cpus } = placed;
      const pages = block.hugepages;
      const name = names.get(placed) ?? 'pod';
      return {
        path: `${name}.pod.yaml`,
        text: podText({
          ...{ name, cpus: cpus.length, taints: block.taints.map(taintOf) },
          memoryMib:
            block.memoryBytes === null ? null : Math.floor((block.memoryBytes - (pages?.memoryBytes ?? 0)) / MIB),
          hugepages: pages && {
            resource: hugePageResource(pages.sizeBytes),
            mib: Math.floor(pages.memoryBytes / MIB),
          },
        }),
        note: `A pod asks for ${plural(cpus.length, 'CPU')}, not for CPUs ${formatCpuList(cpus)}: the kubelet may give it others, and no field names a NUMA node.`,
      };
    }),
  ];
}

export const kubernetes: PlanExporter = {
  name: 'kubernetes',
  title: 'Kubernetes and k3s',
  write: (plan, placement) => [...guestFiles(placement), ...hostFiles(plan, placement)],
};
