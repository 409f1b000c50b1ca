/** A run (`*.numa.json`): the machine it was measured on, and what was measured. */

import { hostFromRun } from '../dump-host.ts';
import { parseRunOf } from '../../../protocol/run-file.ts';
import { readRunFile } from '../../store/run-file.ts';
import type { Importer } from './importer.ts';

export const runImporter: Importer = {
  format: 'a run (*.numa.json)',
  recognises: ({ text }) => /^\ufeff?\s*\{/.test(text),
  open: async (path, { whole }) => hostFromRun(whole === undefined ? await readRunFile(path) : parseRunOf(path, whole)),
};
