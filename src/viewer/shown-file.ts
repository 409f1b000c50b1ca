/** What a file shows on the board, told by its content: a run, a recording, or a machine alone. */

import type { Recording } from '../model/live/recording.ts';
import { PinboardError } from '../model/problem.ts';
import type { Run } from '../model/run/run.ts';
import type { Topology } from '../model/topology/topology.ts';
import { checkRecordingSize } from '../protocol/recording-text.ts';
import { MAX_RUN_BYTES, parseRunOf } from '../protocol/run-file.ts';

export type ShownFile =
  | { readonly kind: 'run'; readonly run: Run }
  | { readonly kind: 'recording'; readonly recording: Recording }
  | { readonly kind: 'machine'; readonly topology: Topology };

/** Unpacks a recording. @throws PinboardError `bad-file`. */
export type ReadRecording = (name: string, bytes: Uint8Array) => Promise<Recording>;

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** @param name of the file, for the words. @throws PinboardError `bad-file`, which says what is wrong with it. */
export async function readShown(name: string, bytes: Uint8Array, readRecording: ReadRecording): Promise<ShownFile> {
  if (bytes.length === 0) throw new PinboardError('bad-file', `${name} is empty.`);
  if (isGzip(bytes) || name.endsWith('.numarec')) {
    checkRecordingSize(name, bytes.length);
    return { kind: 'recording', recording: await readRecording(name, bytes) };
  }
  checkTextSize(name, bytes.length);
  const text = new TextDecoder().decode(bytes);
  if (/^\s*</.test(text)) {
    const { readLstopoXml } = await import('../model/formats/lstopo/read.ts');
    return { kind: 'machine', topology: readLstopoXml(text, name.replace(/^.*\//, '').replace(/\.xml$/i, '')) };
  }
  return { kind: 'run', run: parseRunOf(name, text) };
}

/** @throws PinboardError `bad-file` before the file is read, where it is known to be too large. */
export function checkSize(name: string, bytes: number): void {
  if (name.endsWith('.numarec')) checkRecordingSize(name, bytes);
  else checkTextSize(name, bytes);
}

function checkTextSize(name: string, bytes: number): void {
  if (bytes > MAX_RUN_BYTES)
    throw new PinboardError('bad-file', `${name} is larger than a run can be (${MAX_RUN_BYTES >> 20} MB).`);
}
