/** I/O devices by what they are and where they are: the rules that every reader of them shares, and their words. */

import { MAX_ID, parseCpuList } from '../text/cpulist.ts';
import { formatCpus } from '../text/format.ts';
import type { Device, DeviceKind, Topology } from './topology.ts';

/** A PCI address as Linux writes it; the domain has more digits on hosts of many. */
export const PCI_ADDRESS = /^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/;

/** More would be no machine; eight adapters of 64 virtual functions each are 512. */
export const MAX_DEVICES = 2048;

/**
 * What a PCI device is for, by its class and subclass ("0200"); null for what nobody pins near to: bridges, USB,
 * timers. The classes are those lstopo shows (PCI Code and ID Assignment Specification).
 */
export function kindOfPciClass(code: string): DeviceKind | null {
  if (code === '0c04') return 'storage';
  if (code === '0c06') return 'network';
  const base = code.slice(0, 2);
  if (base === '01') return 'storage';
  if (base === '02') return 'network';
  if (base === '03') return 'gpu';
  return base === '0b' || base === '12' ? 'accelerator' : null;
}

const names = new Intl.Collator('en', { numeric: true });

/** Every kind, those first that most people look for. */
const KINDS: readonly DeviceKind[] = ['network', 'storage', 'gpu', 'accelerator'];

const isNameless = ({ name, address }: Device): number => Number(name === address);

/** Order by node; within one, what has no name of its own last. At most as many as a topology holds. */
export function inOrder(devices: readonly Device[]): Device[] {
  return [...devices]
    .sort(
      (a, b) =>
        (a.node ?? MAX_ID + 1) - (b.node ?? MAX_ID + 1) ||
        isNameless(a) - isNameless(b) ||
        KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
        names.compare(a.name, b.name) ||
        names.compare(a.address ?? '', b.address ?? ''),
    )
    .slice(0, MAX_DEVICES);
}

/** Devices by node, those of no node under null and last. */
export function devicesByNode({ devices }: Topology): ReadonlyMap<number | null, readonly Device[]> {
  const found = new Map<number | null, Device[]>();
  for (const device of inOrder(devices)) {
    const own = found.get(device.node);
    if (own) own.push(device);
    else found.set(device.node, [device]);
  }
  return found;
}

/** Which CPUs are near: "P#8–15 near", or that none is nearer than another. */
export function nearWords({ cpus }: Device, topology: Topology): string {
  const near = parseCpuList(cpus).length;
  if (near === 0) return 'no CPU near';
  const online = topology.cpus.filter((cpu) => cpu.online).length;
  return near < online ? `${formatCpus(cpus)} near` : 'no CPU nearer than the others';
}

/** "node 1"; of what firmware says nothing about, that. */
export const nodeWords = ({ node }: Device): string => (node === null ? 'node unknown' : `node ${node}`);

/** "eth0, network, node 1, P#8–15 near". */
export const deviceWords = (device: Device, topology: Topology): string =>
  [device.name, device.kind, nodeWords(device), nearWords(device, topology)].join(', ');
