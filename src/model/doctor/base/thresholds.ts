/**
 * The limits that checks go by: a table, each with the reason for its value. A person may set any of them for one host
 * (`--threshold NAME=VALUE`, the setting `numaPinboard.doctor.thresholds`).
 */

import { PinboardError } from '../../problem.ts';

interface Threshold {
  readonly value: number;
  readonly unit: string;
  readonly reason: string;
}

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

export const THRESHOLDS = {
  'uneven-share': {
    value: 0.15,
    unit: 'share',
    reason: 'the kernel keeps up to a tenth of a small node for itself; one DIMM of eight is 12.5 %, of four 25 %',
  },
  'uneven-bytes': {
    value: 256 * MIB,
    unit: 'bytes',
    reason: 'the smallest difference that is not the kernel image, its page tables and a crash kernel',
  },
  'interrupts-far-share': {
    value: 0.75,
    unit: 'share',
    reason:
      'drivers that spread a queue to every CPU have half of them far on two sockets; three quarters are no spread',
  },
  'interrupts-busy': {
    value: 100,
    unit: 'interrupts/s',
    reason: 'below it, an interrupt that crosses sockets (about 1 µs more) costs less than 0.01 % of a CPU',
  },
  'interrupts-since-boot': {
    value: 10_000,
    unit: 'interrupts',
    reason: 'a device that was never used has a few hundred, from its set-up',
  },
  'hint-faults': {
    value: 1000,
    unit: 'faults/s',
    reason: 'a NUMA hint fault costs 1 to 3 µs: 1,000 a second are 0.1 to 0.3 % of one CPU',
  },
  'large-process-bytes': {
    value: GIB,
    unit: 'bytes',
    reason:
      'the TLB of current cores reaches 6 to 12 MB with 4 KiB pages; beyond a gigabyte nearly every random access misses it',
  },
} as const satisfies Readonly<Record<string, Threshold>>;

export type ThresholdName = keyof typeof THRESHOLDS;
export type Limits = Readonly<Record<ThresholdName, number>>;

export const THRESHOLD_NAMES = Object.keys(THRESHOLDS) as ThresholdName[];

export const PRESET_LIMITS = Object.fromEntries(
  THRESHOLD_NAMES.map((name) => [name, THRESHOLDS[name].value]),
) as Limits;

/** @throws PinboardError `usage` for a name that is none, or a value that is no number of at least 0. */
export function limitsWith(changed: Readonly<Record<string, number>>): Limits {
  for (const [name, value] of Object.entries(changed)) {
    if (!(name in THRESHOLDS))
      throw new PinboardError(
        'usage',
        `The doctor has no threshold named "${name}".`,
        `Thresholds are: ${THRESHOLD_NAMES.join(', ')}.`,
      );
    if (!Number.isFinite(value) || value < 0)
      throw new PinboardError('usage', `The threshold ${name} takes a number of at least 0.`);
  }
  return { ...PRESET_LIMITS, ...changed };
}
