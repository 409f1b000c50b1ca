/** What lscpu printed, kept in a file. */

import { basename } from 'node:path';
import { looksLikeLscpu, readLscpu } from '../../model/tools/lscpu.ts';
import { hostFromTopology } from '../dump-host.ts';
import { readText } from './importer.ts';
import type { Importer } from './importer.ts';

export const lscpuImporter: Importer = {
  format: "lscpu's lines of CPUs (`lscpu -p`, `-e`, `-J -e`)",
  recognises: ({ text }) => looksLikeLscpu(text.replace(/^\ufeff/, '')),
  open: async (path) =>
    hostFromTopology(readLscpu((await readText(path)).replace(/^\ufeff/, ''), basename(path).replace(/\.\w+$/, ''))),
};
