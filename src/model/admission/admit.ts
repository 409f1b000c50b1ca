/**
 * Whether a kubelet admits a pod, and why not: the decisions of its CPU, memory and device managers and of its topology manager,
 * made again from the state that it left. The algorithms are those of Kubernetes 1.34; which sources, each file says.
 */

import { cpuHints, giveCpus } from './cpus.ts';
import type { Refusal } from './cpus.ts';
import { deviceHints, giveDevices } from './devices.ts';
import { mergeHints } from './hints.ts';
import type { Hint, ResourceHints } from './hints.ts';
import { bindMemory, memoryHints } from './memory.ts';
import type { AdmittingNode } from './node.ts';
import { boundMemory, exclusiveCpus, together } from './pod.ts';
import type { Container, Pod } from './pod.ts';

/** What was decided for one container, or for the whole pod where the scope is the pod. */
export interface Step {
  /** Null: the whole pod. */
  readonly container: string | null;
  readonly hints: readonly ResourceHints[];
  readonly best: Hint;
}

/** What a container got. */
export interface Given {
  readonly container: string;
  /** Empty: it runs on the shared CPUs. */
  readonly cpus: readonly number[];
  /** Bits of the nodes that its memory is bound to; null: not bound. */
  readonly memory: number | null;
}

export interface Admission {
  readonly admitted: boolean;
  readonly reason: Refusal['reason'] | 'TopologyAffinityError' | null;
  /** Which container failed; null: none did, or the pod as a whole. */
  readonly failed: string | null;
  readonly why: string | null;
  readonly steps: readonly Step[];
  readonly given: readonly Given[];
}

interface Wants {
  readonly cpus: number;
  readonly memory: Readonly<Record<string, number>>;
  readonly devices: Readonly<Record<string, number>>;
}

const isRefusal = (given: object): given is Refusal => 'reason' in given;

function wantsOf(node: AdmittingNode, pod: Pod, container: Container | null): Wants {
  const of = (one: Container): Wants => ({
    cpus: node.policies.cpuManager === 'static' ? exclusiveCpus(pod, one) : 0,
    memory: node.policies.memoryManager === 'Static' && node.memory ? boundMemory(pod, one) : {},
    devices: one.requests.devices,
  });
  if (container) return of(container);
  return {
    cpus: together(pod, (one) => ({ cpus: of(one).cpus }))['cpus'] ?? 0,
    memory: together(pod, (one) => of(one).memory),
    devices: together(pod, (one) => of(one).devices),
  };
}

function hintsOf(node: AdmittingNode, { cpus, memory, devices }: Wants, again: readonly number[]): ResourceHints[] {
  const memoryNodes = Object.keys(memory).length > 0 && node.memory ? memoryHints(node.memory, memory) : null;
  return [
    ...(cpus > 0 ? [{ resource: 'cpu', hints: cpuHints(node, cpus, again) }] : []),
    ...Object.keys(memory).map((resource) => ({ resource, hints: memoryNodes })),
    ...Object.entries(devices)
      .filter(([, count]) => count > 0)
      .map(([resource, count]) => ({ resource, hints: deviceHints(node, resource, count) })),
  ];
}

export function admit(start: AdmittingNode, pod: Pod): Admission {
  const { policies, nodes, distances } = start;
  const rules = {
    policy: policies.topologyManager,
    nodes: nodes.length,
    distances: policies.preferClosest ? distances : null,
  };
  let node = start;
  /** Of init containers that ended. */
  let again: readonly number[] = [];
  const steps: Step[] = [];
  const given: Given[] = [];
  const refused = (reason: Admission['reason'], failed: string | null, why: string): Admission => ({
    ...{ admitted: false, reason, failed, why, steps, given },
  });
  const agree = (container: Container | null): Hint | null => {
    const hints = hintsOf(node, wantsOf(node, pod, container), again);
    const { admitted, ...best } = mergeHints(hints, rules);
    steps.push({ container: container?.name ?? null, hints, best });
    return admitted ? best : null;
  };
  const affinity = 'resources cannot be allocated with topology locality';

  const ofPod = policies.scope === 'pod' ? agree(null) : undefined;
  if (ofPod === null) return refused('TopologyAffinityError', null, affinity);
  for (const container of pod.containers) {
    const best = ofPod ?? agree(container);
    if (!best) return refused('TopologyAffinityError', container.name, affinity);
    const wants = wantsOf(node, pod, container);
    // In the order in which the kubelet asks its managers: the first that refuses gives the reason.
    for (const [resource, count] of Object.entries(wants.devices)) {
      // Nothing is known of these: that stays so.
      if (!node.devices[resource]) continue;
      const left = giveDevices(node, resource, count, best.nodes);
      if (isRefusal(left)) return refused(left.reason, container.name, left.why);
      if (container.kind !== 'init') node = { ...node, devices: { ...node.devices, [resource]: left } };
    }
    const cpus = wants.cpus > 0 ? giveCpus(node, wants.cpus, best.nodes, again) : [];
    if (!Array.isArray(cpus)) return refused(cpus.reason, container.name, cpus.why);
    const own = new Set(cpus);
    node = { ...node, shared: node.shared.filter((cpu) => !own.has(cpu)) };
    again = container.kind === 'init' ? [...new Set([...again, ...cpus])] : again.filter((cpu) => !own.has(cpu));

    let bound: number | null = null;
    if (node.memory && Object.keys(wants.memory).length > 0) {
      const memory = bindMemory(node.memory, wants.memory, best);
      if (isRefusal(memory)) return refused(memory.reason, container.name, memory.why);
      bound = memory.nodes;
      // What an init container had, the next ones have again: it does not add up.
      if (container.kind !== 'init') node = { ...node, memory: memory.left };
    }
    given.push({ container: container.name, cpus, memory: bound });
  }
  return { admitted: true, reason: null, failed: null, why: null, steps, given };
}
