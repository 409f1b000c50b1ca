/** I/O objects of an lstopo XML document (Bridge, PCIDev, OSDev) as devices, and devices as such objects. */

import { formatCpuList, parseCpuList } from '../../text/cpulist.ts';
import { inOrder, kindOfPciClass, MAX_DEVICES, PCI_ADDRESS } from '../../topology/devices.ts';
import { tidy } from '../../text/clean.ts';
import type { Device, DeviceKind, NumaNode } from '../../topology/topology.ts';
import type { XmlElement } from '../xml.ts';
import { infosOf, whole } from './objects.ts';
import { parseHwlocSet } from './set.ts';
import type { Attributes } from './tree.ts';

/** hwloc 2 numbers the types of OS devices: block, GPU, network, OpenFabrics, DMA, co-processor. */
const KINDS_2: readonly (DeviceKind | null)[] = ['storage', 'gpu', 'network', 'network', null, 'accelerator'];
/** hwloc 3 has a bit for each, and one device may have several; a disk is first of all a disk. */
const KINDS_3: readonly (readonly [bit: number, kind: DeviceKind])[] = [
  [1, 'storage'],
  [4, 'gpu'],
  [16, 'network'],
  [32, 'network'],
  [8, 'accelerator'],
];

/** Our own note in XML we write: hwloc keeps it, and has no word for the node of a device. */
const NODE_INFO = 'NUMANode';

/** No vendor has the number 0: what we write where a device's ids are not known. */
const UNKNOWN_IDS = '0000:0000';

/** Where an I/O object hangs. */
interface Around {
  /** Null at the machine itself: none of its nodes is nearer. */
  readonly cpus: readonly number[] | null;
  readonly pci: XmlElement | null;
}

/** Memory on CXL is memory, though hwloc 2 calls it storage. */
const MEMORY_CLASS = '05';

function kindOf(device: XmlElement, major: number): DeviceKind | null {
  const type = whole(device, 'osdev_type', 1024);
  if (type === null) return null;
  return major < 3 ? (KINDS_2[type] ?? null) : (KINDS_3.find(([bit]) => (type & bit) !== 0)?.[1] ?? null);
}

/** "0200 8086:1521" of hwloc's "0200 [8086:1521] [1137:008b] 01"; class and ids before its revision. */
function pciOf(element: XmlElement | null): string | null {
  const [, code, ids] =
    /^([0-9a-f]{4}) \[([0-9a-f]{4}:[0-9a-f]{4})\]/.exec(element?.attributes['pci_type'] ?? '') ?? [];
  return code === undefined || ids === undefined || ids === UNKNOWN_IDS ? null : `${code} ${ids}`;
}

function addressOf(element: XmlElement | null): string | null {
  const address = element?.attributes['pci_busid'] ?? '';
  return PCI_ADDRESS.test(address) ? address : null;
}

/** @param root of the document, whose version says what types of devices are called. */
export function devicesOf(
  root: XmlElement,
  machine: XmlElement,
  online: ReadonlySet<number>,
  nodes: readonly NumaNode[],
): Device[] {
  const major = Number.parseInt(root.attributes['version'] ?? '', 10);
  const ids = new Set(nodes.map(({ id }) => id));
  const nodeOfCpu = new Map(nodes.flatMap(({ id, cpus }) => parseCpuList(cpus).map((cpu) => [cpu, id] as const)));
  const found: Device[] = [];

  const locality = ({ cpus, pci }: Around, own: XmlElement): Pick<Device, 'node' | 'cpus'> => {
    const near = (cpus ?? []).filter((cpu) => online.has(cpu));
    const noted = infosOf(own, ...(pci ? [pci] : [])).get(NODE_INFO) ?? '';
    const told = /^\d{1,5}$/.test(noted) && ids.has(Number(noted)) ? Number(noted) : null;
    const homes = new Set(near.map((cpu) => nodeOfCpu.get(cpu)));
    const [home] = homes.size === 1 ? homes : [];
    return { node: told ?? home ?? null, cpus: formatCpuList(near.length > 0 ? near : online) };
  };
  const add = (kind: DeviceKind | null, name: string, around: Around, own: XmlElement): boolean => {
    if (kind === null || name === '' || found.length >= MAX_DEVICES) return false;
    const { pci } = around;
    found.push({ kind, name, address: addressOf(pci), pci: pciOf(pci), ...locality(around, own) });
    return true;
  };
  /** Whether there is a device in it. */
  const visit = (element: XmlElement, around: Around): boolean => {
    const { type = '', name = '' } = element.attributes;
    if (type === 'OSDev') {
      const isMemory = pciOf(around.pci)?.startsWith(MEMORY_CLASS) === true;
      return add(isMemory ? null : kindOf(element, major), tidy(name), around, element);
    }
    const inside: Around =
      type === 'PCIDev'
        ? { ...around, pci: element }
        : type === 'Bridge'
          ? around
          : {
              cpus: element === machine ? null : (parseHwlocSet(element.attributes['cpuset']) ?? around.cpus),
              pci: null,
            };
    const parts = element.children.filter((child) => child.name === 'object').map((child) => visit(child, inside));
    if (type !== 'PCIDev' || parts.includes(true)) return parts.includes(true);
    const address = addressOf(element);
    const code = element.attributes['pci_type']?.slice(0, 4) ?? '';
    return address !== null && add(kindOfPciClass(code), address, inside, element);
  };
  visit(machine, { cpus: null, pci: null });
  return inOrder(found);
}

const OSDEV_TYPES: Readonly<Record<DeviceKind, number>> = { storage: 0, gpu: 1, network: 2, accelerator: 5 };

/** An I/O object to write, and those in it. */
export interface IoObject {
  readonly attributes: Attributes;
  readonly infos: Attributes;
  readonly children: readonly IoObject[];
}

/** A co-processor or GPU without a driver has the class of its kind where none is known. */
const CLASSES: Readonly<Record<DeviceKind, string>> = {
  storage: '0180',
  gpu: '0380',
  network: '0280',
  accelerator: '1200',
};

/** Devices that hang at one place as hwloc nests them: in their PCI device, or alone. */
export function ioObjects(devices: readonly Device[]): IoObject[] {
  const byAddress = new Map<string, Device[]>();
  for (const device of devices) {
    const key = device.address ?? `none ${device.name}`;
    byAddress.set(key, [...(byAddress.get(key) ?? []), device]);
  }
  return [...byAddress.values()].flatMap((parts): IoObject[] => {
    const [first] = parts;
    if (!first) return [];
    const infos = { [NODE_INFO]: first.node };
    const named = parts.filter(({ name, address }) => name !== address);
    const inside = named.map(({ name, kind, address }): IoObject => ({
      attributes: { type: 'OSDev', name, osdev_type: OSDEV_TYPES[kind] },
      infos: address === null ? infos : {},
      children: [],
    }));
    if (first.address === null) return inside;
    const [code = CLASSES[first.kind], ids = UNKNOWN_IDS] = first.pci?.split(' ') ?? [];
    const pci = `${code} [${ids}] [${UNKNOWN_IDS}] 00`;
    return [{ attributes: { type: 'PCIDev', pci_busid: first.address, pci_type: pci }, infos, children: inside }];
  });
}
