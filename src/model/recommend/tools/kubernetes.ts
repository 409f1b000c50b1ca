/**
 * Placements as far as Kubernetes can say them. A pod names how many CPUs it wants, never which: the kubelet's static CPU manager
 * picks them, its topology manager decides whether they and the memory come from one node.
 */

import { formatCpuList, parseCpuList } from '../../text/cpulist.ts';
import { plural } from '../../text/format.ts';
import { withoutUnsafe } from '../../text/clean.ts';
import type { Topology } from '../../topology/topology.ts';
import { cpuListOf, cpusOf, isolatedNote, memoryChoice, memoryNote, nodesOf, reserved } from './placed.ts';
import type { Recommendation } from './placed.ts';
import type { ToPaste } from '../../placement/to-paste.ts';

/** The topology manager refuses to start on more, unless its option max-allowable-numa-nodes allows it. */
const NODES_MOST = 8;

/** One line of YAML is a line of JSON: nothing of the user's can break out of it. */
const yamlList = (words: readonly string[]): string => JSON.stringify(words.map(withoutUnsafe));

function threadsACore(topology: Topology): number {
  return Math.max(1, ...topology.cores.map(({ cpus }) => parseCpuList(cpus).length));
}

/** CPUs that a pod asks for: with whole cores only, the siblings of the placed ones come along and stay idle. */
export function podCpus(topology: Topology, count: number): number {
  const threads = threadsACore(topology);
  return Math.ceil(count / threads) * threads;
}

/** @param together whether each pod is to be on one node. */
export function kubeletLines(topology: Topology, placed: ToPaste, together: boolean): string[] {
  // The static policy refuses to start without a reservation.
  const system = reserved(topology, placed);
  const options = threadsACore(topology) > 1 ? ['cpuManagerPolicyOptions:', '  full-pcpus-only: "true"'] : [];
  return [
    '# kubelet configuration of this node',
    'apiVersion: kubelet.config.k8s.io/v1beta1',
    'kind: KubeletConfiguration',
    'cpuManagerPolicy: static',
    ...options,
    `topologyManagerPolicy: ${together ? 'single-numa-node' : 'best-effort'}`,
    'topologyManagerScope: pod',
    system === null
      ? '# reservedSystemCPUs: this host has no CPU left for the system'
      : `reservedSystemCPUs: "${formatCpuList(system)}"`,
  ];
}

export function kubernetes(topology: Topology, placed: ToPaste): Recommendation {
  const nodes = nodesOf(topology, placed);
  const together = nodes.length < 2;
  const count = cpusOf(placed).length;
  const asked = podCpus(topology, count);
  const command = placed.command === null ? [] : [`    command: ${yamlList(placed.command)}`];
  const pod = [
    '# pod: requests equal to limits and whole CPUs make it Guaranteed, so that it gets CPUs of its own',
    'apiVersion: v1',
    'kind: Pod',
    'metadata:',
    '  name: your-pod',
    'spec:',
    '  containers:',
    '  - name: your-container',
    '    image: YOUR_IMAGE',
    ...command,
    '    resources:',
    `      requests: { cpu: "${asked}", memory: 1Gi }`,
    `      limits: { cpu: "${asked}", memory: 1Gi }`,
  ];
  return {
    tool: 'kubernetes',
    title: 'Kubernetes: static CPU manager and a Guaranteed pod',
    text: [...kubeletLines(topology, placed, together), '---', ...pod].join('\n'),
    note: notes(topology, placed, { nodes, together, asked, count }).join(' '),
  };
}

interface Asked {
  readonly nodes: readonly number[];
  readonly together: boolean;
  readonly asked: number;
  readonly count: number;
}

function notes(topology: Topology, placed: ToPaste, { nodes, together, asked, count }: Asked): string[] {
  const words = [
    `Kubernetes does not accept CPU numbers: it may pick CPUs other than ${cpuListOf(placed)}. Check /sys/fs/cgroup inside the container to see which it took.`,
  ];
  if (!together) {
    words.push(
      `No field asks for CPUs of nodes ${formatCpuList(nodes)} at once, as placed here; best-effort keeps them together where it can.`,
    );
  }
  if (asked !== count) words.push(`With whole cores ${plural(asked, 'CPU')} are taken where ${count} work.`);
  const node = memoryChoice(topology, placed);
  if (node !== null && topology.nodes.length > 1) {
    words.push(
      `No field names node ${node} for the memory; memoryManagerPolicy: Static (with reservedMemory for each node) ties it to the CPUs’ node.`,
    );
  }
  words.push(...memoryNote(topology, placed), ...isolatedNote(topology, placed));
  if (topology.nodes.length > NODES_MOST) {
    words.push(
      `The topology manager starts with at most ${NODES_MOST} nodes unless max-allowable-numa-nodes says more.`,
    );
  }
  words.push('A changed policy needs a drained node and /var/lib/kubelet/cpu_manager_state removed.');
  return words;
}
