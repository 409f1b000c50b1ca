/** Bytes as they come, as whole lines. */

import { StringDecoder } from 'node:string_decoder';

/** The head of a longer line is no report, and what follows it until the next line neither. */
const MAX_REST = 1 << 20;

export class WholeLines {
  #decoder = new StringDecoder('utf8');
  #rest = '';
  /** What comes until the next line belongs to one whose beginning is lost. */
  #torn = false;

  take(bytes: Uint8Array): string {
    const text = this.#rest + this.#decoder.write(Buffer.from(bytes));
    const end = text.lastIndexOf('\n');
    const whole = end === -1 ? '' : text.slice(0, end + 1);
    this.#rest = text.slice(end + 1);
    const from = this.#torn ? whole.indexOf('\n') + 1 : 0;
    if (whole !== '') this.#torn = false;
    if (this.#rest.length > MAX_REST) this.tear();
    return whole.slice(from);
  }

  /** Bytes were left out. */
  tear(): void {
    this.#decoder = new StringDecoder('utf8');
    this.#rest = '';
    this.#torn = true;
  }

  /** What was not ended, at the end. */
  last(): string {
    const rest = this.#torn ? '' : this.#rest + this.#decoder.end();
    this.#rest = '';
    return rest;
  }
}
