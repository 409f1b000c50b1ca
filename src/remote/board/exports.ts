/** Pages that were written of a board's runs, and opening them: a page names a run, never a path. */

import { PinboardError } from '../../model/problem.ts';
import type { DoctorPart } from '../../model/report/doctor.ts';
import type { Run } from '../../model/run/run.ts';

/** @param looked what the doctor last found on the run's host, where somebody asked on this board. */
export type Exporter = (
  run: Run,
  looked: DoctorPart | null,
) => Promise<{ readonly folder: string; readonly files: readonly string[] }>;

export class Exports {
  readonly #exporter: Exporter;
  readonly #openPage: ((folder: string) => Promise<void>) | undefined;
  /** Folders by run. */
  readonly #written = new Map<string, string>();

  /** @param openPage opens the page in an exported folder for whoever sits there; undefined: nothing here could. */
  constructor(exporter: Exporter, openPage: ((folder: string) => Promise<void>) | undefined) {
    this.#exporter = exporter;
    this.#openPage = openPage;
  }

  async write(run: Run, looked: DoctorPart | null): Promise<{ folder: string; files: string[]; opens: boolean }> {
    const { folder, files } = await this.#exporter(run, looked);
    this.#written.set(run.id, folder);
    return { folder, files: [...files], opens: this.#openPage !== undefined };
  }

  /** Only what was written from here. @throws PinboardError `not-found`. */
  async open(id: string): Promise<void> {
    const folder = this.#written.get(id);
    if (folder === undefined)
      throw new PinboardError('not-found', 'No page of this run was written yet.', 'Export it first.');
    await this.#openPage?.(folder);
  }
}
