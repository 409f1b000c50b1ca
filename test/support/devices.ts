// Owns I/O devices of paper: what a host's /sys shows of them, as files and links, for any machine's other files; and the two
// lists of devices that tests hold against each other, lstopo's and ours.

import { SaxesParser } from 'saxes';
import { formatCpuList, parseCpuList } from '../../src/model/text/cpulist.ts';
import type { Topology } from '../../src/model/topology/topology.ts';

const EVERYWHERE = '../../devices/pci0000:00';

/** A PCI function: its class with interface ("020000"), ids, and where firmware says it is. */
export interface PaperPci {
  readonly address: string;
  readonly code: string;
  readonly ids?: readonly [vendor: string, device: string];
  /** −1: firmware names none. */
  readonly node: number;
  readonly cpus: string;
}

export function pciFiles({ address, code, ids = ['8086', '1521'], node, cpus }: PaperPci): [string, string][] {
  const folder = `sys/bus/pci/devices/${address}`;
  return [
    [`${folder}/class`, `0x${code}`],
    [`${folder}/vendor`, `0x${ids[0]}`],
    [`${folder}/device`, `0x${ids[1]}`],
    [`${folder}/numa_node`, String(node)],
    [`${folder}/local_cpulist`, cpus],
    // A recording has the mask as well, which is what lstopo reads.
    [
      `${folder}/local_cpus`,
      parseCpuList(cpus)
        .reduce((mask, cpu) => mask | (1n << BigInt(cpu)), 0n)
        .toString(16),
    ],
  ];
}

/** A name in sys/class, and the rest of the way from the PCI root to it. */
export const linkTo = (folder: string, name: string, way: string): [string, string] => [
  `sys/class/${folder}/${name}`,
  `${EVERYWHERE}/${way}/${folder}/${name}`,
];

/**
 * A host of two nodes (CPUs `near[0]` and `near[1]`) as engineers have them: a NIC of two ports and an NVMe disk at node 1,
 * virtio and SATA disks and a screen at node 0, an accelerator and a NIC that no kernel driver has, InfiniBand, persistent
 * memory; and what is no device of its own.
 */
export function paperDevices(near: readonly [string, string]): Map<string, string> {
  const [zero, one] = near;
  const pci = (address: string, code: string, node: 0 | 1, ids?: readonly [string, string]): [string, string][] =>
    pciFiles({ address, code, node, cpus: node === 0 ? zero : one, ...(ids ? { ids } : {}) });
  return new Map([
    ...pci('0000:3b:00.0', '020000', 1),
    ...pci('0000:3b:00.1', '020000', 1),
    linkTo('net', 'ens1f0', '0000:3a:00.0/0000:3b:00.0'),
    linkTo('net', 'ens1f1', '0000:3a:00.0/0000:3b:00.1'),
    ...pci('0000:3c:00.0', '010802', 1, ['144d', 'a80a']),
    ['sys/class/block/nvme0n1', `${EVERYWHERE}/0000:3c:00.0/nvme/nvme0/nvme0n1`],
    ['sys/class/block/nvme0n1p1', `${EVERYWHERE}/0000:3c:00.0/nvme/nvme0/nvme0n1/nvme0n1p1`],
    ...pci('0000:00:03.0', '020000', 0, ['1af4', '1041']),
    linkTo('net', 'eth0', '0000:00:03.0/virtio1'),
    ...pci('0000:00:04.0', '010000', 0, ['1af4', '1042']),
    linkTo('block', 'vda', '0000:00:04.0/virtio2'),
    ...pci('0000:00:17.0', '010601', 0, ['8086', 'a182']),
    ['sys/class/block/sda', `${EVERYWHERE}/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/sda`],
    ['sys/class/block/sda1', `${EVERYWHERE}/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/sda/sda1`],
    ...pci('0000:02:00.0', '030000', 0, ['1a03', '2000']),
    linkTo('drm', 'card0', '0000:02:00.0'),
    ['sys/class/drm/card0-VGA-1', `${EVERYWHERE}/0000:02:00.0/drm/card0/card0-VGA-1`],
    ...pci('0000:5e:00.0', '120000', 1, ['1da3', '1000']),
    ...pci('0000:5f:00.0', '020000', 1, ['15b3', '101d']),
    ...pci('0000:60:00.0', '020700', 1, ['15b3', '101b']),
    linkTo('net', 'ib0', '0000:60:00.0'),
    linkTo('infiniband', 'mlx5_0', '0000:60:00.0'),
    // Timers, bridges and USB are PCI devices too, and nobody pins near them.
    ...pci('0000:00:00.0', '060000', 0),
    ...pci('0000:00:14.0', '0c0330', 0),
    ['sys/class/net/lo', '../../devices/virtual/net/lo'],
    ['sys/class/net/docker0', '../../devices/virtual/net/docker0'],
    ['sys/class/block/dm-0', '../../devices/virtual/block/dm-0'],
    [
      'sys/class/block/pmem0',
      '../../devices/LNXSYSTM:00/LNXSYBUS:00/ACPI0012:00/ndbus0/region0/namespace0.0/block/pmem0',
    ],
  ]);
}

/** The node of `pmem0`, which a folder of links to folders shows. */
export const PMEM_NODE: readonly [string, string] = ['sys/class/block/pmem0/device/numa_node', '1'];

/** "0x00000001,0x0000ff00" as "8-15,32": words of 32 bits, the highest first. */
function setOf(words: string): string {
  const bits = BigInt(
    `0x${words
      .split(',')
      .map((word) => word.replace('0x', '').padStart(8, '0'))
      .join('')}`,
  );
  const ids = Array.from({ length: bits.toString(2).length }, (_, id) => id);
  return formatCpuList(ids.filter((id) => (bits >> BigInt(id)) & 1n));
}

/**
 * What lstopo says of devices, read apart from the product's own reader: "eth0 0000:00:03.0 0-3", name, PCI device and CPUs
 * around it, for every OS device, and for every PCI device that has none.
 */
export function lstopoDevices(xml: string): string[] {
  const found: string[] = [];
  const open: { type: string; cpus: string; address: string; named: boolean }[] = [];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    if (name !== 'object') return;
    const outer = open.at(-1);
    const type = attributes['type'] ?? '';
    const address = type === 'PCIDev' ? (attributes['pci_busid'] ?? '') : (outer?.address ?? '');
    const cpus = attributes['cpuset'] ?? outer?.cpus ?? '';
    if (type === 'OSDev') {
      found.push(`${attributes['name'] ?? ''} ${address || 'null'} ${setOf(cpus)}`);
      for (const one of open) one.named = true;
    }
    open.push({ type, cpus, address: type === 'PCIDev' || type === 'OSDev' ? address : '', named: false });
  });
  parser.on('closetag', ({ name }) => {
    const one = name === 'object' ? open.pop() : undefined;
    if (one?.type === 'PCIDev' && !one.named) found.push(`${one.address} ${one.address} ${setOf(one.cpus)}`);
  });
  parser.write(xml).close();
  return found.sort();
}

/** The same of a topology. */
export const ownDevices = ({ devices }: Topology): string[] =>
  devices.map(({ name, address, cpus }) => `${name} ${address} ${cpus}`).sort();
