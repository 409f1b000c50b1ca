/** A file that a page sends in pieces: one at a time, and no larger than a run can be. */

import { PinboardError } from '../model/problem.ts';
import { MAX_FILE } from './messages.ts';

export class Upload {
  #name: string | null = null;
  #pieces: string[] = [];
  #length = 0;

  /** @returns the whole text with its last piece, null before. @throws PinboardError `bad-file` for more than is taken. */
  take(name: string, piece: string, last: boolean): string | null {
    if (name !== this.#name) this.#forget();
    this.#name = name;
    this.#length += piece.length;
    if (this.#length > MAX_FILE) {
      this.#forget();
      throw new PinboardError('bad-file', `The file is larger than a run can be (${MAX_FILE >> 20} MB).`);
    }
    this.#pieces.push(piece);
    if (!last) return null;
    const whole = this.#pieces.join('');
    this.#forget();
    return whole;
  }

  #forget(): void {
    this.#name = null;
    this.#pieces = [];
    this.#length = 0;
  }
}
