/** An archive (.tar, packed by gzip, bzip2, xz or not) of another machine's /sys and /proc. Nothing is ever unpacked to disk. */

import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import type { Header } from 'tar-stream';
import xz from 'xz-decompress';
import { CPUSET_NAMES } from '../../model/read/allowed.ts';
import { cleanLines } from '../../model/read/clean.ts';
import { DUMP_GLOBS } from '../../model/read/globs.ts';
import { PROBE_WARNINGS } from '../../model/read/probe.ts';
import { PinboardError } from '../../model/problem.ts';
import { hostFromProbe } from '../dump-host.ts';
import type { Host } from '../host.ts';
import { beyondBound, MAX_FILE, MAX_LINE, MAX_TOTAL, readRecording } from '../recording.ts';
import { Archived, piecesOf } from './archived.ts';
import { unpackBzip2 } from './bzip2.ts';
import type { FileStart, Importer } from './importer.ts';

/** Bounds against an archive made to exhaust memory or time; a whole /sys of a large host stays below each. */
const MAX_PACKED = 64 * 1024 * 1024;
const MAX_UNPACKED = 1024 * 1024 * 1024;
const MAX_ENTRIES = 1_000_000;
const MAX_NAME = 1000;
/** Files and links held in memory: links outside of what is read, for they may be on the way to it. */
const MAX_HELD = 200_000;
/** Folders made on the way to them: a name of 1,000 characters can ask for 500. */
const MAX_FOLDERS = 200_000;
/** Texts up to this length are held once: most of 100,000 files say one of a few numbers. */
const SHORT = 64;

/** Streams from the packed file to the bytes of the tar. */
type Unpacking = (Readable | Transform)[];

const PACKINGS = [
  { magic: [0x1f, 0x8b], unpack: unpackGzip },
  { magic: [0x42, 0x5a, 0x68], unpack: unpackBzip2File },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], unpack: unpackXz },
];

/** Every POSIX and GNU tar header says so at this place. */
const isTar = ({ bytes }: FileStart): boolean => bytes.toString('latin1', 257, 262) === 'ustar';

/** Names of the files discovery reads, whatever their folder: links make any folder a possible one. */
const WANTED = new Set([...DUMP_GLOBS.map((glob) => glob.slice(glob.lastIndexOf('/') + 1)), ...CPUSET_NAMES]);

/** Whether its name alone is of use: a CPU in a node's folder or a node in a CPU's, whatever the packer made of the link. */
const isNamed = (pieces: readonly string[]): boolean => /(?:cpu\d+\/node|node\d+\/cpu)\d+$/.test(pieces.join('/'));

async function* unpackBzip2Blocks(path: string): AsyncGenerator<Buffer> {
  if ((await stat(path)).size > MAX_PACKED) throw new Error(`it is larger than ${MAX_PACKED >> 20} MB`);
  yield* unpackBzip2(await readFile(path));
}

function unpackGzip(path: string): Unpacking {
  return [createReadStream(path), createGunzip()];
}

function unpackBzip2File(path: string): Unpacking {
  return [Readable.from(unpackBzip2Blocks(path), { objectMode: false })];
}

function unpackXz(path: string): Unpacking {
  const packed = Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>;
  return [Readable.fromWeb(new xz.XzReadableStream(packed))];
}

function unpackerOf({ bytes }: FileStart): ((path: string) => Unpacking) | null {
  return PACKINGS.find(({ magic }) => magic.every((byte, i) => bytes[i] === byte))?.unpack ?? null;
}

/** Passes bytes on until there are too many. */
function bounded(): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      size += chunk.length;
      if (size > MAX_UNPACKED) done(new Error(`it unpacks to more than ${MAX_UNPACKED >> 20} MB`));
      else done(null, chunk);
    },
  });
}

/** Files of sysfs say they are 4,096 bytes long; tar fills up what they are not with NUL bytes. */
const unpadded = (text: string): string => text.replace(/\0+$/, '');

/** A broken header may have none, whatever the types say. */
const linkOf = ({ linkname }: { readonly linkname: string | null }): string => (linkname ?? '').slice(0, MAX_NAME);

/** Holds what is wanted of an archive, and counts what is left out of it and why. */
class Collector {
  readonly archived = new Archived();
  readonly #leftOut = new Map<string, number>();
  #entries = 0;
  #held = 0;
  #total = 0;
  readonly #texts = new Map<string, string>();

