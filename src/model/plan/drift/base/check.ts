/** What a check of drift is, and words that several share. */

import { cpuWords } from '../../../doctor/base/check.ts';
import type { Told } from '../../../doctor/base/finding.ts';
import type { LiveThread } from '../../../doctor/facts/live.ts';
import { thresholdsWith } from '../../../thresholds.ts';
import type { Threshold } from '../../../thresholds.ts';
import type { Placed, Placement } from '../../place.ts';
import type { Reality, Running } from '../../reality/reality.ts';

const MIB = 1024 ** 2;

export const DRIFT_THRESHOLDS = {
  'drift-share': {
    value: 0.05,
    unit: 'share',
    reason: 'of its memory on other nodes: less is what its hypervisor or loader touched before it was bound',
  },
  'drift-bytes': {
    value: 16 * MIB,
    unit: 'bytes',
    reason: 'on other nodes: an emulator and its libraries have as much for themselves',
  },
  'intruder-busy': {
    value: 0.05,
    unit: 'CPUs',
    reason: 'a twentieth of a CPU is more than the daemons of a host take, and what a guest begins to notice',
  },
} as const satisfies Readonly<Record<string, Threshold>>;

export type DriftLimits = Readonly<Record<keyof typeof DRIFT_THRESHOLDS, number>>;

/** @throws PinboardError `usage` for a name that is none. */
export const driftLimits = (changed: Readonly<Record<string, number>>): DriftLimits =>
  thresholdsWith(DRIFT_THRESHOLDS, 'A plan beside reality', changed);

export interface DriftSubject {
  readonly placement: Placement;
  readonly placed: Placed;
  /** What runs under the block's name: never empty. */
  readonly running: readonly Running[];
  readonly reality: Reality;
  readonly limits: DriftLimits;
}

export interface DriftCheck {
  readonly id: string;
  /** Whom it concerns, beside the block that it is about. */
  readonly look: (subject: DriftSubject) => readonly Told[];
}

/** Where a thread may run, against where it is to. */
export const isOff = ({ allowed }: LiveThread, planned: readonly number[]): boolean =>
  allowed.some((cpu) => !planned.includes(cpu));

/** It worked there in the second of the look. */
export const ranOff = ({ cpus, busy }: LiveThread, planned: readonly number[]): boolean =>
  busy > 0 && !planned.includes(cpus[1]);

const MOST_LINES = 16;

export const threadLines = (threads: readonly LiveThread[]): string[] => [
  ...threads
    .slice(0, MOST_LINES)
    .map(
      ({ name, tid, allowed, cpus }) => `${name} (thread ${tid}): may use ${cpuWords(allowed)}, ran on CPU ${cpus[1]}`,
    ),
  ...(threads.length > MOST_LINES ? [`and ${threads.length - MOST_LINES} threads more`] : []),
];

/** A word for the shell, as data. */
export const quoted = (word: string): string =>
  /^[\w.@:/-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
