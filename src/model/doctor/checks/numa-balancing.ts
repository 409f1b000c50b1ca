/** Automatic NUMA balancing: off, nothing brings pages and threads together; on, pinned work pays for it in faults. */

import { formatCount, listed } from '../../text/format.ts';
import { isUnavailable } from '../../run/run.ts';
import { nodesOfCpus } from '../base/check.ts';
import type { Check } from '../base/check.ts';
import type { Told } from '../base/finding.ts';
import { bytesByNode, bytesWords, farOf, homesOfProcess, processWords, sumOf, watched } from '../base/process.ts';
import type { Limits } from '../base/thresholds.ts';
import type { Facts } from '../facts/facts.ts';
import type { LiveProcess } from '../facts/live.ts';

export const numaBalancing: Check = {
  id: 'numa-balancing',
  topic: 'kernel',
  title: 'automatic NUMA balancing',
  check(facts, limits) {
    const mode = facts.environment['numaBalancing'];
    if (mode === undefined) return { unavailable: 'the host does not show kernel.numa_balancing' };
    if (isUnavailable(mode)) return mode;
    if (typeof mode !== 'number') return { unavailable: 'kernel.numa_balancing is no number' };
    return (mode & BALANCES) === 0 ? whereOff(facts, limits, mode) : whereOn(facts, limits, mode);
  },
};

/** Bit of the mode: pages are moved to the node that uses them. Bit 2 only moves pages between tiers of memory. */
const BALANCES = 1;

/** It may run on several nodes, and no policy binds its memory. */
const isLoose = ({ allowedCpus, mappings }: LiveProcess, { topology }: Facts): boolean =>
  nodesOfCpus(topology, allowedCpus).length > 1 &&
  !isUnavailable(mappings) &&
  mappings.every(({ policy, kind }) => kind !== 'anon' || policy === 'default');

const setMode = (mode: number): string => `sudo sysctl -w kernel.numa_balancing=${mode}`;

function farPages(process: LiveProcess, { topology }: Facts): ReadonlyMap<number, number> {
  if (isUnavailable(process.mappings)) return new Map();
  const own = bytesByNode(process.mappings.filter(({ kind }) => kind === 'anon'));
  return farOf(own, homesOfProcess(topology, process));
}

function whereOff(facts: Facts, limits: Limits, mode: number): Told[] {
  const { live } = facts;
  const loose = isUnavailable(live)
    ? []
    : watched(live, limits).filter(
        (process) => isLoose(process, facts) && sumOf(farPages(process, facts)) >= limits['far-bytes'],
      );
  const [first] = loose;
  return [
    {
      severity: first ? 'medium' : 'low',
      confidence: first ? 0.75 : 0.6,
      sentence: `Automatic NUMA balancing is switched off: pages stay where they were first touched, wherever their threads go${first ? `, as those of ${processWords(first)}` : ''}.`,
      evidence: [
        `kernel.numa_balancing = ${mode}${mode === 0 ? '' : ' (between tiers of memory only)'}`,
        ...loose.map(
          (process) =>
            `${processWords(process)} is not pinned and has pages on nodes where it does not run: ${bytesWords(farPages(process, facts))}`,
        ),
      ],
      cause: 'It was set by hand, by a profile, or with numa_balancing=disable on the kernel command line.',
      advice: 'That is right where all work is pinned. Work that is not pinned gains from it.',
      remedy: [setMode(mode | BALANCES)],
      undo: [setMode(mode)],
      where: { pids: loose.map(({ pid }) => pid) },
    },
  ];
}

/** Work that stays on its node is looked through for nothing. */
function whereOn({ live, topology }: Facts, limits: Limits, mode: number): Told[] {
  const faults = isUnavailable(live) ? 0 : (live.vm['numa_hint_faults'] ?? 0);
  if (isUnavailable(live) || faults < limits['hint-faults']) return [];
  const busy = watched(live, limits);
  const pinned = busy.filter(({ allowedCpus }) => nodesOfCpus(topology, allowedCpus).length === 1);
  const moved = live.vm['numa_pages_migrated'] ?? 0;
  if (pinned.length === 0 || pinned.length < busy.length || moved > faults / 10) return [];
  return [
    {
      severity: 'medium',
      confidence: 0.7,
      sentence: `Automatic NUMA balancing looks through pages of work that is pinned: ${formatCount(faults)} faults a second, and next to no page to move.`,
      evidence: [
        `${formatCount(faults)} faults/s, ${formatCount(moved)} pages/s moved (numa_hint_faults, numa_pages_migrated of /proc/vmstat)`,
        `pinned to one node: ${listed(pinned.map(processWords))}`,
        `kernel.numa_balancing = ${mode}`,
      ],
      cause: 'It is switched on, as is the default, and takes no notice of affinity.',
      advice: 'Switch it off on a host where all work is pinned.',
      remedy: [setMode(mode & ~BALANCES)],
      undo: [setMode(mode)],
      where: { pids: pinned.map(({ pid }) => pid) },
    },
  ];
}
