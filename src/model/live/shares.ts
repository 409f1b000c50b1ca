/** How busy CPUs are, as the agent writes it (native/src/sample_cpus.c): numbers of two characters, three CPUs in one where many are told often. */

import { parseCpuList } from '../text/cpulist.ts';
import type { CpuSample } from './sample.ts';

/** A part of a line; `ids` begins anew. */
export interface SharesLine {
  readonly ids?: string | undefined;
  readonly of?: number | undefined;
  readonly shares?: string | undefined;
}

const DIGITS = 93;
/** A number above it says for how many numbers nothing changed. */
const SAME = 8001;
/** CPUs a number stands for, and in how many steps each, by what a share is a part of; the step above `of` is no share. */
const FORMS: ReadonlyMap<number, { readonly cpus: number; readonly base: number }> = new Map([
  [8000, { cpus: 1, base: 8002 }],
  [18, { cpus: 3, base: 20 }],
]);

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** 0 to 92, or NaN: of the printable characters those that JSON does not escape. */
function digit(code: number): number {
  const value = code - 0x20 - (code > QUOTE ? 1 : 0) - (code > BACKSLASH ? 1 : 0);
  return code === QUOTE || code === BACKSLASH || value < 0 || value >= DIGITS ? NaN : value;
}

export class Shares {
  #ids: readonly number[] = [];
  #of = 1;
  #levels: Int16Array = new Int16Array(0);

  /** False: the line does not follow from those before, and nothing is known any more. */
  take(line: SharesLine): boolean {
    if (line.ids !== undefined) {
      const of = line.of ?? NaN;
      if (!FORMS.has(of)) return false;
      try {
        this.#ids = parseCpuList(line.ids);
      } catch {
        return false;
      }
      this.#of = of;
      this.#levels = new Int16Array(this.#ids.length).fill(of + 1);
    }
    return line.shares === undefined || this.#change(line.shares);
  }

  #change(text: string): boolean {
    const { cpus, base } = FORMS.get(this.#of) ?? { cpus: 1, base: 1 };
    if (text.length % 2 !== 0) return false;
    let place = 0;
    for (let at = 0; at < text.length; at += 2) {
      let number = digit(text.charCodeAt(at)) * DIGITS + digit(text.charCodeAt(at + 1));
      if (Number.isNaN(number) || place >= this.#levels.length) return false;
      if (number > SAME) {
        place += (number - SAME) * cpus;
        continue;
      }
      for (let i = 0; i < cpus; i++) {
        const level = number % base;
        if (level > this.#of + 1) return false;
        // The last number of coarse ones stands for CPUs that are not there, too.
        if (place < this.#levels.length) this.#levels[place] = level;
        number = (number - level) / base;
        place++;
      }
      if (number > 0) return false;
    }
    return true;
  }

  /** CPUs that had no tick, or have just come, are left out. */
  get cpus(): CpuSample[] {
    return this.#ids.flatMap((id, place) => {
      const level = this.#levels[place] ?? this.#of + 1;
      return level > this.#of ? [] : [{ id, busy: level / this.#of }];
    });
  }
}
