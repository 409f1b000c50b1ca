/**
 * The limits that checks go by: a table, each with the reason for its value. A person may set any of them for one host
 * (`--threshold NAME=VALUE`, the setting `numaPinboard.doctor.thresholds`).
 */

import { thresholdsWith } from '../../thresholds.ts';
import type { Threshold } from '../../thresholds.ts';

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
  'busy-thread': {
    value: 0.1,
    unit: 'of a CPU',
    reason: 'a thread that runs a tenth of the time can cost a host at most a tenth of a CPU, wherever it runs',
  },
  'busy-process': {
    value: 0.2,
    unit: 'of a CPU',
    reason: 'background work (monitoring, logging) stays below it; nobody tunes where that runs',
  },
  'far-bytes': {
    value: 64 * MIB,
    unit: 'bytes',
    reason: 'more than the L3 of most sockets holds: less is cached wherever it lies',
  },
  'far-share': {
    value: 0.25,
    unit: 'share',
    reason:
      'at twice the latency, a quarter of far accesses makes memory 25 % slower; below that it is lost in the noise',
  },
  'far-file-bytes': {
    value: 16 * MIB,
    unit: 'bytes',
    reason: 'shared libraries of a program together stay below it, and are cached',
  },
  'straddle-share': {
    value: 0.2,
    unit: 'share',
    reason: 'of its CPU time: a thread of five on the other node is no stray one any more',
  },
  'node-room': {
    value: 0.8,
    unit: 'share',
    reason: 'what takes more of a node than this does not fit there beside what is there already',
  },
  'full-share': {
    value: 0.03,
    unit: 'share',
    reason:
      'the kernel begins to reclaim near 1 % free (min_free_kbytes, watermark_scale_factor) and takes pages of others there',
  },
  'room-share': {
    value: 0.2,
    unit: 'share',
    reason: 'with a fifth of a node free elsewhere the host as a whole is not short of memory',
  },
  'allocations-per-second': {
    value: 2000,
    unit: 'pages/s',
    reason: 'fewer (8 MB/s) are the daemons of any host; a page fault costs 0.5 to 1 µs',
  },
  'remote-allocation-share': {
    value: 0.2,
    unit: 'share',
    reason: 'work that stays on its node takes nearly all its pages there; a fifth elsewhere has a cause',
  },
  migrations: {
    value: 100,
    unit: 'moves/s',
    reason: 'of a busy CPU: a move empties its L1 and L2 (20 to 100 µs to refill), so 100 a second cost up to 1 %',
  },
  'swap-pages': {
    value: 100,
    unit: 'pages/s',
    reason: 'a page out of swap costs 50 µs to 10 ms; below 100 a second it is the kernel tidying up',
  },
} as const satisfies Readonly<Record<string, Threshold>>;

export type ThresholdName = keyof typeof THRESHOLDS;
export type Limits = Readonly<Record<ThresholdName, number>>;

export const THRESHOLD_NAMES = Object.keys(THRESHOLDS) as ThresholdName[];

/** @throws PinboardError `usage` for a name that is none, or a value that is no number of at least 0. */
export const limitsWith = (changed: Readonly<Record<string, number>>): Limits =>
  thresholdsWith(THRESHOLDS, 'The doctor', changed);

export const PRESET_LIMITS = limitsWith({});
