/** Placements as parallel programs take them: OpenMP’s places, Slurm’s binding of tasks, DPDK’s lcores. */

import { parseCpuList } from '../../text/cpulist.ts';
import type { Topology } from '../../topology/topology.ts';
import { shellCommand } from './lines.ts';
import { cpuListOf, cpusOf, memoryChoice, memoryNote } from './placed.ts';
import type { Recommendation } from './placed.ts';
import type { ToPaste } from '../../placement/to-paste.ts';

/** From so many neighbours on they are written as a run. */
const RUN = 3;

/** A place a CPU: "{1},{5}"; CPUs in a row as "{0}:16". */
export function places(cpus: readonly number[]): string {
  const runs: { start: number; count: number }[] = [];
  for (const cpu of cpus) {
    const last = runs.at(-1);
    if (last && last.start + last.count === cpu) last.count++;
    else runs.push({ start: cpu, count: 1 });
  }
  return runs
    .flatMap(({ start, count }) =>
      count < RUN ? Array.from({ length: count }, (_, at) => `{${start + at}}`) : [`{${start}}:${count}`],
    )
    .join(',');
}

export function openmp(topology: Topology, placed: ToPaste): Recommendation {
  const cpus = cpusOf(placed);
  const node = memoryChoice(topology, placed);
  const program = shellCommand(placed);
  const start = node === null ? program : `numactl --membind=${node} ${program}`;
  const words = [
    'Thread 0 runs on the first place, thread 1 on the next, and so on.',
    ...(node === null ? ['Memory is placed on the node of the thread that touches it first.'] : []),
    ...memoryNote(topology, placed),
    'This applies only to threads that OpenMP creates; OMP_DISPLAY_ENV=true shows how it was interpreted.',
  ];
  return {
    tool: 'openmp',
    title: 'OpenMP: a thread on each CPU',
    text: `OMP_NUM_THREADS=${cpus.length} OMP_PLACES='${places(cpus)}' OMP_PROC_BIND=close ${start}`,
    note: words.join(' '),
  };
}

/** As Slurm writes masks: hexadecimal, CPU 0 the lowest bit. */
const mask = (cpus: readonly number[]): string =>
  `0x${cpus
    .reduce((bits, cpu) => bits | (1n << BigInt(cpu)), 0n)
    .toString(16)
    .toUpperCase()}`;

export function slurm(topology: Topology, placed: ToPaste): Recommendation {
  const cpus = cpusOf(placed);
  const node = memoryChoice(topology, placed);
  const program = shellCommand(placed);
  const memory = (tasks: number): string =>
    node === null ? '' : ` --mem-bind=map_mem:${Array<number>(tasks).fill(node).join(',')}`;
  const nodes = '--nodes=1 --exclusive';
  const words = [
    'CPU numbers are honoured only if the job has the whole machine (--exclusive) and slurm.conf has TaskPlugin=task/affinity.',
    ...memoryNote(topology, placed),
    'Add --cpu-bind=verbose,… to have each task report what it got.',
  ];
  return {
    tool: 'slurm',
    title: 'Slurm: CPUs and memory of a job’s tasks',
    text: [
      `srun ${nodes} --ntasks=1 --cpus-per-task=${cpus.length} --cpu-bind=mask_cpu:${mask(cpus)}${memory(1)} ${program}`,
      '# or, where each thread is a task of its own (MPI):',
      `# srun ${nodes} --ntasks=${cpus.length} --cpu-bind=map_cpu:${cpus.join(',')}${memory(cpus.length)} ${program}`,
    ].join('\n'),
    note: words.join(' '),
  };
}

/** DPDK is built for so many lcores (RTE_MAX_LCORE) unless told otherwise: higher CPUs are mapped to low lcores. */
const LCORES = 128;
/** MB of huge pages to take: enough for the buffers of one port; a number to be changed. */
const SOCKET_MB = 1024;

export function dpdk(topology: Topology, placed: ToPaste): Recommendation {
  const cpus = cpusOf(placed);
  const node = memoryChoice(topology, placed);
  const high = cpus.some((cpu) => cpu >= LCORES);
  const lcores = high ? `--lcores=${cpus.map((cpu, at) => `${at}@${cpu}`).join(',')}` : `-l ${cpuListOf(placed)}`;
  // The first figure is of node 0: a list up to the node, zero before it.
  const sockets = node === null ? '' : ` --socket-mem=${[...Array<number>(node).fill(0), SOCKET_MB].join(',')}`;
  // Options of DPDK stand before the --, the program's own behind it.
  const [first = './your-dpdk-app', ...rest] = placed.command ?? [];
  const program = shellCommand({ ...placed, command: [first] });
  const own = rest.length === 0 ? '' : ` ${shellCommand({ ...placed, command: rest })}`;
  const producer = parseCpuList(placed.threads[0]?.cpus ?? '')[0] ?? 0;
  const main = high ? cpus.indexOf(producer) : producer;
  const words = [
    `Each lcore is a thread pinned to its CPU; lcore ${main} is the main one.`,
    ...(high
      ? [`CPUs from ${LCORES} on are beyond the lcores of a usual build, so they are mapped to lcores from 0.`]
      : []),
    ...(node === null
      ? []
      : [
          `--socket-mem takes MB of reserved huge pages node by node, from node 0; change ${SOCKET_MB} to what you need.`,
        ]),
    ...memoryNote(topology, placed),
    'Isolated CPUs (isolcpus=) keep other programs off polling lcores.',
  ];
  return {
    tool: 'dpdk',
    title: 'DPDK: lcores and memory',
    text: `${program} ${lcores} --main-lcore=${main}${sockets} --${own}`,
    note: words.join(' '),
  };
}
