/** Pages that were written of a board's runs, and opening them: a page names a run, never a path. */

import { PinboardError } from '../../model/problem.ts';
import type { DoctorPart } from '../../model/report/doctor.ts';
import type { Run } from '../../model/run/run.ts';
import type { Returned } from '../../protocol/messages.ts';

/** @param looked what the doctor last found on the run's host, where somebody asked on this board. */
export type Exporter = (
  run: Run,
  looked: DoctorPart | null,
) => Promise<{ readonly folder: string; readonly files: readonly string[] }>;

/** What opens an exported folder for whoever sits there; absent: nothing here could. */
export interface Openers {
  /** Opens its page. */
  readonly openPage?: ((folder: string) => Promise<void>) | undefined;
  /** Shows where it lies. */
  readonly revealPage?: ((folder: string) => Promise<void>) | undefined;
}

export class Exports {
  readonly #exporter: Exporter;
  readonly #openers: Openers;
  /** Folders by run. */
  readonly #written = new Map<string, string>();

  constructor(exporter: Exporter, openers: Openers) {
    this.#exporter = exporter;
    this.#openers = openers;
  }

  async write(run: Run, looked: DoctorPart | null): Promise<Returned<'export'>> {
    const { folder, files } = await this.#exporter(run, looked);
    this.#written.set(run.id, folder);
    const { openPage, revealPage } = this.#openers;
    return { folder, files: [...files], opens: openPage !== undefined, reveals: revealPage !== undefined };
  }

  /** Only what was written from here. @param how the page itself, or where it lies. @throws PinboardError `not-found`. */
  async open(id: string, how: 'page' | 'place'): Promise<void> {
    const folder = this.#written.get(id);
    if (folder === undefined)
      throw new PinboardError('not-found', 'No page of this run was written yet.', 'Export it first.');
    const { openPage, revealPage } = this.#openers;
    await (how === 'page' ? openPage : revealPage)?.(folder);
  }
}