  async take(header: Header, content: Readable): Promise<void> {
    if (++this.#entries > MAX_ENTRIES) throw beyondBound('entries', MAX_ENTRIES);
    const pieces = header.name.length > MAX_NAME ? null : piecesOf(header.name);
    const { type } = header;
    if (!pieces) {
      if (header.name.replace(/[./]/g, '') !== '') this.#leaveOut('names that lead out of the archive or are too long');
    } else if (type === 'symlink') this.#add(pieces, { link: linkOf(header) });
    else if (type === 'file' || type === 'contiguous-file') {
      if (WANTED.has(pieces.at(-1) ?? '') || isNamed(pieces)) this.#add(pieces, { text: await this.#read(content) });
    } else if (type === 'directory') {
      if (isNamed(pieces)) this.archived.addFolder(pieces);
    } else this.#leaveOut('hard links, devices and other things that /sys and /proc do not have');
  }

  async #read(content: Readable): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of content as AsyncIterable<Buffer>) {
      if (size < MAX_FILE) chunks.push(chunk);
      size += chunk.length;
    }
    const text = unpadded(Buffer.concat(chunks).subarray(0, MAX_FILE).toString('utf8'));
    this.#total += text.length;
    if (this.#total > MAX_TOTAL) throw beyondBound('of text', MAX_TOTAL >> 20, ' MB');
    const lines = cleanLines(text, MAX_LINE);
    if (lines.length > SHORT) return lines;
    const known = this.#texts.get(lines);
    if (known === undefined) this.#texts.set(lines, lines);
    return known ?? lines;
  }

  #add(pieces: readonly string[], entry: { text: string } | { link: string }): void {
    if (++this.#held > MAX_HELD) throw beyondBound('files and links of a machine', MAX_HELD);
    if (!this.archived.add(pieces, entry)) this.#leaveOut('names that occur again later, as tar does');
    if (this.archived.folders > MAX_FOLDERS) throw beyondBound('folders', MAX_FOLDERS);
  }

  #leaveOut(what: string): void {
    this.#leftOut.set(what, (this.#leftOut.get(what) ?? 0) + 1);
  }

  get warnings(): string {
    return [...this.#leftOut].map(([what, count]) => `Left out of the archive: ${count} × ${what}.`).join('\n');
  }
}

async function collect(unpacking: Unpacking): Promise<Collector> {
  const collector = new Collector();
  const entries = extract();
  const feeding = pipeline([...unpacking, bounded(), entries]);
  // Its failure also ends the loop below, which then throws the same.
  feeding.catch(() => undefined);
  for await (const entry of entries) {
    await collector.take(entry.header, entry as unknown as Readable);
    entry.resume();
  }
  await feeding;
  return collector;
}

async function openArchive(path: string, unpacking: Unpacking): Promise<Host> {
  const collector = await collect(unpacking).catch((error: unknown) => {
    if (error instanceof PinboardError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new PinboardError('bad-file', `${path} cannot be unpacked: ${why}.`, 'Look at it with `tar -tf`.', {
      cause: error,
    });
  });
  const { archived, warnings } = collector;
  const machines = archived.machines();
  const [root, another] = machines;
  if (root === undefined) {
    throw new PinboardError('bad-file', `${path} holds no sys/ and proc/ of a machine.`, 'Pack the folder above sys/.');
  }
  if (another !== undefined) {
    throw new PinboardError(
      'bad-file',
      `${path} holds ${machines.length} machines (${root}, ${another}${machines.length > 2 ? ' …' : ''}).`,
      'Unpack it and give the folder of one.',
    );
  }
  const files = new Map(readRecording(archived.recording(root)));
  if (warnings !== '') files.set(PROBE_WARNINGS, warnings);
  const name = root === '' ? basename(path).replace(/(\.tar)?\.\w+$/, '') : basename(root);
  return hostFromProbe(name, files);
}

export const archiveImporter: Importer = {
  format: 'an archive of both (.tar, .tar.gz, .tar.bz2, .tar.xz)',
  recognises: (start) => isTar(start) || unpackerOf(start) !== null,
  open: async (path, start) => openArchive(path, unpackerOf(start)?.(path) ?? [createReadStream(path)]),
};
