/** A recording (`*.numarec`): the machine it was taken of, and how it lived. */

import { looksRecorded, readRecordingFile } from '../../recording/reader.ts';
import { hostFromRecording } from '../dump-host.ts';
import type { Importer } from './importer.ts';

export const recordingImporter: Importer = {
  format: 'a recording (*.numarec)',
  recognises: ({ bytes }) => looksRecorded(bytes),
  open: async (path) => hostFromRecording(await readRecordingFile(path)),
};
