/** The host as a node of Slurm: what of it jobs do not get. */

import { formatCpuList } from '../../text/cpulist.ts';
import type { Device } from '../../topology/topology.ts';
import type { PlanMachine } from '../machine.ts';
import { slurmCpus } from '../slurm-ids.ts';
import { hostCpus, MIB } from './exported.ts';
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
    const line = [
      'NodeName=YOUR_HOST',
      ...[`Sockets=${String(sockets)}`, `CoresPerSocket=${String(Math.floor(cores.length / sockets))}`],
      ...[`ThreadsPerCore=${String(smt)}`, ...(real > 0 ? [`RealMemory=${String(real)}`] : [])],
      `CpuSpecList=${abstractIds(placement.machine, kept)}`,
      ...(limit > 0 ? [`MemSpecLimit=${String(limit)}`] : []),
    ].join(' ');
    const near = placement.blocks.flatMap(({ block }) => block.devices.map(({ name }) => name));
    return [
      {
        path: 'slurm.conf',
        text: `${line}\nTaskPlugin=task/affinity,task/cgroup\n`,
        note: 'CpuSpecList counts CPUs as Slurm numbers them, core by core through the sockets, not as the kernel does. Jobs get cores and memory by count; what the plan says of single blocks has no place here.',
      },
      ...(near.length === 0
        ? []
        : [
            {
              path: 'gres.conf',
              text: `${near.map((name) => gresLine(placement.machine.topology.devices, name)).join('\n')}\n`,
              note: 'Put the file of each device in. With Cores= Slurm gives a job the cores beside its device.',
            },
          ]),
    ];
  },
};

function abstractIds(machine: PlanMachine, kept: readonly number[]): string {
  const wanted = new Set(kept);
  return formatCpuList([...slurmCpus(machine)].flatMap(([id, cpu]) => (wanted.has(cpu) ? [id] : [])));
}

function gresLine(devices: readonly Device[], name: string): string {
  const { kind = 'gpu', cpus = '' } = devices.find((one) => one.name === name) ?? {};
  return `NodeName=YOUR_HOST Name=${kind} File=/dev/YOUR_DEVICE${cpus === '' ? '' : ` Cores=${cpus}`} # ${name}`;
}
