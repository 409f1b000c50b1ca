/** A run (`*.numa.json`): the machine it was measured on, and what was measured. */

import { hostFromRun } from '../dump-host.ts';
import { parseSnapshotOf, readSnapshotFile } from '../../store/export.ts';
import type { Importer } from './importer.ts';

export const snapshotImporter: Importer = {
  format: 'a run (*.numa.json)',
  recognises: ({ text }) => /^\ufeff?\s*\{/.test(text),
  open: async (path, { whole }) =>
    hostFromRun(whole === undefined ? await readSnapshotFile(path) : parseSnapshotOf(path, whole)),
};
