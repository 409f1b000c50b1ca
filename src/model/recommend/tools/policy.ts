/** Memory policies other than one node bound, as numactl and systemd take them; and settings that stand in front of a command. */

import type { ToPaste } from '../../placement/to-paste.ts';
import { shellCommand, spaced } from './lines.ts';
import { cpuListOf, cpusOf, isolatedNote } from './placed.ts';
import type { Recommendation } from './placed.ts';
import type { Topology } from '../../topology/topology.ts';

interface Policy {
  readonly option: string;
  /** NUMAPolicy= of systemd; null: it has no word for it. */
  readonly unit: string | null;
  /** Kernel list; "" for all. */
  readonly nodes: string;
}

/** @param text as a pin has it behind its @. Null for anything else, which a file may hold: nothing of that is to be pasted. */
function policyOf(text: string): Policy | null {
  const match = /^(?:(bind|preferred|(?:weighted-)?interleave)(?::|$))?([\d,-]*)$/.exec(text);
  if (!match) return null;
  const [, word = 'bind', nodes = ''] = match;
  if (word === 'bind') return { option: 'membind', unit: 'bind', nodes };
  return { option: word, unit: word === 'weighted-interleave' ? null : word, nodes };
}

const WORDS: Readonly<Record<string, string>> = {
  membind: 'Memory comes from these nodes alone; when they are full, the program is killed.',
  preferred: 'When that node is full, memory comes from others.',
  interleave: 'Pages are spread evenly, whichever thread touches them.',
  'weighted-interleave':
    'Needs kernel 6.9 and numactl 2.0.19; the weights are those of /sys/kernel/mm/mempolicy/weighted_interleave, which hold for the whole machine.',
};

function numactl(topology: Topology, placed: ToPaste, { option, nodes }: Policy): Recommendation {
  const cpus = cpusOf(placed).length === 0 ? '' : ` --physcpubind=${cpuListOf(placed)}`;
  return {
    tool: 'numactl',
    title: cpus === '' ? 'numactl: memory' : 'numactl: CPUs and memory',
    text: `numactl${cpus} --${option}=${nodes === '' ? 'all' : nodes} ${shellCommand(placed)}`,
    note: [
      WORDS[option] ?? '',
      'It holds for memory that is touched from then on.',
      ...isolatedNote(topology, placed),
    ].join(' '),
  };
}

function systemd(topology: Topology, placed: ToPaste, { unit, nodes }: Policy): Recommendation[] {
  if (unit === null) return [];
  const cpus = cpusOf(placed).length === 0 ? [] : [`CPUAffinity=${spaced(cpuListOf(placed))}`];
  return [
    {
      tool: 'systemd',
      title: 'systemd: a drop-in for your service',
      text: [
        ...['# systemctl edit YOUR.service', '[Service]', ...cpus, `NUMAPolicy=${unit}`],
        `NUMAMask=${nodes === '' ? 'all' : spaced(nodes)}`,
      ].join('\n'),
      note: [
        'Applies to all threads of the service from its next start. NUMAPolicy= needs systemd 243.',
        ...isolatedNote(topology, placed),
      ].join(' '),
    },
  ];
}

/** @param text the policy, as a pin has it. */
export function byPolicy(topology: Topology, placed: ToPaste, text: string): Recommendation[] {
  const policy = policyOf(text);
  return policy ? [numactl(topology, placed, policy), ...systemd(topology, placed, policy)] : [];
}

/** Of a program that is placed by nothing but a setting in its environment. */
export function bySetting(placed: ToPaste, setting: string): Recommendation[] {
  // A file may hold anything.
  if (!/^[A-Z][A-Z0-9_]{0,60}=[\w.=,:/-]{1,200}$/.test(setting)) return [];
  return [
    { tool: 'command', title: 'The command, with its setting', text: shellCommand(placed), note: null },
    {
      tool: 'systemd',
      title: 'systemd: a drop-in for your service',
      text: ['# systemctl edit YOUR.service', '[Service]', `Environment=${setting}`].join('\n'),
      note: 'Applies from the next start of the service.',
    },
  ];
}
