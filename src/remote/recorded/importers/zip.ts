/** A zip of another machine's /sys and /proc, or of one file of any other format. */

import { readFile, stat } from 'node:fs/promises';
import zlib from 'node:zlib';
import { fromBufferPromise, getFileNameLowLevel } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { messageOf, PinboardError } from '../../../model/problem.ts';
import type { Host } from '../../host.ts';
import { beyondBound, MAX_FILE } from '../dump-files.ts';
import { Collector, MAX_UNPACKED } from './collector.ts';
import type { Item } from './collector.ts';
import { MAX_TEXT_BYTES, startInArchive } from './importer.ts';
import type { FileStart, Importer } from './importer.ts';

/** Held whole: its directory is at its end, and a file of sysfs takes fewer bytes than the reads to get at it. */
const MAX_ZIP = 128 * 1024 * 1024;
/** A link's target longer than any path is none. */
const MAX_TARGET = 4096;

const STORED = 0;
const DEFLATED = 8;
/** As the format's description (APPNOTE.TXT, 4.4.5) numbers them. */
const METHODS: Readonly<Record<number, string>> = {
  9: 'Deflate64',
  12: 'bzip2',
  14: 'LZMA',
  93: 'Zstandard',
  95: 'XZ',
  98: 'PPMd',
  99: 'AES encryption',
};

/** Systems whose packers keep a file's Unix mode: Unix and macOS (APPNOTE.TXT, 4.4.2). */
const UNIX = new Set([3, 19]);
const KIND_MASK = 0o170000;
const REGULAR = 0o100000;
const SYMLINK = 0o120000;
const FOLDER = 0o040000;

const refused = (path: string, why: string, hint: string): PinboardError =>
  new PinboardError('bad-file', `${path} cannot be unpacked: ${why}.`, hint);

const PLAINLY = 'Unpack it and use the folder, or pack it again with `zip -r -y`.';

/** What macOS and Windows add beside the files. */
const isBesides = (name: string): boolean => /(?:^|\/)(?:__MACOSX\/|\.DS_Store$|Thumbs\.db$)/.test(name);

/** A zip held in memory, and what has been taken of it. */
class Unzipping {
  readonly #path: string;
  readonly #zip: ZipFile;
  readonly #size: number;
  #unpacked = 0;
  /** [first byte, byte after the last] of each entry that was read. */
  readonly #places: [number, number][] = [];

  constructor(path: string, zip: ZipFile, size: number) {
    this.#path = path;
    this.#zip = zip;
    this.#size = size;
  }

  entries(): AsyncIterable<Entry> {
    return this.#zip.eachEntry();
  }

