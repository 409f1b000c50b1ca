/** Virtual machines as libvirt's domains: vCPUs on CPUs, what serves them, memory by node, and the machine that the guest sees. */

import { escapeXml } from '../../svg/render.ts';
import { formatCpuList } from '../../text/cpulist.ts';
import { plural } from '../../text/format.ts';
import type { GuestTopology } from '../plan.ts';
import type { Placed, Placement } from '../place.ts';
import { coresOf, hypervisorCpus, MIB, toolNames, YOUR_MEMORY } from './exported.ts';
import type { ExportedFile, PlanExporter } from './exported.ts';

/** One guest node with vCPUs and memory of one node of the host. */
interface Cell {
  readonly hostNode: number;
  readonly vcpus: readonly number[];
  readonly memoryMib: number;
}

/** The guest's machine: as the plan says, else a socket a node, with the cores that it has. */
function guestOf({ block, nodes }: Placed, cores: readonly (readonly number[])[]): GuestTopology {
  if (block.guest) return block.guest;
  const threads = Math.max(1, ...cores.map((core) => core.length));
  const whole = cores.every((core) => core.length === threads);
  const vcpus = cores.flat().length;
  const sockets = Math.max(1, nodes.length);
  const perSocket = vcpus / (whole ? threads : 1) / sockets;
  return Number.isInteger(perSocket)
    ? { sockets, cores: perSocket, threads: whole ? threads : 1, nodes: sockets }
    : { sockets: 1, cores: vcpus, threads: 1, nodes: sockets };
}

function cellsOf(placement: Placement, placed: Placed, pinned: readonly number[]): Cell[] {
  const memory = [...placed.memory].filter(([, bytes]) => bytes > 0);
  const nodeOf = (cpu: number): number | null => placement.machine.coreOf.get(cpu)?.node ?? null;
  const nodes = [...new Set([...placed.nodes, ...memory.map(([node]) => node)])].toSorted((a, b) => a - b);
  return nodes.map((hostNode) => ({
    hostNode,
    vcpus: pinned.flatMap((cpu, vcpu) => (nodeOf(cpu) === hostNode ? [vcpu] : [])),
    memoryMib: Math.floor((placed.memory.get(hostNode) ?? 0) / MIB),
  }));
}

function pageLine(sizeBytes: number): string {
  const kib = sizeBytes / 1024;
  const [size, unit] = kib % MIB === 0 ? [kib / MIB, 'GiB'] : kib % 1024 === 0 ? [kib / 1024, 'MiB'] : [kib, 'KiB'];
  return `      <page size='${String(size)}' unit='${unit}'/>`;
}

function domain(placement: Placement, placed: Placed, name: string): string {
  const { block, memory } = placed;
  const cores = coresOf(placement, placed);
  const pinned = cores.flat();
  const guest = guestOf(placed, cores);
  const cells = cellsOf(placement, placed, pinned);
  const emulator = formatCpuList(hypervisorCpus(placement, placed, 'emulatorCpus'));
  const iothreads = block.iothreads ?? 0;
  const ioCpus = formatCpuList(hypervisorCpus(placement, placed, 'iothreadCpus'));
  const memoryMib = block.memoryBytes === null ? YOUR_MEMORY : String(Math.floor(block.memoryBytes / MIB));
  const nodeset = formatCpuList(memory.keys());
  const mode = block.memoryPolicy;
  // A strict binding of each guest node to its own; interleaved memory has no node of its own.
  const asCells =
    mode !== 'interleave' &&
    cells.length > 1 &&
    cells.every(({ vcpus, memoryMib: own }) => vcpus.length > 0 && own > 0);
  const shown = block.memoryBytes !== null && (asCells || cells.length === 1) ? cells : [];
  return [
    `<domain type='kvm'>`,
    `  <name>${escapeXml(name)}</name>`,
    `  <memory unit='MiB'>${memoryMib}</memory>`,
    ...(block.hugepages
      ? [
          '  <memoryBacking>',
          '    <hugepages>',
          pageLine(block.hugepages.sizeBytes),
          '    </hugepages>',
          '  </memoryBacking>',
        ]
      : []),
    `  <vcpu placement='static' cpuset='${formatCpuList(pinned)}'>${String(pinned.length)}</vcpu>`,
    ...(iothreads > 0 ? [`  <iothreads>${String(iothreads)}</iothreads>`] : []),
    '  <cputune>',
    ...pinned.map((cpu, vcpu) => `    <vcpupin vcpu='${String(vcpu)}' cpuset='${String(cpu)}'/>`),
    ...(emulator === '' ? [] : [`    <emulatorpin cpuset='${emulator}'/>`]),
    ...(ioCpus === ''
      ? []
      : Array.from(
          { length: iothreads },
          (_, at) => `    <iothreadpin iothread='${String(at + 1)}' cpuset='${ioCpus}'/>`,
        )),
    '  </cputune>',
    ...(nodeset === ''
      ? []
      : [
          '  <numatune>',
          `    <memory mode='${mode}' nodeset='${nodeset}'/>`,
          ...(asCells
            ? cells.map(
                ({ hostNode }, cell) =>
                  `    <memnode cellid='${String(cell)}' mode='${mode}' nodeset='${String(hostNode)}'/>`,
              )
            : []),
          '  </numatune>',
        ]),
    '  <os>',
    `    <type arch='${architecture(placement)}'>hvm</type>`,
    '  </os>',
    "  <cpu mode='host-passthrough'>",
    `    <topology sockets='${String(guest.sockets)}' cores='${String(guest.cores)}' threads='${String(guest.threads)}'/>`,
    "    <cache mode='passthrough'/>",
    ...(shown.length === 0 ? [] : ['    <numa>', ...shown.map(cellLine), '    </numa>']),
    '  </cpu>',
    '</domain>',
    '',
  ].join('\n');
}

