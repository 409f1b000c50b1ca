/** What lscpu printed, kept in a file. */

import { basename } from 'node:path';
import { looksLikeLscpuSummary, readLscpuSummary } from '../../../model/formats/tools/lscpu-summary.ts';
import { looksLikeLscpu, readLscpu } from '../../../model/formats/tools/lscpu.ts';
import { hostFromTopology } from '../dump-host.ts';
import { readText } from './importer.ts';
import type { Importer } from './importer.ts';

const withoutMark = (text: string): string => text.replace(/^\ufeff/, '');
const nameOf = (path: string): string => basename(path).replace(/\.\w+$/, '');

export const lscpuImporter: Importer = {
  format: "lscpu's CPU table (`lscpu -p`, `-e`, `-J -e`)",
  recognises: ({ text }) => looksLikeLscpu(withoutMark(text)),
  open: async (path, start) => hostFromTopology(readLscpu(withoutMark(await readText(path, start)), nameOf(path))),
};

export const lscpuSummaryImporter: Importer = {
  format: 'plain `lscpu` and `lscpu -J`',
  recognises: ({ text }) => looksLikeLscpuSummary(withoutMark(text)),
  open: async (path, start) =>
    hostFromTopology(readLscpuSummary(withoutMark(await readText(path, start)), nameOf(path))),
};
