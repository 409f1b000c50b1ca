/** Unpacks a recording where there is no Node: piece by piece, so that one that is torn is read up to the tear. */

import type { Recording } from '../model/live/recording.ts';
import { RecordingText } from '../protocol/recording-text.ts';

/** Small, for what comes out of a piece is lost with the piece that is broken, and a piece may hold a thousand times as much. */
const PIECE_BYTES = 4096;

/** @throws PinboardError `bad-file` for what is none, or has no head. */
export async function readRecording(name: string, bytes: Uint8Array): Promise<Recording> {
  const text = new RecordingText(name);
  const decoder = new TextDecoder();
  try {
    await unpack(bytes, (piece) => text.take(decoder.decode(piece, { stream: true }), piece.length));
  } catch (error) {
    return text.end(error);
  }
  return text.end();
}

async function unpack(bytes: Uint8Array, take: (piece: Uint8Array) => void): Promise<void> {
  const { readable, writable } = new DecompressionStream('gzip');
  const [reader, writer] = [readable.getReader(), writable.getWriter()];
  const progress = { whole: false };
  const written = (async () => {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES)
      await writer.write(new Uint8Array(bytes.subarray(at, at + PIECE_BYTES)));
    // It is taken when all before it has been read.
    await writer.write(new Uint8Array(0));
    progress.whole = true;
    await writer.close();
  })();
  // Either end fails for the same reason; it is told once.
  written.catch(() => undefined);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      take(value);
    }
  } catch (error) {
    await Promise.all([reader.cancel().catch(() => undefined), writer.abort().catch(() => undefined)]);
    // One that just stops is no torn one: nobody ended it.
    if (!progress.whole) throw error;
  }
}
