/** A run (`*.numa.json`) as the machine it was measured on. */

import { hostFromTopology } from '../dump-host.ts';
import { readSnapshotFile } from '../export.ts';
import type { Importer } from './importer.ts';

export const snapshotImporter: Importer = {
  format: 'a run (*.numa.json)',
  recognises: ({ text }) => /^\ufeff?\s*\{/.test(text),
  open: async (path) => hostFromTopology((await readSnapshotFile(path)).topology),
};
