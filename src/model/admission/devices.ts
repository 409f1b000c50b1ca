/** The device manager: its hints, and from which nodes it gives devices. Kubernetes 1.34, `pkg/kubelet/cm/devicemanager`. */

import type { Refusal } from './cpus.ts';
import { bitsOf, hintsFor } from './hints.ts';
import type { Hint } from './hints.ts';
import type { AdmittingNode, NodeDevices } from './node.ts';

const near = ({ nodes }: AdmittingNode, devices: readonly NodeDevices[], mask: number): NodeDevices[] => {
  const own = new Set(bitsOf(mask).map((bit) => nodes[bit]));
  return devices.filter(({ node }) => own.has(node));
};
const sum = (devices: readonly NodeDevices[], of: 'free' | 'total'): number =>
  devices.reduce((all, one) => all + one[of], 0);

/** Null where nothing is known of the devices: a plugin that names no nodes has no preference. */
export function deviceHints(node: AdmittingNode, resource: string, count: number): Hint[] | null {
  const devices = node.devices[resource];
  if (!devices) return null;
  return hintsFor(node.nodes.length, {
    could: (mask) => sum(near(node, devices, mask), 'total') >= count,
    can: (mask) => sum(near(node, devices, mask), 'free') >= count,
  });
}

/** What is left of them: near ones are given first. */
export function giveDevices(
  node: AdmittingNode,
  resource: string,
  count: number,
  mask: number | null,
): readonly NodeDevices[] | Refusal {
  const devices = node.devices[resource] ?? [];
  if (node.devices[resource] && sum(devices, 'free') < count)
    return {
      reason: 'UnexpectedAdmissionError',
      why: `${String(count)} of ${resource} asked for, ${String(sum(devices, 'free'))} free`,
    };
  const first = new Set(mask === null ? [] : near(node, devices, mask));
  let open = count;
  const left = new Map(devices.map((one) => [one, one.free]));
  for (const one of [...first, ...devices.filter((other) => !first.has(other))]) {
    const given = Math.min(one.free, open);
    left.set(one, one.free - given);
    open -= given;
  }
  return devices.map((one) => ({ ...one, free: left.get(one) ?? one.free }));
}
