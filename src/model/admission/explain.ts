/** Why a pod was refused, in words and by node, and what would have been admitted instead. */

import { EN_DASH, formatBytes, formatRange, listed, plural } from '../text/format.ts';
import { formatCpuList } from '../text/cpulist.ts';
import { admit } from './admit.ts';
import type { Admission } from './admit.ts';
import { freeCpus } from './cpus.ts';
import { bitsOf, TOPOLOGY_POLICIES } from './hints.ts';
import type { ResourceHints } from './hints.ts';
import type { AdmittingNode } from './node.ts';
import { boundMemory, exclusiveCpus, qosOf } from './pod.ts';
import type { Container, Pod } from './pod.ts';

/** What one node has left for containers that get it for themselves. */
export interface NodeLeft {
  readonly node: number;
  readonly freeCpus: number;
  readonly cpus: number;
  /** By resource; empty where the memory manager keeps no books. */
  readonly memory: readonly { readonly resource: string; readonly free: number; readonly allocatable: number }[];
  readonly devices: readonly { readonly resource: string; readonly free: number; readonly total: number }[];
}

export interface Explanation {
  readonly sentence: string;
  /** Why, resource by resource. */
  readonly reasons: readonly string[];
  readonly left: readonly NodeLeft[];
  /** What would be admitted; empty where the pod was. */
  readonly instead: readonly string[];
}

export function explain(node: AdmittingNode, pod: Pod, admission: Admission): Explanation {
  const left = leftOf(node);
  if (admission.admitted)
    return { sentence: admittedWords(node, pod, admission), reasons: notes(node, pod), left, instead: [] };
  const { reason, failed, why } = admission;
  const who = failed === null ? `Pod "${pod.name}"` : `Container "${failed}"`;
  const sentence = `${who} is refused with ${reason ?? 'an error'}: ${why ?? 'no reason is known'}.`;
  const hints = reason === 'TopologyAffinityError' ? (admission.steps.at(-1)?.hints ?? []) : [];
  return {
    sentence,
    reasons: [...reasonsOf(node, hints), ...notes(node, pod)],
    left,
    instead: alternatives(node, pod, admission),
  };
}

function leftOf(node: AdmittingNode): NodeLeft[] {
  const free = freeCpus(node);
  const inNode = (cpus: Iterable<number>, id: number): number =>
    [...cpus].filter((cpu) => node.places.of.get(cpu)?.node === id).length;
  return node.nodes.map((id, at) => ({
    ...{ node: id, freeCpus: inNode(free, id), cpus: inNode(node.places.of.keys(), id) },
    memory: Object.entries(node.memory?.[at]?.tables ?? {}).map(([resource, table]) => ({
      ...{ resource, free: table.free, allocatable: table.allocatable },
    })),
    devices: Object.entries(node.devices).flatMap(([resource, all]) =>
      all.filter((one) => one.node === id).map((one) => ({ resource, free: one.free, total: one.total })),
    ),
  }));
}

function admittedWords({ nodes }: AdmittingNode, pod: Pod, { given }: Admission): string {
  const each = given.flatMap(({ container, cpus, memory }) => {
    if (cpus.length === 0) return [];
    const bound = memory === null ? '' : ` and memory of ${nodeWords(nodes, memory)}`;
    return [`container "${container}" gets CPUs ${formatRange(formatCpuList(cpus))}${bound}`];
  });
  return each.length === 0
    ? `Pod "${pod.name}" is admitted; its containers run on the shared CPUs.`
    : `Pod "${pod.name}" is admitted: ${listed(each)}.`;
}

const nodeWords = (nodes: readonly number[], mask: number): string => {
  const ids = bitsOf(mask).map((bit) => nodes[bit] ?? bit);
  return ids.length === 1 ? `node ${String(ids[0])}` : `nodes ${formatRange(formatCpuList(ids))}`;
};

/** Which nodes each resource would take, and that they do not meet. */
function reasonsOf({ nodes, policies }: AdmittingNode, hints: readonly ResourceHints[]): string[] {
  const single = policies.topologyManager === 'single-numa-node';
  const words = hints.flatMap(({ resource, hints: own }) => {
    if (own === null) return [];
    if (own.length === 0) return [`${nameOf(resource)}: not enough is free, not even on all nodes together.`];
    const preferred = own.filter((one) => one.preferred && (!single || bitsOf(one.nodes ?? 0).length === 1));
    if (preferred.length > 0)
      return [
        `${nameOf(resource)}: can be had from ${listed(
          preferred.map((one) => nodeWords(nodes, one.nodes ?? 0)),
          'or',
        )}.`,
      ];
    const least = own[0]?.nodes ?? 0;
    return [
      `${nameOf(resource)}: ${single ? 'no single node has enough free' : 'enough is not free on as few nodes as could have it'}; ${nodeWords(nodes, least)} ${bitsOf(least).length === 1 ? 'has' : 'together have'} it.`,
    ];
  });
  const asked = hints.filter((one) => one.hints !== null);
  const apart = asked.length > 1 && asked.every((one) => one.hints?.some((hint) => hint.preferred));
  return apart ? [...words, 'There is no set of nodes that all of them agree on.'] : words;
}

const nameOf = (resource: string): string =>
  resource === 'cpu' ? 'CPUs' : resource === 'memory' ? 'Memory' : resource;

