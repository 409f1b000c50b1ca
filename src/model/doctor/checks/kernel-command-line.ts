/** Words of the kernel command line that change what the machine is, or where its memory goes. */

import { isUnavailable } from '../../run/run.ts';
import type { Topology } from '../../topology/topology.ts';
import { bootCommands, hasSeveralNodes } from '../base/check.ts';
import type { Check } from '../base/check.ts';
import type { Facts } from '../facts/facts.ts';
import type { Severity, Told } from '../base/finding.ts';

interface Word {
  readonly fits: RegExp;
  /** Whether it takes anything away from this host; without it, always. */
  readonly counts?: (value: string, facts: Facts) => boolean;
  readonly severity: Severity | ((facts: Facts) => Severity);
  readonly confidence: number;
  readonly sentence: string;
  readonly advice: string;
}

const several = ({ topology }: Facts): boolean => hasSeveralNodes(topology) || topology.packages.length > 1;

/** In their order of weight; of a command line each word is told once. */
const WORDS: readonly Word[] = [
  {
    fits: /^numa=off$/,
    // Of a machine of one socket it takes nothing away that could be seen.
    severity: (facts) => (several(facts) ? 'high' : 'medium'),
    confidence: 0.95,
    sentence: 'NUMA is switched off: the kernel sees one node and places memory without regard to sockets.',
    advice: 'Remove it; nodes are seen from the next start on.',
  },
  {
    fits: /^acpi=off$/,
    severity: (facts) => (several(facts) ? 'high' : 'medium'),
    confidence: 0.9,
    sentence: 'ACPI is switched off: the kernel learns of neither nodes nor distances.',
    advice: 'Remove it; nodes are seen from the next start on.',
  },
  {
    fits: /^numa=noacpi$/,
    severity: 'medium',
    confidence: 0.9,
    sentence: 'The kernel does not read the table of nodes (SRAT) of firmware.',
    advice: 'Remove it; nodes are seen from the next start on.',
  },
  {
    fits: /^numa=fake=/,
    severity: 'medium',
    confidence: 0.9,
    sentence: 'The nodes are made up by the kernel: what they say of near and far is not so.',
    advice: 'Remove it, unless this host is for testing.',
  },
  {
    fits: /^(maxcpus|nr_cpus|possible_cpus)=\d/,
    // A limit above what is there limits nothing.
    counts: (value, { topology }) => Number(value) <= topology.cpus.filter(({ online }) => online).length,
    severity: 'medium',
    confidence: 0.8,
    sentence: 'The number of CPUs is limited: a node may have fewer of them than its memory is for.',
    advice: 'Remove it, unless the CPUs are left out on purpose.',
  },
  {
    fits: /^mem=\d/,
    counts: (value, { topology }) => isCut(value, topology),
    severity: 'medium',
    confidence: 0.8,
    sentence: 'Memory is cut off at an address: the last nodes have less of it, or none.',
    advice: 'Remove it, unless memory is left out on purpose.',
  },
  {
    fits: /^numa_balancing=(disable|0)/,
    severity: 'low',
    confidence: 0.7,
    sentence: 'Automatic NUMA balancing is switched off from the start.',
    advice: 'That is right where all work is pinned.',
  },
  {
    fits: /^nosmt(=force)?$/,
    severity: 'low',
    confidence: 0.8,
    sentence: 'Simultaneous multithreading is switched off from the start.',
    advice: 'That can be on purpose (steady latency, security).',
  },
  {
    fits: /^mitigations=(off|auto,nosmt)$/,
    severity: 'low',
    confidence: 0.8,
    sentence:
      'Mitigations of CPU vulnerabilities are not the default: figures do not compare with those of other hosts.',
    advice: 'Keep it in mind when comparing hosts.',
  },
  {
    fits: /^hugepages=\d+$/,
    counts: (value) => Number(value) > 0,
    severity: 'low',
    confidence: 0.7,
    sentence: 'Huge pages are reserved without naming a node: the kernel spreads them evenly, whoever needs them.',
    advice: 'Name the node: hugepages=0:512,1:512 (Linux 5.14 and newer). numa-pinboard hugepages plan writes it.',
  },
  {
    fits: /^default_hugepagesz=/,
    severity: 'low',
    confidence: 0.6,
    sentence: 'Programs that ask for huge pages without a size get this one.',
    advice: 'Pages of 1 GB cannot be swapped, split or moved between nodes.',
  },
];

/** The kernel and its firmware keep this share of memory at most: a limit far above what is there cuts nothing. */
const KEPT = 0.2;

function isCut(value: string, { nodes }: Topology): boolean {
  const [, digits, unit = ''] = /^(\d{1,15})([KMGTP]?)$/i.exec(value) ?? [];
  const memory = nodes.reduce((sum, { memoryBytes }) => sum + (memoryBytes ?? 0), 0);
  if (digits === undefined || memory === 0) return true;
  return Number(digits) * 1024 ** ' KMGTP'.indexOf(unit.toUpperCase() || ' ') * (1 - KEPT) <= memory;
}

/** What stands behind `--` is for the first process, and a blank in quotes parts no words. */
function wordsOfKernel(words: readonly string[]): readonly string[] {
  const end = words.indexOf('--');
  let quoted = false;
  return (end < 0 ? words : words.slice(0, end)).filter((word) => {
    const inside = quoted;
    if ((word.split('"').length - 1) % 2 === 1) quoted = !quoted;
    return !inside;
  });
}

export const kernelCommandLine: Check = {
  id: 'kernel-command-line',
  topic: 'kernel',
  title: 'kernel command line',
  ofOneNode: true,
  check(facts) {
    const { commandLine } = facts.kernel;
    if (isUnavailable(commandLine)) return commandLine;
    const words = wordsOfKernel(commandLine);
    const told = WORDS.flatMap(({ fits, counts, severity, confidence, sentence, advice }): Told[] => {
      const word = words.find((one) => fits.test(one) && (counts?.(one.slice(one.indexOf('=') + 1), facts) ?? true));
      if (word === undefined) return [];
      return [
        {
          severity: typeof severity === 'string' ? severity : severity(facts),
          confidence,
          sentence: `${word}: ${sentence}`,
          evidence: [`${word} (/proc/cmdline)`],
          cause: 'It stands on the kernel command line.',
          advice,
          remedy: bootCommands({ remove: word }),
          undo: bootCommands({ add: word }),
        },
      ];
    });
    // Of one node, only what hides others is a matter of NUMA.
    return several(facts) ? told : told.filter(({ severity }) => severity !== 'low');
  },
};
