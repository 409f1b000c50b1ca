/** What one repetition of worker pools takes, roughly, with all around what is measured: before anything is. */

import type { Topology } from '../../topology/topology.ts';
import { bytesAnMs } from '../nodes/cases.ts';

/** Starting the workers, and checking what they did. */
const AROUND_MS = 100;
/** A worker, where software plays the CPUs: few real ones take turns at all of them. 16 workers of the lab's hosts took 1 to 3 s. */
const AROUND_EMULATED_MS = 100;

export function repetitionMs(
  topology: Topology,
  { workers, bytes, durationMs }: { readonly workers: number; readonly bytes: number; readonly durationMs: number },
): number {
  const around = topology.machine.emulated ? workers * AROUND_EMULATED_MS : 0;
  return durationMs * 1.1 + AROUND_MS + around + bytes / bytesAnMs(topology);
}
