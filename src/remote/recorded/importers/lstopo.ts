/** lstopo XML of hwloc 1, 2 and 3. */

import { basename } from 'node:path';
import { readLstopoXml } from '../../../model/formats/lstopo/read.ts';
import { hostFromTopology } from '../dump-host.ts';
import { readText } from './importer.ts';
import type { Importer } from './importer.ts';

export const lstopoImporter: Importer = {
  format: 'lstopo XML (hwloc 1, 2 or 3)',
  recognises: ({ rootElement }) => rootElement === 'topology',
  open: async (path, start) =>
    hostFromTopology(readLstopoXml(await readText(path, start), basename(path).replace(/\.xml$/i, ''))),
};
