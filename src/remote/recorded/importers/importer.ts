/** What a format that `--from` takes has to give, and the reading of files that all of them share. */

import { rootElementOf } from '../../../model/formats/xml.ts';
import { readWhole, withRegularFile } from '../../store/files.ts';
import type { Host } from '../../host.ts';

/** What a file looks like from its first bytes: formats are told apart by content, never by name. */
export interface FileStart {
  readonly bytes: Buffer;
  /** The same as text. */
  readonly text: string;
  /** Name of the outermost element where the file is XML, else null. */
  readonly rootElement: string | null;
  /** All of it as text, where it lies in an archive and not at the path. */
  readonly whole?: string;
}

export interface Importer {
  /** As messages name it: "lstopo XML (hwloc 1, 2 or 3)". */
  readonly format: string;
  readonly recognises: (start: FileStart) => boolean;
  /** @throws PinboardError `bad-file`. */
  readonly open: (path: string, start: FileStart) => Promise<Host>;
}

/** Enough for a tar header (512 bytes), and for the comments libvirt writes before its first element. */
const START_BYTES = 4096;

/** A run of 2,048 CPUs takes 2 MB; lstopo's XML of a host with a thousand devices 3 MB. */
export const MAX_TEXT_BYTES = 64 * 1024 * 1024;

export function readStart(path: string): Promise<FileStart> {
  return withRegularFile(path, async (file) => {
    const buffer = Buffer.alloc(START_BYTES);
    const { bytesRead } = await file.read(buffer, 0, START_BYTES, 0);
    return startOfBytes(buffer.subarray(0, bytesRead));
  });
}

/** The start of a file that an archive holds. */
export function startInArchive(content: Buffer): FileStart {
  return { ...startOfBytes(content.subarray(0, START_BYTES)), whole: content.toString('utf8') };
}

function startOfBytes(bytes: Buffer): FileStart {
  const text = bytes.toString('utf8');
  return { bytes, text, rootElement: rootElementOf(text) };
}

/** The whole file as text. @throws PinboardError `bad-file` when it is larger than any topology is. */
export async function readText(path: string, { whole }: FileStart): Promise<string> {
  return whole ?? readWhole(path, MAX_TEXT_BYTES, 'a topology');
}
