/** What numactl printed, kept in a file. */

import { basename } from 'node:path';
import { looksLikeNumactl, readNumactl } from '../../../model/formats/tools/numactl.ts';
import { hostFromTopology } from '../dump-host.ts';
import { readText } from './importer.ts';
import type { Importer } from './importer.ts';

export const numactlImporter: Importer = {
  format: '`numactl --hardware`',
  recognises: ({ text }) => looksLikeNumactl(text.replace(/^\ufeff/, '')),
  open: async (path, start) =>
    hostFromTopology(
      readNumactl((await readText(path, start)).replace(/^\ufeff/, ''), basename(path).replace(/\.\w+$/, '')),
    ),
};