const cellLine = ({ vcpus, memoryMib }: Cell, cell: number): string =>
  `      <cell id='${String(cell)}' cpus='${formatCpuList(vcpus)}' memory='${String(memoryMib)}' unit='MiB'/>`;

const ARCHITECTURES = ['x86_64', 'aarch64', 'ppc64le', 's390x', 'riscv64'];
const architecture = ({ machine }: Placement): string =>
  ARCHITECTURES.find((one) => one === machine.topology.machine.architecture) ?? 'x86_64';

function noteOf(placement: Placement, placed: Placed): string {
  const { block, cpus, missing, nodes } = placed;
  const emulator = hypervisorCpus(placement, placed, 'emulatorCpus');
  return [
    'Disks, networks and firmware are not in it: add them, or take its elements over into a domain that you have (`virsh edit`).',
    `Guest CPUs are numbered core by core: ${plural(cpus.length, 'vCPU')} on CPUs ${formatCpuList(cpus)}.`,
    ...(block.memoryBytes === null ? ['The plan does not say how much memory it has: write it for YOUR_MEMORY.'] : []),
    ...(missing > 0 ? [`The plan has no CPUs for ${String(missing)} of its threads: \`plan check\` says why.`] : []),
    ...(emulator.length === 0 ? ['No CPUs are planned for its emulator threads: they run on those of the vCPUs.'] : []),
    ...(nodes.length > 1
      ? [`Its memory follows its vCPUs over nodes ${formatCpuList(nodes)}; the guest sees a node for each.`]
      : []),
    ...(block.memoryPolicy === 'strict' && block.memoryBytes !== null
      ? ['With mode strict it does not start where its nodes have not enough free memory.']
      : []),
    ...(block.hugepages && block.hugepages.memoryBytes < (block.memoryBytes ?? 0)
      ? ['libvirt backs all of a guest with huge pages, not a part of it: the pages have to be enough for all.']
      : []),
    ...(block.devices.length === 0
      ? []
      : [`Give it ${block.devices.map(({ name }) => name).join(', ')} as <hostdev>.`]),
  ].join(' ');
}

export const libvirt: PlanExporter = {
  name: 'libvirt',
  title: 'libvirt domains',
  write: (_, placement): ExportedFile[] => {
    const vms = placement.blocks.filter(({ block, cpus }) => block.kind === 'vm' && cpus.length > 0);
    const names = toolNames(vms);
    return vms.map((placed) => ({
      path: `${names.get(placed) ?? 'vm'}.xml`,
      text: domain(placement, placed, names.get(placed) ?? 'vm'),
      note: noteOf(placement, placed),
    }));
  },
};
