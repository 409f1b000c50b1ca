// Writes zips by hand: of any kind of entry, with any lie in its fields.
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly content?: string;
  /** What stands in the zip in place of the deflated content. */
  readonly packed?: Buffer;
  readonly mode?: number;
  readonly flags?: number;
  readonly method?: number;
  readonly crc32?: number;
  /** What the entry says of its length. */
  readonly size?: number;
  /** Where the entry says it stands. */
  readonly offset?: number;
  readonly zip64?: boolean;
}

const UNIX = 3;
const DEFLATED = 8;

const u16 = (value: number): Buffer => Buffer.from([value & 0xff, value >> 8]);
const u32 = (value: number): Buffer => Buffer.from(new Uint32Array([value]).buffer);
const u64 = (value: number): Buffer => Buffer.from(new BigUint64Array([BigInt(value)]).buffer);

export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const entry of entries) {
    const content = Buffer.from(entry.content ?? '');
    const packed = entry.packed ?? deflateRawSync(content);
    const name = Buffer.from(entry.name);
    const size = entry.size ?? content.length;
    const common = Buffer.concat([
      u16(20),
      u16((entry.flags ?? 0) | 0x800),
      u16(entry.method ?? DEFLATED),
      u32(0),
      u32(entry.crc32 ?? crc32(content)),
      ...(entry.zip64 ? [u32(0xffffffff), u32(0xffffffff)] : [u32(packed.length), u32(size)]),
      u16(name.length),
    ]);
    const extra = entry.zip64 ? Buffer.concat([u16(1), u16(16), u64(size), u64(packed.length)]) : Buffer.alloc(0);
    const local = Buffer.concat([u32(0x04034b50), common, u16(extra.length), name, extra, packed]);
    directory.push(
      Buffer.concat([
        u32(0x02014b50),
        u16((UNIX << 8) | 20),
        common,
        u16(extra.length),
        u16(0),
        u32(0),
        u32((entry.mode ?? 0o100644) * 65_536),
        u32(entry.offset ?? at),
        name,
        extra,
      ]),
    );
    pieces.push(local);
    at += local.length;
  }
  const central = Buffer.concat(directory);
  const end = [u32(0x06054b50), u32(0), u16(entries.length), u16(entries.length), u32(central.length), u32(at), u16(0)];
  return Buffer.concat([...pieces, central, ...end]);
}
