/** Owns that a process which is followed stays the same one though samplers come and go with who looks: a kernel gives ids anew. */

import type { Sample } from './sample.ts';
import { pidOf } from './selection.ts';
import type { Selection } from './selection.ts';

export class SameProcess {
  readonly #pid: number | null;
  #start: number | undefined;

  constructor(selection: Selection) {
    this.#pid = pidOf(selection);
  }

  /** The sample, without what is of another process that has the id now. */
  of(sample: Sample): Sample {
    const start = sample.processes.find(({ pid }) => pid === this.#pid)?.start;
    this.#start ??= start;
    if (start === undefined || start === this.#start) return sample;
    const process = `Process ${this.#pid} has ended. Its ID belongs to another process now, which was not chosen.`;
    return { ...sample, processes: [], groups: [], unavailable: { ...sample.unavailable, process } };
  }
}
