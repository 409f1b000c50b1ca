/** What is used of two CommonJS packages: unbzip2-stream comes without types, xz-decompress with those of a module. */

declare module 'unbzip2-stream/lib/bzip2.js' {
  import type { BitReader } from 'unbzip2-stream/lib/bit_iterator.js';

  const bzip2: {
    /** Reads "BZh1"…"BZh9" and gives the digit. */
    header(bits: BitReader): number;
    /** Reads one block, calls `push` for each byte, and gives the checksum so far; null at the end of a stream. */
    decompress(
      bits: BitReader,
      push: (byte: number) => void,
      work: Int32Array,
      size: number,
      checksum: number,
    ): number | null;
  };
  export default bzip2;
}

declare module 'unbzip2-stream/lib/bit_iterator.js' {
  export type BitReader = ((bits: number | null) => number) & { readonly bytesRead: number };
  export default function bitIterator(next: () => Uint8Array): BitReader;
}

declare module 'xz-decompress' {
  import type { ReadableStream } from 'node:stream/web';

  const xz: { XzReadableStream: new (packed: ReadableStream<Uint8Array>) => ReadableStream<Uint8Array> };
  export default xz;
}
