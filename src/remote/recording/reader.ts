/** Unpacks a recording on disk, piece by piece, so that one that is torn is read up to the tear. */

import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { StringDecoder } from 'node:string_decoder';
import type { Recording } from '../../model/live/recording.ts';
import { RECORDING_BEGINS } from '../../protocol/recording.ts';
import { MAX_FILE_BYTES, MAX_LINE_BYTES } from '../../protocol/recording-limits.ts';
import { checkRecordingSize, RECORDING_HINT, RecordingText } from '../../protocol/recording-text.ts';
import { withRegularFile } from '../store/files.ts';

/** Large, for a long line is put together from its chunks. */
const CHUNK_BYTES = 256 * 1024;
/** Small, for what comes out of a piece is lost with the piece that is broken. */
const PIECE_BYTES = 4096;

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Enough for the beginning of the first line, and unpacked at most four million. */
const START_BYTES = 4096;

/** By the first bytes of a file. */
export function looksRecorded(start: Uint8Array): boolean {
  if (!isGzip(start)) return false;
  try {
    const bounds = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MAX_LINE_BYTES };
    return (
      gunzipSync(start.subarray(0, START_BYTES), bounds).toString('latin1', 0, RECORDING_BEGINS.length) ===
      RECORDING_BEGINS
    );
  } catch {
    return false;
  }
}

async function* pieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const bytes of source)
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}

/** Pieces of text out of unpacked bytes. */
function texts(into: RecordingText): Writable {
  const decoder = new StringDecoder('utf8');
  return new Writable({
    write(chunk: Buffer, _, done) {
      try {
        into.take(decoder.write(chunk), chunk.length);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

/** @param name for the words. @throws PinboardError `bad-file` for what is none, or has no head. */
async function readRecording(name: string, source: Readable): Promise<Recording> {
  const text = new RecordingText(name);
  try {
    const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: CHUNK_BYTES });
    await pipeline(source, pieces, gunzip, texts(text));
  } catch (error) {
    return text.end(error);
  }
  return text.end();
}

/** Else as `readRecordingFile`. */
export function readRecordingBytes(name: string, bytes: Uint8Array): Promise<Recording> {
  checkRecordingSize(name, bytes.length);
  return readRecording(name, Readable.from([bytes]));
}

/** @throws PinboardError `bad-file` for what is none, or has no head. */
export function readRecordingFile(path: string): Promise<Recording> {
  return withRegularFile(
    path,
    (file, size) => {
      checkRecordingSize(path, size);
      // Of what says that it is empty and has no end, as files of /proc may, no more is read either.
      return readRecording(path, file.createReadStream({ autoClose: false, end: MAX_FILE_BYTES }));
    },
    RECORDING_HINT,
  );
}
