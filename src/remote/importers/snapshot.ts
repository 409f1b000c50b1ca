/** A run (`*.numa.json`): the machine it was measured on, and what was measured. */

import { hostFromRun } from '../dump-host.ts';
import { readSnapshotFile } from '../export.ts';
import type { Importer } from './importer.ts';

export const snapshotImporter: Importer = {
  format: 'a run (*.numa.json)',
  recognises: ({ text }) => /^\ufeff?\s*\{/.test(text),
  open: async (path) => hostFromRun(await readSnapshotFile(path)),
};
