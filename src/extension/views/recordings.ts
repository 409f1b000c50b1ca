/** The recordings that were made from here. They lie where a person chose, and are theirs: only where they are is remembered. */

import { access } from 'node:fs/promises';
import * as v from 'valibot';
import type * as vscode from 'vscode';
import type { KeptRecording } from './run-rows.ts';

const KEY = 'recordings';
/** The oldest are forgotten; the files stay. */
const MOST = 200;

const keptSchema = v.array(
  v.object({
    path: v.string(),
    host: v.object({ name: v.string(), transport: v.picklist(['local', 'ssh']) }),
    time: v.pipe(v.string(), v.isoTimestamp()),
  }),
) satisfies v.GenericSchema<unknown, KeptRecording[]>;

export class Recordings {
  readonly #memory: Pick<vscode.Memento, 'get' | 'update'>;

  constructor(memory: Pick<vscode.Memento, 'get' | 'update'>) {
    this.#memory = memory;
  }

  async add(made: KeptRecording): Promise<void> {
    await this.#memory.update(KEY, [made, ...this.#known().filter(({ path }) => path !== made.path)].slice(0, MOST));
  }

  /** Takes it off the list; the file stays. */
  async forget(path: string): Promise<void> {
    await this.#memory.update(
      KEY,
      this.#known().filter((one) => one.path !== path),
    );
  }

  /** Those that are still there; one whose drive is away comes back with it. */
  async list(): Promise<KeptRecording[]> {
    const there = await Promise.all(
      this.#known().map(({ path }) =>
        access(path).then(
          () => true,
          () => false,
        ),
      ),
    );
    return this.#known().filter((_, at) => there[at]);
  }

  #known(): KeptRecording[] {
    const read = v.safeParse(keptSchema, this.#memory.get<unknown>(KEY));
    return read.success ? read.output : [];
  }
}
