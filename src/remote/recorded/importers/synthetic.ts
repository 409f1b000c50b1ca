/** hwloc's notation of a machine: `--from 'pack:2 core:4 pu:2'`, no file at all, or what `lstopo --of synthetic` wrote into one. */

import { synthesize } from '../../../model/formats/synthetic/topology.ts';
import { hostFromTopology } from '../dump-host.ts';
import { readText } from './importer.ts';
import type { Importer } from './importer.ts';
import type { Host } from '../../host.ts';

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

/** lstopo writes it on one line, with attributes of caches, memory and numbering. */
export const syntheticImporter: Importer = {
  format: "hwloc's notation (`lstopo --of synthetic`)",
  recognises: ({ text }) => {
    const lines = text
      .replace(/^\ufeff/, '')
      .trim()
      .split(/[\r\n]+/);
    return lines.length === 1 && /^(?:[a-z]\w*(?:\s*:\s*\d|\s*[[(])|[[(])/i.test(lines[0] ?? '');
  },
  open: async (path, start) => openSynthetic((await readText(path, start)).replace(/^\ufeff/, '').trim()),
};
