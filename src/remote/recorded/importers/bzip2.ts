/**
 * bzip2, block by block as the reader asks: unbzip2-stream's own stream unpacks all that a chunk holds before anybody can
 * stop it, and 45 bytes of bzip2 can hold 45 MB.
 */

import bitIterator from 'unbzip2-stream/lib/bit_iterator.js';
import bzip2 from 'unbzip2-stream/lib/bzip2.js';

const MAGIC = Buffer.from('BZh');
const BLOCK_UNIT = 100_000;

/** Bytes put one after another into room that doubles. */
class Output {
  #bytes = Buffer.allocUnsafe(1024 * 1024);
  #length = 0;

  readonly push = (byte: number): void => {
    if (this.#length === this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes, Buffer.allocUnsafe(this.#bytes.length)]);
    }
    this.#bytes[this.#length++] = byte;
  };

  take(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }
}

/** What `packed` holds, of one or more bzip2 streams; other bytes after them are ignored, as bzip2 does. @throws Error */
export function* unpackBzip2(packed: Buffer): Generator<Buffer> {
  let given = false;
  const bits = bitIterator(() => {
    if (given) throw new Error('it is truncated');
    given = true;
    return packed;
  });
  do {
    const size = bzip2.header(bits) * BLOCK_UNIT;
    const work = new Int32Array(size);
    for (let checksum: number | null = 0; ;) {
      const output = new Output();
      checksum = bzip2.decompress(bits, output.push, work, size, checksum);
      if (checksum === null) break;
      yield output.take();
    }
  } while (packed.subarray(bits.bytesRead, bits.bytesRead + MAGIC.length).equals(MAGIC));
}
