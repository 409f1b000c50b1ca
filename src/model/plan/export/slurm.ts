/** The host as a node of Slurm: what of it jobs do not get. */

import { formatCpuList, parseCpuList } from '../../text/cpulist.ts';
import type { Device } from '../../topology/topology.ts';
import type { PlanMachine } from '../machine.ts';
import { slurmCores, slurmCpus } from '../slurm-ids.ts';
import { hostCpus, MIB } from './exported.ts';
import type { Placement } from '../place.ts';
import type { PlanExporter } from './exported.ts';

export const slurm: PlanExporter = {
  name: 'slurm',
  title: 'Slurm',
  write: ({ reserve }, placement) => {
    const { topology, cores, smt } = placement.machine;
    const kept = hostCpus(placement);
    if (kept.length === 0) return [];
    const sockets = Math.max(1, topology.packages.length);
    const memoryMib = (bytes: number): number => Math.floor(bytes / MIB);
    const known = topology.nodes.flatMap(({ memoryBytes }) => (memoryBytes === null ? [] : [memoryBytes]));
    // A part of the memory is not the node's: Slurm then finds it out by itself.
    const real = known.length < topology.nodes.length ? 0 : memoryMib(known.reduce((sum, bytes) => sum + bytes, 0));
    const limit = memoryMib(reserve.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0));
    const near = devicesOf(placement);
    const kinds = near.map(gresName);
    const gres = [...new Set(kinds)].map((name) => `${name}:${String(kinds.filter((one) => one === name).length)}`);
    const line = [
      'NodeName=YOUR_HOST',
      ...[`Sockets=${String(sockets)}`, `CoresPerSocket=${String(Math.floor(cores.length / sockets))}`],
      ...[`ThreadsPerCore=${String(smt)}`, ...(real > 0 ? [`RealMemory=${String(real)}`] : [])],
      ...(gres.length === 0 ? [] : [`Gres=${gres.join(',')}`]),
      `CpuSpecList=${abstractIds(placement.machine, kept)}`,
      ...(limit > 0 ? [`MemSpecLimit=${String(limit)}`] : []),
    ].join(' ');
    return [
      {
        path: 'slurm.conf',
        text: [
          line,
          'TaskPlugin=task/affinity,task/cgroup',
          'SelectType=select/cons_tres',
          'SelectTypeParameters=CR_Core_Memory',
          ...(gres.length === 0 ? [] : [`GresTypes=${[...new Set(kinds)].join(',')}`]),
          '',
        ].join('\n'),
        note: 'CpuSpecList counts CPUs as Slurm numbers them, core by core through the sockets, not as the kernel does. Lines that the cluster has already are to be merged, not written twice. Jobs get cores and memory by count; what the plan says of single blocks has no place here.',
      },
      {
        path: 'cgroup.conf',
        text: 'ConstrainCores=yes\nConstrainRAMSpace=yes\n',
        note: 'Without ConstrainCores= the CPUs of CpuSpecList are kept from no job, and without ConstrainRAMSpace= MemSpecLimit is only counted.',
      },
      ...(near.length === 0
        ? []
        : [
            {
              path: 'gres.conf',
              text: `${near.map((device) => gresLine(placement.machine, device)).join('\n')}\n`,
              note: "Put the file of each device in. With Cores=, by Slurm's numbers of cores, Slurm gives a job the cores beside its device.",
            },
          ]),
    ];
  },
};

function abstractIds(machine: PlanMachine, kept: readonly number[]): string {
  const wanted = new Set(kept);
  return formatCpuList([...slurmCpus(machine)].flatMap(([id, cpu]) => (wanted.has(cpu) ? [id] : [])));
}

/** Each once, however many blocks want it; those that the machine does not know are taken for GPUs. */
function devicesOf({ machine, blocks }: Placement): NamedDevice[] {
  const names = new Set(blocks.flatMap(({ block }) => block.devices.map(({ name }) => name)));
  return [...names].map((name) => {
    const { kind = 'gpu', cpus = '' } = machine.topology.devices.find((one) => one.name === name) ?? {};
    return { name, kind, cpus };
  });
}

type NamedDevice = Pick<Device, 'name' | 'kind' | 'cpus'>;

/** As Slurm's own plugins are called, where there is one. */
const gresName = ({ kind }: NamedDevice): string => (kind === 'network' ? 'nic' : kind);

/** A network interface has no file. */
function gresLine(machine: PlanMachine, device: NamedDevice): string {
  const near = new Set(parseCpuList(device.cpus));
  const cores = slurmCores(machine).flatMap(({ cpus }, core) => (cpus.some((cpu) => near.has(cpu)) ? [core] : []));
  return [
    `NodeName=YOUR_HOST Name=${gresName(device)}`,
    ...(device.kind === 'network' ? [] : ['File=/dev/YOUR_DEVICE']),
    ...(cores.length === 0 ? [] : [`Cores=${formatCpuList(cores)}`]),
    `# ${device.name.replaceAll(/\s+/g, ' ')}`,
  ].join(' ');
}
