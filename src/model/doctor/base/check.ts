/** What a row of the table of checks is, and words that several checks share. */

import { isUnavailable } from '../../run/run.ts';
import { quoteWord } from '../../text/command-line.ts';
import { formatCpuList, parseCpuList } from '../../text/cpulist.ts';
import type { NumaNode, Topology } from '../../topology/topology.ts';
import type { Facts } from '../facts/facts.ts';
import type { Outcome, Topic } from './finding.ts';
import type { Limits } from './thresholds.ts';

export interface Check {
  /** Of what it finds. */
  readonly id: string;
  readonly topic: Topic;
  /** What it looks at, for people: "where interrupts of devices go". */
  readonly title: string;
  /** Without it, nobody can say that NUMA is not the problem. */
  readonly decisive?: boolean;
  /** Also where there is one node only: it may find that there ought to be more. */
  readonly ofOneNode?: boolean;
  readonly check: (facts: Facts, limits: Limits) => Outcome;
}

/** Nodes with CPUs, as the host shows them. */
export const homesOf = ({ nodes }: Topology): NumaNode[] => nodes.filter(({ cpus }) => cpus !== '');

/** Whether there is a far memory at all. */
export const hasSeveralNodes = ({ nodes }: Topology): boolean =>
  nodes.filter(({ inferred, cpus, memoryBytes }) => !inferred && (cpus !== '' || memoryBytes !== 0)).length > 1;

/** Nodes that the kernel made up (`numa=fake=`): neither their CPUs nor their distances say anything of the hardware. */
export const hasMadeUpNodes = ({ kernel: { commandLine } }: Facts): boolean =>
  !isUnavailable(commandLine) && commandLine.some((word) => word.startsWith('numa=fake='));

/** Nodes, by their id. */
export const idsOf = (nodes: readonly Pick<NumaNode, 'id'>[]): number[] => nodes.map(({ id }) => id);

/** Nodes of CPUs, ascending. */
export function nodesOfCpus({ nodes }: Topology, cpus: readonly number[]): number[] {
  const asked = new Set(cpus);
  return idsOf(nodes.filter((node) => parseCpuList(node.cpus).some((cpu) => asked.has(cpu))));
}

/** "CPU 3", "CPUs 0-3,8". */
export function cpuWords(cpus: readonly number[]): string {
  return `${cpus.length === 1 ? 'CPU' : 'CPUs'} ${formatCpuList(cpus)}`;
}

/** A kernel file set to a value now; until the next start of the host. */
export const writeFile = (path: string, value: string | number): string => `echo ${value} | sudo tee ${path}`;

/** CPUs switched on (1) or off (0), until the next start of the host. */
export function switchCpus(cpus: readonly number[], to: 0 | 1): string[] {
  const file = (cpu: number | string): string => `/sys/devices/system/cpu/cpu${cpu}/online`;
  return cpus.length <= 8
    ? cpus.map((cpu) => writeFile(file(cpu), to))
    : [`for cpu in ${cpus.join(' ')}; do ${writeFile(file('$cpu'), to)}; done`];
}

const GRUB = '/etc/default/grub';

/** Words for the kernel's command line, as both kinds of distribution keep it. */
export function bootCommands(change: { readonly remove?: string; readonly add?: string }): string[] {
  const { remove, add } = change;
  const args = [
    ...(remove === undefined ? [] : [`--remove-args=${quoteWord(remove)}`]),
    ...(add === undefined ? [] : [`--args=${quoteWord(add)}`]),
  ].join(' ');
  const edits = [
    ...(remove === undefined ? [] : [`remove ${remove} from`]),
    ...(add === undefined ? [] : [`add ${add} to`]),
  ].join(' and ');
  return [
    `sudo grubby --update-kernel=ALL ${args}`,
    `# without grubby (Debian, Ubuntu): ${edits} GRUB_CMDLINE_LINUX in ${GRUB}, then: sudo update-grub`,
    '# it counts from the next start of the host on',
  ];
}
