/** Which CPUs the queues of a network interface send from (XPS) and hand received packets to (RPS). */

import { parseCpuMask } from '../../formats/sysfs/mask.ts';
import type { ProbeFiles } from '../../formats/sysfs/probe.ts';
import type { Reading } from '../../run/run.ts';
import type { Device, Topology } from '../../topology/topology.ts';

export interface InterfaceQueues {
  readonly device: Device & { readonly node: number };
  /** By the queue ("tx-0"): CPUs of those that have any. */
  readonly xps: ReadonlyMap<string, readonly number[]>;
  readonly rps: ReadonlyMap<string, readonly number[]>;
}

const MASK = /^sys\/class\/net\/([^/]+)\/queues\/((?:tx|rx)-\d{1,5})\/(xps|rps)_cpus$/;

export function readQueues(files: ProbeFiles, topology: Topology): Reading<readonly InterfaceQueues[]> {
  const found = new Map<string, { xps: Map<string, number[]>; rps: Map<string, number[]> }>();
  for (const [path, text] of files) {
    const [, name, queue, kind] = MASK.exec(path) ?? [];
    if (name === undefined || queue === undefined || (kind !== 'xps' && kind !== 'rps')) continue;
    const own = found.get(name) ?? { xps: new Map<string, number[]>(), rps: new Map<string, number[]>() };
    found.set(name, own);
    const cpus = parseCpuMask(text);
    if (cpus && cpus.length > 0) own[kind].set(queue, cpus);
  }
  if (found.size === 0) return { unavailable: 'the host shows no queues of network interfaces' };
  return topology.devices.flatMap((device): InterfaceQueues[] => {
    const { node } = device;
    const own = found.get(device.name);
    return node === null || device.kind !== 'network' || !own ? [] : [{ device: { ...device, node }, ...own }];
  });
}
