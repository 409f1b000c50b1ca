/** What a format that `--from` takes has to give, and the reading of files that all of them share. */

import { constants, open } from 'node:fs/promises';
import { rootElementOf } from '../../model/xml/element.ts';
import { PinboardError } from '../../model/problem.ts';
import { errorCode } from '../files.ts';
import type { Host } from '../host.ts';

/** What a file looks like from its first bytes: formats are told apart by content, never by name. */
export interface FileStart {
  readonly bytes: Buffer;
  /** The same as text. */
  readonly text: string;
  /** Name of the outermost element where the file is XML, else null. */
  readonly rootElement: string | null;
}

export interface Importer {
  /** As messages name it: "lstopo XML (hwloc 2 or 3)". */
  readonly format: string;
  readonly recognises: (start: FileStart) => boolean;
  /** @throws PinboardError `bad-file`. */
  readonly open: (path: string, start: FileStart) => Promise<Host>;
}

/** Enough for a tar header (512 bytes), and for the comments libvirt writes before its first element. */
const START_BYTES = 4096;

/** A run of 2,048 CPUs takes 2 MB; lstopo's XML of a host with a thousand devices 3 MB. */
const MAX_TEXT_BYTES = 64 * 1024 * 1024;

/** Runs `work` on the regular file at `path`, which is never a pipe that could block. @throws PinboardError `bad-file`. */
async function withFile<T>(path: string, work: (file: Awaited<ReturnType<typeof open>>) => Promise<T>): Promise<T> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    throw new PinboardError('bad-file', `${path} cannot be read (${errorCode(error)}).`);
  });
  try {
    if (!(await file.stat()).isFile()) throw new PinboardError('bad-file', `${path} is no regular file.`);
    return await work(file);
  } finally {
    await file.close();
  }
}

export function readStart(path: string): Promise<FileStart> {
  return withFile(path, async (file) => {
    const buffer = Buffer.alloc(START_BYTES);
    const { bytesRead } = await file.read(buffer, 0, START_BYTES, 0);
    const bytes = buffer.subarray(0, bytesRead);
    const text = bytes.toString('utf8');
    return { bytes, text, rootElement: rootElementOf(text) };
  });
}

/** The whole file as text. @throws PinboardError `bad-file` when it is larger than any topology is. */
export function readText(path: string): Promise<string> {
  return withFile(path, async (file) => {
    const { size } = await file.stat();
    if (size > MAX_TEXT_BYTES) {
      throw new PinboardError('bad-file', `${path} is larger than a topology can be (${MAX_TEXT_BYTES >> 20} MB).`);
    }
    return file.readFile('utf8');
  });
}
