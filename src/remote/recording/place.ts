/** Owns what a recording that nobody named is called: by host and time, and never as one that is there. */

import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { exportFolderName } from '../../model/run/folder-name.ts';
import { makeFolder } from '../store/files.ts';

export const RECORDING_ENDS = '.numarec';

export const recordingName = (host: string): string => exportFolderName(new Date().toISOString(), host);

/** A free path in a folder, which is made where it is missing. */
export async function recordingIn(folder: string, host: string): Promise<string> {
  await makeFolder(folder);
  const name = join(folder, recordingName(host));
  for (let nth = 1; ; nth++) {
    const path = `${name}${nth === 1 ? '' : `-${nth}`}${RECORDING_ENDS}`;
    const taken = await access(path).then(
      () => true,
      () => false,
    );
    if (!taken) return path;
  }
}
