/** A node of Slurm (`scontrol show node -d`, a line of slurm.conf) and jobs on it (`scontrol show job -d`): CPUs in Slurm's own numbers. */

import { clean } from '../../text/clean.ts';
import { formatCpuList } from '../../text/cpulist.ts';
import { formatBytes } from '../../text/format.ts';
import { slurmCpus } from '../slurm-ids.ts';
import type { PlanMachine } from '../machine.ts';
import { badFile, blockOf, HOST_BLOCK, idsOf, joinedLines, quoted } from './imported.ts';
import type { Imported, ImportedBlock } from './imported.ts';

const MIB = 2 ** 20;
/** More CPUs than any machine that is planned for has. */
const MOST = 8192;

/** What a job has of a node. */
interface Part {
  readonly nodes: string;
  readonly cpus: string;
  readonly memoryMib: number | null;
  readonly line: number | null;
}

/** One record, keys in lower case: tools and configuration spell them differently. */
export interface SlurmRecord {
  readonly path: string;
  /** From 1; null out of JSON. */
  readonly line: number | null;
  readonly fields: ReadonlyMap<string, string>;
  readonly parts: readonly Part[];
}

/** Where the resources of a job are told by node. */
const PART = /\sNodes=(\S+) CPU_IDs=([\d,-]+)(?: Mem=(\d{1,12})\b)?/g;

export const looksLikeSlurm = (start: string): boolean => /^[ \t]*(?:NodeName|JobId)=\S/im.test(start);

