/** `--from 'pack:2 core:4 pu:2'`: no file at all, but hwloc's notation of a machine that exists nowhere. */

import { synthesize } from '../../model/synthetic/topology.ts';
import { hostFromTopology } from '../dump-host.ts';
import type { Host } from '../host.ts';

/** Whether a text that names no file reads like the notation: levels with counts, or counts alone. */
export function looksSynthetic(text: string): boolean {
  return (
    /^\s*[[(]/.test(text) || /^\s*[a-z]\w*\s*:\s*\d/i.test(text) || /^\s*\d+(?:\([^()]*\))?(?:\s+\d|\s*$)/.test(text)
  );
}

/** @throws PinboardError `bad-file` with what is wrong in the notation. */
export function openSynthetic(text: string): Host {
  return hostFromTopology(synthesize(text));
}
