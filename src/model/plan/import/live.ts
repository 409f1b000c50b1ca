/** What runs on a host now, as blocks: VMs, containers and services with CPUs of their own, and programs that work where they were pinned. */

import { cpuWords } from '../../doctor/base/check.ts';
import { sharesOf, sumOf } from '../../doctor/base/process.ts';
import { isUnavailable } from '../../run/run.ts';
import { formatCpuList } from '../../text/cpulist.ts';
import { plural } from '../../text/format.ts';
import type { Topology } from '../../topology/topology.ts';
import type { Block } from '../plan.ts';
import { cpusOf, memoryOf } from '../reality/reality.ts';
import type { Reality, Running, RunningVm } from '../reality/reality.ts';
import { blockOf } from './imported.ts';
import type { Imported, ImportedBlock, Note } from './imported.ts';

const MIB = 2 ** 20;
/** A node with less of its memory is one that was passed by. */
const AT_HOME = 0.05;

type Place = Pick<Block, 'memoryBytes' | 'memoryNodes'>;

function memoryPart(one: Running, given: number | null): { place: Place; notes: Note[] } {
  const seen = memoryOf(one);
  if (isUnavailable(seen))
    return {
      place: { memoryBytes: given, memoryNodes: null },
      notes: [{ key: 'memoryNodes', text: `unavailable: ${seen.unavailable}.` }],
    };
  const nodes = [...sharesOf(seen.bytes)].flatMap(([node, share]) => (share >= AT_HOME ? [node] : []));
  const resident = Math.ceil(sumOf(seen.bytes) / MIB) * MIB;
  const place = {
    memoryBytes: given ?? (resident > 0 ? resident : null),
    memoryNodes: nodes.length > 0 ? nodes.toSorted((a, b) => a - b) : null,
  };
  return {
    place,
    notes: given === null && resident > 0 ? [{ key: 'memory', text: 'What it holds now; it may need more.' }] : [],
  };
}

function ofMachine(vm: RunningVm, all: number): ImportedBlock {
  const union = (threads: RunningVm['vcpus']): number[] =>
    [...new Set(threads.flatMap(({ allowed }) => allowed))].toSorted((a, b) => a - b);
  const own = (threads: RunningVm['vcpus']): string | null => {
    const cpus = union(threads);
    return threads.every(({ allowed }) => allowed.length >= all) ? null : formatCpuList(cpus);
  };
  const { place, notes } = memoryPart(vm, vm.memoryBytes);
  const cpus = own(vm.vcpus);
  const count = vm.vcpus.length;
  const unpinned: Note[] =
    count === 0
      ? [{ key: 'threads', text: 'Its threads have no names: how many vCPUs it has is not known.' }]
      : cpus === null
        ? [{ key: 'threads', text: 'Its vCPUs may use all CPUs: give it a node, or cpus.' }]
        : union(vm.vcpus).length > count
          ? [{ key: 'cpus', text: `${plural(count, 'vCPU')} may use these: they are fenced, not pinned.` }]
          : [];
  return {
    block: blockOf({
      ...{
        name: vm.names[0] ?? `vm-${vm.process.pid}`,
        kind: 'vm',
        cpus,
        threads: cpus === null ? Math.max(1, count) : null,
      },
      ...{ ...place, emulatorCpus: own(vm.emulator) },
      ...{ iothreads: vm.iothreads.length > 0 ? vm.iothreads.length : null, iothreadCpus: own(vm.iothreads) },
    }),
    notes: [...notes, ...unpinned],
  };
}

function ofFenced(one: Running, kind: Block['kind'], name: string): ImportedBlock {
  const { place, notes } = memoryPart(one, null);
  return { block: blockOf({ name, kind, cpus: formatCpuList(cpusOf(one)), ...place }), notes };
}

export function importLive(reality: Reality, topology: Topology): Imported {
  const all = topology.cpus.filter(({ online }) => online).length;
  const apart = (one: Running): boolean => {
    const cpus = cpusOf(one);
    return cpus.length > 0 && cpus.length < all;
  };
  const containers = reality.others.filter(({ kind }) => kind === 'container');
  const taken = new Set([...reality.vms, ...containers].flatMap(({ pids }) => pids));
  const services = reality.others.filter(
    (one) =>
      one.kind === 'unit' && one.label.endsWith('.service') && apart(one) && one.pids.some((pid) => !taken.has(pid)),
  );
  const listed = new Set([...taken, ...services.flatMap(({ pids }) => pids)]);
  const programs = reality.processes
    .filter(({ pid }) => !listed.has(pid))
    .map((process): Running => ({
      ...{ kind: 'program', label: process.name, names: [process.name], pids: [process.pid], processes: [process] },
      ...{ whole: true, by: null },
    }))
    .filter(apart);
  const free = containers.filter((one) => !apart(one));
  return {
    blocks: [
      ...reality.vms.map((vm) => ofMachine(vm, all)),
      ...containers.filter(apart).map((one) => ofFenced(one, 'container', one.names[0] ?? one.label)),
      ...services.map((one) => ofFenced(one, 'process', one.label)),
      ...programs.map((one) => ofFenced(one, 'process', one.label)),
    ],
    reserve: [],
    notes: [
      'Of what runs now: VMs, what has CPUs of its own, and programs that work.',
      ...free.slice(0, 16).map((one) => `${one.label} may use ${cpuWords(cpusOf(one))}: it is no block.`),
      ...[...reality.names.silent].map(([tool, why]) => `${tool} ${why}: what it calls things is not known.`),
    ],
  };
}