/** Records of nodes and jobs; the lines of one are indented, or one line is all of it. */
export function readSlurm(path: string, text: string): SlurmRecord[] {
  const records: { path: string; line: number; fields: Map<string, string>; parts: Part[] }[] = [];
  for (const { line: at, text: written } of joinedLines(text)) {
    const line = written.replace(/(?:^|\s)#.*$/, '');
    if (/^\s*(?:NodeName|JobId)=/i.test(line)) records.push({ path, line: at, fields: new Map(), parts: [] });
    // Of a configuration, lines of their own mean other things.
    else if (!/^\s/.test(line)) continue;
    const record = records.at(-1);
    for (const [, nodes = '', cpus = '', memory] of line.matchAll(PART))
      record?.parts.push({ nodes, cpus, memoryMib: memory === undefined ? null : Number(memory), line: at });
    // Names of jobs may have blanks.
    const [, name] = /\sJobName=(.*?)(?=\s+[A-Z]\w*=|\s*$)/.exec(line) ?? [];
    const fields = [...line.matchAll(/(?:^|\s)([A-Za-z]\w{0,40})=(\S*)/g)].map(([, key = '', value = '']) => [
      key,
      value,
    ]);
    for (const [key = '', value = ''] of [...(name === undefined ? [] : [['jobname', name]]), ...fields])
      if (record?.fields.has(key.toLowerCase()) === false) record.fields.set(key.toLowerCase(), value);
  }
  return records.filter(({ fields }) => fields.get('nodename')?.toUpperCase() !== 'DEFAULT');
}

const count = ({ fields }: SlurmRecord, key: string): number | null => {
  const text = fields.get(key) ?? '';
  return /^\d{1,12}$/.test(text) ? Number(text) : null;
};

/** The machine that the counts tell of, one NUMA node a socket; CPUs then have Slurm's own numbers. */
function machineOf(node: SlurmRecord): string {
  const [sockets, cores, threads] = [
    count(node, 'sockets') ?? 1,
    count(node, 'corespersocket') ?? 1,
    count(node, 'threadspercore') ?? 1,
  ];
  const all = sockets * cores * threads;
  if (all === 0 || all > MOST)
    throw badFile(node.path, node.line, `${all} CPUs (Sockets × CoresPerSocket × ThreadsPerCore) are no machine.`);
  const memoryMib = Math.floor((count(node, 'realmemory') ?? 0) / sockets);
  const numa = memoryMib > 0 ? `numa(memory=${memoryMib}MiB)` : 'numa';
  return `pack:${sockets} [${numa}] core:${cores} pu:${threads}`;
}

/** @throws PinboardError `bad-file` where the records are of several nodes, or lists are none. */
export function blocksOfSlurm(records: readonly SlurmRecord[], machine: PlanMachine | null): Imported {
  const nodes = records.filter(({ fields }) => fields.has('nodename'));
  const [node, another] = nodes;
  const nameOf = (one: SlurmRecord | undefined): string => one?.fields.get('nodename') ?? '';
  if (node && another)
    throw badFile(
      another.path,
      another.line,
      `these are several nodes, ${quoted(nameOf(node))} and ${quoted(nameOf(another))}; a plan is of one machine.`,
      `Write one: \`scontrol show node -d ${clean(nameOf(node), 60)}\`.`,
    );
  const jobs = records.filter(({ fields }) => fields.has('jobid'));
  const notes: string[] = [];
  const order = machine && slurmCpus(machine);
  if (!node && !machine)
    notes.push(
      "CPUs are in Slurm's numbers, which are the kernel's only where threads of a core are side by side: name the machine (--from, --host), or add `scontrol show node -d`.",
    );
  const cpusOf = (path: string, line: number | null, what: string, list: string): string =>
    formatCpuList(
      idsOf(path, line, what, list).map((id) => {
        const cpu = order ? order.get(id) : id;
        if (cpu === undefined)
          throw badFile(path, line, `${what} names CPU ${id} (in Slurm's numbers), which the machine has not.`);
        return cpu;
      }),
    );

  const kept = node?.fields.get('cpuspeclist') ?? '';
  const blocks: ImportedBlock[] = jobs.flatMap((job) => jobBlocks(job, nameOf(node), cpusOf, notes));
  if (node && /^[\d,-]+$/.test(kept)) {
    const cpus = cpusOf(node.path, node.line, 'CpuSpecList', kept);
    blocks.push({ block: blockOf({ name: HOST_BLOCK, kind: 'emulator', cpus }), notes: [] });
  }
  if (node) notes.push(...nodeNotes(node, machine, kept !== '', jobs.length > 0));
  return {
    ...(node && !machine ? { machine: { synthetic: machineOf(node), distances: null } } : {}),
    ...{ blocks, reserve: [], notes },
  };
}

/** A job has its cores for itself, but binds memory to no node. */
function jobBlocks(
  { path, fields, parts }: SlurmRecord,
  node: string,
  cpusOf: (path: string, line: number | null, what: string, list: string) => string,
  notes: string[],
): ImportedBlock[] {
  const [id, name] = [fields.get('jobid') ?? '', fields.get('jobname') ?? ''];
  const here = parts.filter(({ nodes }) => node === '' || nodes === node);
  if (here.length < parts.length) notes.push(`Job ${quoted(id)} has CPUs of other nodes, too.`);
  if (parts.length === 0)
    notes.push(`Job ${quoted(id)}: which CPUs it has is not told; \`scontrol show job -d\` does while it runs.`);
  return here.map(({ cpus, memoryMib, line }) => ({
    block: blockOf({
      name: `job ${id} ${name}`.trim(),
      kind: 'process',
      cpus: cpusOf(path, line, 'CPU_IDs', cpus),
      memoryBytes: memoryMib === null || memoryMib === 0 ? null : memoryMib * MIB,
      memoryPolicy: 'preferred',
    }),
    notes: [
      { key: 'memoryPolicy', text: 'nothing binds its memory: the kernel prefers the node that a thread runs on.' },
      ...(memoryMib === null || memoryMib === 0
        ? [{ key: 'memory' as const, text: 'unknown, the job has no limit.' }]
        : []),
    ],
  }));
}

function nodeNotes(node: SlurmRecord, machine: PlanMachine | null, listed: boolean, jobs: boolean): string[] {
  const notes: string[] = [];
  if (!machine)
    notes.push(
      'Slurm tells counts alone: CPUs have its numbers (threads of a core side by side), a NUMA node a socket was taken, and caches are not known. --from or --host names the real machine.',
    );
  else if ((count(node, 'sockets') ?? machine.topology.packages.length) !== machine.topology.packages.length)
    notes.push(
      `Slurm counts ${node.fields.get('sockets') ?? ''} sockets, and the machine has ${machine.topology.packages.length}: slurmd may count NUMA nodes or L3s as sockets, and then numbers CPUs another way.`,
    );
  const limit = count(node, 'memspeclimit');
  if (limit)
    notes.push(
      `${formatBytes(limit * MIB)} are the host's (MemSpecLimit), of no NUMA node in particular: say of which under reserve.`,
    );
  if (!listed && count(node, 'corespeccount'))
    notes.push(
      `${node.fields.get('corespeccount') ?? ''} cores are the host's (CoreSpecCount); which ones is not told.`,
    );
  const given = count(node, 'cpualloc');
  if (given && !jobs)
    notes.push(
      `Jobs have ${given} CPUs and ${formatBytes((count(node, 'allocmem') ?? 0) * MIB)} of it; which ones, \`scontrol show job -d\` tells.`,
    );
  const gres = node.fields.get('gres') ?? '';
  if (gres !== '' && gres !== '(null)')
    notes.push(`Its devices (${clean(gres, 200)}) have no address here, and are not in the plan.`);
  return notes;
}
