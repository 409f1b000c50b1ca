/**
 * I/O devices and the node each is near: network interfaces, disks, GPUs, by the PCI device they are a part of. As lstopo,
 * this takes the word of the PCI device for where it is (`local_cpulist`, `numa_node`), and leaves out what is no hardware.
 */

import { parseCpuList } from '../../text/cpulist.ts';
import { inOrder, kindOfPciClass, MAX_DEVICES, PCI_ADDRESS } from '../../topology/devices.ts';
import type { Device, DeviceKind, NumaNode } from '../../topology/topology.ts';
import { clean } from '../../text/clean.ts';
import { both, list, without } from './ids.ts';
import type { Ids } from './ids.ts';
import type { Source } from './source.ts';

const PCI = 'sys/bus/pci/devices';

const KINDS: Readonly<Record<string, DeviceKind>> = {
  net: 'network',
  infiniband: 'network',
  block: 'storage',
  drm: 'gpu',
};

/** A device the kernel gave a name. */
interface Named {
  readonly kind: DeviceKind;
  readonly name: string;
  /** Its link in sys/class. */
  readonly path: string;
  readonly address: string | null;
}

/** Where a device is, as the kernel says it of the device itself or of the PCI device around it. */
type Locality = Pick<Device, 'node' | 'cpus'>;
type Around = Locality & Pick<Device, 'pci'>;

class Reading {
  readonly #source: Source;
  readonly #online: Ids;
  readonly #nodes: ReadonlyMap<number, NumaNode>;
  readonly #pci = new Map<string, Around>();

  constructor(source: Source, online: Ids, nodes: readonly NumaNode[]) {
    this.#source = source;
    this.#online = online;
    this.#nodes = new Map(nodes.map((node) => [node.id, node]));
  }

  all(): Device[] {
    const named = this.#named();
    const used = new Set(named.map(({ address }) => address));
    const found = named.flatMap((one) => this.#device(one) ?? []);
    for (const address of this.#addresses()) {
      const kind = kindOfPciClass(this.#class(address) ?? '');
      if (kind === null || used.has(address)) continue;
      found.push({ kind, name: address, address, ...this.#around(address) });
    }
    if (found.length > MAX_DEVICES)
      this.#source.warn(`The host shows ${found.length} I/O devices; the first ${MAX_DEVICES} are listed.`);
    return inOrder(found);
  }

  #addresses(): string[] {
    return [...this.#source.files.keys()].flatMap((path) => {
      if (!path.startsWith(PCI) || !path.endsWith('/class')) return [];
      const address = path.slice(PCI.length + 1, -'/class'.length);
      return PCI_ADDRESS.test(address) ? [address] : [];
    });
  }

  /** Every link in sys/class that leads to a device of its own: no partition, no screen of a GPU. */
  #named(): Named[] {
    const links = [...this.#source.files].flatMap(([path, target]) => {
      const [, folder = '', own = ''] = /^sys\/class\/(net|infiniband|block|drm)\/([^/]+)$/.exec(path) ?? [];
      const name = clean(own, 64);
      const kind = KINDS[folder];
      if (!kind || name === '' || (folder === 'drm' && !/^card\d+$/.test(name))) return [];
      return [{ kind, name, path, steps: target.split('/') }];
    });
    const disks = new Set(links.flatMap(({ kind, name }) => (kind === 'storage' ? [name] : [])));
    return links.flatMap(({ kind, name, path, steps }) => {
      // A partition's link leads through its disk.
      if (steps.includes('virtual') || (kind === 'storage' && disks.has(steps.at(-2) ?? ''))) return [];
      const address = steps.findLast((step) => PCI_ADDRESS.test(step)) ?? null;
      // A path to an NVMe namespace that has several: people know the namespace.
      return [{ kind, name: name.replace(/^(nvme\d+)c\d+(n\d+)$/, '$1$2'), path, address }];
    });
  }

  #device({ kind, name, path, address }: Named): Device | null {
    if (address !== null) return { kind, name, address, ...this.#around(address) };
    const folder = `${path}/device`;
    return (this.#source.integer(`${folder}/numa_node`) ?? -1) < 0
      ? null
      : { kind, name, address, pci: null, ...this.#locality(folder) };
  }

  #class(address: string): string | null {
    return /^0x([0-9a-f]{4})[0-9a-f]{2}$/.exec(this.#source.text(`${PCI}/${address}/class`) ?? '')?.[1] ?? null;
  }

  /** What is said of the PCI device, once for all its parts. */
  #around(address: string): Around {
    const known = this.#pci.get(address);
    if (known) return known;
    const folder = `${PCI}/${address}`;
    const code = this.#class(address);
    const [vendor, device] = ['vendor', 'device'].map(
      (file) => /^0x([0-9a-f]{4})$/.exec(this.#source.text(`${folder}/${file}`) ?? '')?.[1],
    );
    const told = code !== null && vendor !== undefined && device !== undefined;
    const around = { pci: told ? `${code} ${vendor}:${device}` : null, ...this.#locality(folder) };
    this.#pci.set(address, around);
    return around;
  }

  #locality(folder: string): Locality {
    const said = this.#source.integer(`${folder}/numa_node`) ?? -1;
    const node = this.#nodes.get(said) ?? null;
    if (said >= 0 && !node)
      this.#source.warnOf(
        'devices at absent nodes',
        String(said),
        (nodes, count) =>
          `Devices say they are at node${count === 1 ? '' : 's'} ${nodes}, which ${count === 1 ? 'is' : 'are'} not there; such devices are shown at none.`,
      );
    const local = this.#source.ids({ list: `${folder}/local_cpulist`, mask: `${folder}/local_cpus` });
    const near = local ? both(local, this.#online) : new Set<number>();
    const own = node && node.cpus !== '' ? new Set(parseCpuList(node.cpus)) : null;
    // Without a word of the device, its node's CPUs are near; with no node either, none is nearer than another.
    if (near.size === 0) return { node: node?.id ?? null, cpus: own ? list(own) : list(this.#online) };
    if (own && without(near, own).size > 0)
      this.#source.warnOf(
        'devices near other CPUs',
        `at node ${said} says that CPUs ${list(near)}`,
        (each) => `A device ${each} are near; both are shown.`,
      );
    return { node: node?.id ?? this.#homeOf(near), cpus: list(near) };
  }

  /** The node around CPUs that are near, where firmware names none and not all are near. */
  #homeOf(near: Ids): number | null {
    if (near.size === this.#online.size) return null;
    const around = [...this.#nodes.values()].find(({ cpus }) => without(near, new Set(parseCpuList(cpus))).size === 0);
    return around?.id ?? null;
  }
}

/** In the order of `Topology.devices`. */
export function readDevices(source: Source, online: Ids, nodes: readonly NumaNode[]): Device[] {
  return new Reading(source, online, nodes).all();
}