  /** What the entry holds, up to `limit` bytes. */
  async read(entry: Entry, name: string, limit: number): Promise<Buffer> {
    if (entry.isEncrypted() || entry.compressionMethod === 99)
      throw refused(this.#path, `${name} is encrypted`, PLAINLY);
    if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
      const method = METHODS[entry.compressionMethod] ?? `method ${entry.compressionMethod}`;
      throw refused(this.#path, `${name} is compressed with ${method}; only Deflate is supported`, PLAINLY);
    }
    const { fileDataStart } = await this.#zip.readLocalFileHeaderPromise(entry, { minimal: true });
    this.#places.push([entry.relativeOffsetOfLocalHeader, fileDataStart + entry.compressedSize]);
    const chunks: Buffer[] = [];
    let size = 0;
    let sum = 0;
    for await (const chunk of (await this.#zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
      if (size < limit) chunks.push(chunk);
      size += chunk.length;
      this.#unpacked += chunk.length;
      if (this.#unpacked > MAX_UNPACKED) {
        throw refused(this.#path, `it unpacks to more than ${MAX_UNPACKED >> 20} MB`, PLAINLY);
      }
      // Node before 20.15 has none.
      if (typeof zlib.crc32 === 'function') sum = zlib.crc32(chunk, sum);
    }
    if (typeof zlib.crc32 === 'function' && sum !== entry.crc32) {
      throw refused(this.#path, `${name} is damaged (its checksum is wrong)`, 'Check it with `unzip -t`.');
    }
    return Buffer.concat(chunks).subarray(0, limit);
  }

  /** @throws PinboardError where entries share bytes, as they do in bombs and nowhere else. */
  refuseOverlaps(): void {
    this.#places.sort(([a], [b]) => a - b);
    let end = 0;
    for (const [first, after] of this.#places) {
      if (first < end || after > this.#size) throw refused(this.#path, 'its entries overlap', PLAINLY);
      end = after;
    }
  }
}

/** Names need not be safe here: nothing is unpacked to disk, and those that lead out are left out in words. */
function nameOf(entry: Entry): string {
  // Without `decodeStrings` names come as bytes, whatever the types say.
  return getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
}

async function itemOf(zip: Unzipping, entry: Entry): Promise<Item> {
  const name = nameOf(entry);
  const mode = UNIX.has(entry.versionMadeBy >> 8) ? (entry.externalFileAttributes >>> 16) & KIND_MASK : 0;
  if (mode === SYMLINK) {
    return { kind: 'symlink', name, target: (await zip.read(entry, name, MAX_TARGET)).toString('utf8') };
  }
  if (mode === FOLDER || name.endsWith('/')) return { kind: 'folder', name };
  if (mode !== REGULAR && mode !== 0) return { kind: 'special', name };
  return { kind: 'file', name, content: () => zip.read(entry, name, MAX_FILE) };
}

interface Only {
  readonly entry: Entry;
  readonly name: string;
}

/** Takes what is of use, and says which file is the only one, if one is. */
async function collect(zip: Unzipping, collector: Collector): Promise<Only | null> {
  let only: Only | null = null;
  let count = 0;
  for await (const entry of zip.entries()) {
    const item = await itemOf(zip, entry);
    await collector.take(item);
    if (item.kind !== 'file' || isBesides(item.name)) continue;
    if (++count === 1) only = { entry, name: item.name };
  }
  zip.refuseOverlaps();
  return count === 1 ? only : null;
}

async function openOnly(path: string, zip: Unzipping, only: Only, formats: readonly Importer[]): Promise<Host> {
  const { entry, name } = only;
  if (entry.uncompressedSize > MAX_TEXT_BYTES) throw beyondBound('in its one file', MAX_TEXT_BYTES >> 20, ' MB');
  const start = startInArchive(await zip.read(entry, name, MAX_TEXT_BYTES));
  const importer = formats.find(({ recognises }) => recognises(start));
  if (importer) return importer.open(`${path}/${name}`, start);
  throw new PinboardError(
    'bad-file',
    `${path} does not contain a machine's sys/ and proc/, and its only file, ${name}, is in no format that is supported inside a zip.`,
    'Zip the folder that contains sys/, or unpack the file and use it directly.',
  );
}

async function openZip(path: string, formats: readonly Importer[]): Promise<Host> {
  const { size } = await stat(path);
  if (size > MAX_ZIP) throw refused(path, `it is larger than ${MAX_ZIP >> 20} MB`, 'Unpack it and use the folder.');
  try {
    const zip = new Unzipping(path, await fromBufferPromise(await readFile(path), { decodeStrings: false }), size);
    const collector = new Collector();
    const only = await collect(zip, collector);
    const host = collector.machine(path);
    if (host) return host;
    if (only) return await openOnly(path, zip, only, formats);
  } catch (error) {
    if (error instanceof PinboardError) throw error;
    const why = messageOf(error);
    throw new PinboardError('bad-file', `${path} cannot be unpacked: ${why}.`, 'Check it with `unzip -t`.', {
      cause: error,
    });
  }
  throw new PinboardError(
    'bad-file',
    `${path} does not contain a machine's sys/ and proc/.`,
    'Zip the folder that contains sys/, or a single file.',
  );
}

/** The start of an entry, or of an empty directory of entries. */
const isZip = ({ bytes }: FileStart): boolean => ['PK\x03\x04', 'PK\x05\x06'].includes(bytes.toString('latin1', 0, 4));

/** `formats`: of the one file in a zip that holds no machine. */
export function zipImporter(formats: readonly Importer[]): Importer {
  return {
    format: 'a zip of a recording or of one file of the formats below',
    recognises: isZip,
    open: (path) => openZip(path, formats),
  };
}
