/**
 * What `tar --sparse` makes of files with holes, in the forms of GNU tar's manual ("Storing Sparse Files"): the old GNU
 * type "S" and PAX 0.1 and 1.0. PAX 0.0 repeats its records, of which tar-stream keeps the last: such files are not read.
 */

import { Transform } from 'node:stream';
import type { Header } from 'tar-stream';

const BLOCK = 512;
/** Pieces of one file; a file of sysfs has one. */
const MAX_PIECES = 100_000;

/** Where its pieces belong, as [offset, length, offset, length …]. */
export interface Sparse {
  /** The real name, where the header has a made-up one. */
  readonly name: string | null;
  readonly size: number;
  readonly map: readonly number[] | 'in the content' | 'unknown';
}

/** How a file is to be put together; null for one without holes. */
export function sparseOf(header: Header): Sparse | null {
  const pax = header.pax as Readonly<Record<string, string | undefined>> | null;
  if (!pax || !Object.keys(pax).some((key) => key.startsWith('GNU.sparse.'))) return null;
  const name = pax['GNU.sparse.name'] ?? null;
  const size = Number(pax['GNU.sparse.realsize'] ?? pax['GNU.sparse.size']);
  if (pax['GNU.sparse.major'] !== undefined) return { name, size, map: 'in the content' };
  const map = pax['GNU.sparse.map'];
  if (map !== undefined) return { name, size, map: map.split(',').map(Number) };
  const single = pax['GNU.sparse.numblocks'] === '1';
  const only = [Number(pax['GNU.sparse.offset']), Number(pax['GNU.sparse.numbytes'])];
  return { name, size, map: single ? only : 'unknown' };
}

/** The file with its holes filled, up to `limit` bytes; else why it cannot be read. */
export function contentOf(stored: Buffer, sparse: Sparse, limit: number): Buffer | 'lost' | 'unknown' {
  const { map, data } = sparse.map === 'in the content' ? mapIn(stored) : { map: sparse.map, data: stored };
  if (map === 'unknown' || map.length % 2 !== 0 || !map.every((value) => value >= 0)) return 'unknown';
  const pieces = Array.from({ length: map.length / 2 }, (_, i) => ({
    offset: map[2 * i] ?? 0,
    length: map[2 * i + 1] ?? 0,
  })).filter(({ length }) => length > 0);
  if (pieces.length === 0 && sparse.size > 0) return 'lost';
  const end = pieces.reduce((furthest, { offset, length }) => Math.max(furthest, offset + length), 0);
  const whole = Buffer.alloc(Math.min(end, limit));
  let at = 0;
  for (const { offset, length } of pieces) {
    if (offset < whole.length) data.copy(whole, offset, at, Math.min(at + length, data.length));
    at += length;
  }
  return whole;
}

/** PAX 1.0: the number of pieces, then offset and length of each, a line each, up to the next block. */
function mapIn(stored: Buffer): { map: readonly number[] | 'unknown'; data: Buffer } {
  let at = 0;
  const next = (): number => {
    const end = stored.indexOf(0x0a, at);
    const digits = end < 0 ? '' : stored.toString('latin1', at, end);
    at = end + 1;
    return /^\d{1,15}$/.test(digits) ? Number(digits) : NaN;
  };
  const count = next();
  const map: number[] = [];
  if (!(count <= MAX_PIECES)) return { map: 'unknown', data: stored };
  while (map.length < 2 * count) {
    const value = next();
    if (Number.isNaN(value)) return { map: 'unknown', data: stored };
    map.push(value);
  }
  return { map, data: stored.subarray(Math.ceil(at / BLOCK) * BLOCK) };
}

/** A number of a header: octal digits, or binary where the first bit is set. */
function numberAt(block: Buffer, at: number, length: number): number {
  if ((block[at] ?? 0) & 0x80) return block.readUIntBE(at + length - 6, 6);
  return parseInt(block.toString('latin1', at, at + length).trim(), 8) || 0;
}

function sumOf(block: Buffer): number {
  let sum = 8 * 0x20;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 0 : (block[i] ?? 0);
  return sum;
}

/** A copy of that header with another type, and length if given. */
function retyped(header: Buffer, type: string, size?: number): Buffer {
  const made = Buffer.from(header);
  made.write(type, 156, 'latin1');
  if (size !== undefined) made.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  made.write(`${sumOf(made).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return made;
}

/** The PAX header (0.1) that says of the file after it what the old GNU header said. */
function paxOf(header: Buffer, map: readonly number[]): Buffer {
  const records = [`GNU.sparse.size=${numberAt(header, 483, 12)}`, `GNU.sparse.map=${map.join(',')}`].map((record) => {
    // The length that stands before a record counts its own digits.
    const bare = record.length + 2;
    let length = bare + 1;
    while (String(length).length + bare !== length) length = bare + String(length).length;
    return `${length} ${record}\n`;
  });
  const content = Buffer.from(records.join(''), 'latin1');
  const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
  return Buffer.concat([retyped(header, 'x', content.length), content, padding]);
}

/** Passes a tar on, each sparse file of the old GNU type as a plain one behind a PAX header: tar-stream knows no other. */
export function markSparse(): Transform {
  let held = Buffer.alloc(0);
  let passing = 0;
  let sparse: { header: Buffer; map: number[] } | null = null;

  /** Takes `count` pieces from `at`, up to the first that is empty. */
  const takePieces = (block: Buffer, at: number, count: number, map: number[]): void => {
    for (let i = 0; i < count && block[at + i * 24] !== 0; i++) {
      map.push(numberAt(block, at + i * 24, 12), numberAt(block, at + i * 24 + 12, 12));
    }
    if (map.length > 2 * MAX_PIECES) throw new Error(`a file in it has more than ${MAX_PIECES} holes`);
  };
  const blockTaken = (block: Buffer): Buffer => {
    let more: boolean;
    if (sparse) {
      takePieces(block, 0, 21, sparse.map);
      more = block[504] !== 0;
    } else {
      const type = String.fromCharCode(block[156] ?? 0);
      const size = type === '5' ? 0 : numberAt(block, 124, 12);
      passing = Math.ceil(size / BLOCK) * BLOCK;
      if (type !== 'S' || numberAt(block, 148, 8) !== sumOf(block)) return block;
      sparse = { header: Buffer.from(block), map: [] };
      takePieces(block, 386, 4, sparse.map);
      more = block[482] !== 0;
    }
    if (more) return Buffer.alloc(0);
    const made = Buffer.concat([paxOf(sparse.header, sparse.map), retyped(sparse.header, '0')]);
    passing = Math.ceil(numberAt(sparse.header, 124, 12) / BLOCK) * BLOCK;
    sparse = null;
    return made;
  };

  return new Transform({
    transform(chunk: Buffer, _, done) {
      try {
        let rest = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
        while (rest.length > 0) {
          // While blocks with more pieces of a sparse file come, its content has yet to begin.
          const passed = sparse ? 0 : Math.min(passing, rest.length);
          if (passed > 0) {
            this.push(rest.subarray(0, passed));
            passing -= passed;
          } else if (rest.length < BLOCK) break;
          else {
            const made = blockTaken(rest.subarray(0, BLOCK));
            if (made.length > 0) this.push(made);
          }
          rest = rest.subarray(passed || BLOCK);
        }
        held = Buffer.from(rest);
        done();
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
    flush(done) {
      done(null, held);
    },
  });
}