/** What makes the managers look away. */
function notes({ policies }: AdmittingNode, pod: Pod): string[] {
  const qos = qosOf(pod);
  const part = pod.containers.filter(({ requests: { cpu } }) => cpu !== null && cpu % 1000 !== 0);
  return [
    ...(policies.cpuManager === 'none' ? ["The CPU manager's policy is none: no container gets CPUs for itself."] : []),
    ...(policies.topologyManager === 'none'
      ? ["The topology manager's policy is none: nothing is aligned to nodes."]
      : []),
    ...(policies.cpuManager === 'static' && policies.reserved.length === 0
      ? [
          'No CPU is reserved (reservedSystemCPUs, or cpu of kubeReserved and systemReserved): a kubelet with the static policy does not start like that.',
        ]
      : []),
    ...(qos === 'Guaranteed'
      ? []
      : [
          `The pod is ${qos}: only Guaranteed pods get CPUs and memory for themselves (limits for both, equal to the requests).`,
        ]),
    ...(pod.whole
      ? [
          'The pod has resources of its own (spec.resources): the managers leave such pods alone, unless the feature gate PodLevelResourceManagers is on.',
        ]
      : []),
    ...(qos === 'Guaranteed' && !pod.whole && part.length > 0
      ? [
          `${listed(part.map(({ name }) => `"${name}"`))} ${part.length === 1 ? 'asks' : 'ask'} for part of a CPU, and so ${part.length === 1 ? 'runs' : 'run'} on the shared ones.`,
        ]
      : []),
  ];
}

function alternatives(node: AdmittingNode, pod: Pod, { failed }: Admission): string[] {
  return [...fewerCpus(node, pod, failed), ...withoutOthers(node, pod), ...looserPolicy(node, pod)];
}

function looserPolicy(node: AdmittingNode, pod: Pod): string[] {
  const { policies } = node;
  const looser = TOPOLOGY_POLICIES.slice(0, TOPOLOGY_POLICIES.indexOf(policies.topologyManager)).toReversed();
  for (const topologyManager of looser) {
    const { admitted, given } = admit({ ...node, policies: { ...policies, topologyManager } }, pod);
    if (!admitted) continue;
    const cpus = given.flatMap((one) => one.cpus);
    const nodes = [...new Set(cpus.map((cpu) => node.places.of.get(cpu)?.node ?? 0))];
    const where = nodes.length > 1 ? `, with CPUs of nodes ${formatRange(formatCpuList(nodes))}` : '';
    return [`With topologyManagerPolicy ${topologyManager}${where}.`];
  }
  return [];
}

/** The most CPUs that the container which failed would get now; of a pod as a whole, its largest. */
function fewerCpus(node: AdmittingNode, pod: Pod, failed: string | null): string[] {
  const cpusOf = (one: Container): number => exclusiveCpus(pod, one);
  const named = pod.containers.find(({ name }) => name === failed);
  const container = named ?? pod.containers.toSorted((a, b) => cpusOf(b) - cpusOf(a))[0];
  if (!container || cpusOf(container) < 2) return [];
  const step = node.policies.cpuOptions.fullCores ? node.places.threads : 1;
  const most = Math.min(cpusOf(container) - 1, node.places.of.size);
  for (let count = most - (most % step); count >= 1; count -= step) {
    const amounts = (given: Container['requests']): Container['requests'] => ({ ...given, cpu: count * 1000 });
    const smaller = { ...container, requests: amounts(container.requests), limits: amounts(container.limits) };
    if (admit(node, { ...pod, containers: pod.containers.map((one) => (one === container ? smaller : one)) }).admitted)
      return [`With ${plural(count, 'CPU')} for "${container.name}" instead of ${String(cpusOf(container))}.`];
  }
  return [];
}

const FEW = 3;

/** Pods that hold CPUs; with one of them gone it would be admitted. What memory they hold is not known by pod, and left as it is. */
function withoutOthers(node: AdmittingNode, pod: Pod): string[] {
  const pods = [...new Set(node.holders.map((one) => one.pod))];
  const enough = pods.filter((gone) => {
    const cpus = node.holders.filter((one) => one.pod === gone).flatMap((one) => one.cpus);
    return admit({ ...node, shared: [...node.shared, ...cpus].sort((a, b) => a - b) }, pod).admitted;
  });
  if (enough.length === 0) return [];
  const words = enough.slice(0, FEW).map((gone) => {
    const own = node.holders.filter((one) => one.pod === gone);
    return `${gone} (${listed(own.map(({ container, cpus }) => `${container}: CPUs ${formatRange(formatCpuList(cpus))}`))})`;
  });
  const more = enough.length > FEW ? [plural(enough.length - FEW, 'other')] : [];
  return [`Without ${listed([...words, ...more], 'or')}.`];
}

/** For a table: what a container asks for. */
export function askedWords(pod: Pod, container: Container): string {
  const cpus = exclusiveCpus(pod, container);
  const memory = Object.entries(boundMemory(pod, container)).map(([resource, bytes]) =>
    resource === 'memory' ? formatBytes(bytes) : `${formatBytes(bytes)} ${resource}`,
  );
  const devices = Object.entries(container.requests.devices).map(([resource, count]) => `${String(count)} ${resource}`);
  const all = [...(cpus > 0 ? [plural(cpus, 'CPU')] : []), ...memory, ...devices];
  return all.length === 0 ? EN_DASH : all.join(', ');
}
