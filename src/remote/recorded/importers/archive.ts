/** A tar (packed by gzip, bzip2, xz or not) of another machine's /sys and /proc. */

import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import type { Header } from 'tar-stream';
import xz from 'xz-decompress';
import { messageOf, PinboardError } from '../../../model/problem.ts';
import type { Host } from '../../host.ts';
import { MAX_FILE } from '../dump-files.ts';
import { unpackBzip2 } from './bzip2.ts';
import { Collector, MAX_UNPACKED, startOf } from './collector.ts';
import type { Item } from './collector.ts';
import type { FileStart, Importer } from './importer.ts';
import { contentOf, markSparse, sparseOf } from './sparse.ts';

/** A file packed by bzip2, which is read whole. */
const MAX_PACKED = 64 * 1024 * 1024;

/** Streams from the packed file to the bytes of the tar. */
type Unpacking = (Readable | Transform)[];

const PACKINGS = [
  { magic: [0x1f, 0x8b], unpack: unpackGzip },
  { magic: [0x42, 0x5a, 0x68], unpack: unpackBzip2File },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], unpack: unpackXz },
];

/** Every POSIX and GNU tar header says so at this place. */
const isTar = ({ bytes }: FileStart): boolean => bytes.toString('latin1', 257, 262) === 'ustar';

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

const UNREAD_SPARSE = {
  lost: 'files whose content `tar --sparse` skipped because /sys reports no blocks for it (pack again without --sparse)',
  unknown: 'files in an unsupported `tar --sparse` format (pack again without --sparse)',
} as const;

/** The entry as it is to be taken; a broken header may have no name of its link, whatever the types say. */
function itemOf(header: Header, content: Readable, leaveOut: (why: string) => void): Item {
  const { type } = header;
  const sparse = sparseOf(header);
  const name = sparse?.name ?? header.name;
  switch (type) {
    case 'file':
    case 'contiguous-file':
      return {
        kind: 'file',
        name,
        content: async () => {
          const bytes = await startOf(content as AsyncIterable<Buffer>);
          const whole = sparse ? contentOf(bytes, sparse, MAX_FILE) : bytes;
          if (typeof whole !== 'string') return whole;
          leaveOut(UNREAD_SPARSE[whole]);
          return null;
        },
      };
    case 'symlink':
    case 'link':
      return {
        kind: type === 'link' ? 'hardLink' : type,
        name,
        target: (header as { linkname?: string | null }).linkname ?? '',
      };
    case 'directory':
      return { kind: 'folder', name };
    case 'character-device':
    case 'block-device':
    case 'fifo':
      return { kind: 'special', name };
    default:
      return { kind: 'unknown', name };
  }
}

async function collect(unpacking: Unpacking): Promise<Collector> {
  const collector = new Collector();
  const entries = extract();
  const feeding = pipeline([...unpacking, bounded(), markSparse(), entries]);
  // Its failure also ends the loop below, which then throws the same.
  feeding.catch(() => undefined);
  for await (const entry of entries) {
    await collector.take(
      itemOf(entry.header, entry as unknown as Readable, (why) => {
        collector.leaveOut(why);
      }),
    );
    entry.resume();
  }
  await feeding;
  return collector;
}

async function openArchive(path: string, unpacking: Unpacking): Promise<Host> {
  const collector = await collect(unpacking).catch((error: unknown) => {
    if (error instanceof PinboardError) throw error;
    const why = messageOf(error);
    throw new PinboardError('bad-file', `${path} cannot be unpacked: ${why}.`, 'Check it with `tar -tf`.', {
      cause: error,
    });
  });
  const host = collector.machine(path);
  if (host) return host;
  throw new PinboardError(
    'bad-file',
    `${path} does not contain a machine's sys/ and proc/.`,
    'Pack the folder that contains sys/.',
  );
}

export const archiveImporter: Importer = {
  format: 'an archive of both (.tar, .tar.gz, .tar.bz2, .tar.xz)',
  recognises: (start) => isTar(start) || unpackerOf(start) !== null,
  open: async (path, start) => openArchive(path, unpackerOf(start)?.(path) ?? [createReadStream(path)]),
};
