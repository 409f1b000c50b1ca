/**
 * A plan's file that is open on a board. The file is the truth: each change is made in what it holds at that moment, one after the other,
 * and only where what is to be changed is there as the person saw it.
 */

import type { BoardState } from '../model/board/state.ts';
import { conflictOf, edited, NO_EDITS, stepAgain, stepBack } from '../model/plan/edit/change.ts';
import type { EditHistory, PlanEdit } from '../model/plan/edit/change.ts';
import { MAX_PLAN_BYTES } from '../model/plan/plan.ts';
import { PinboardError } from '../model/problem.ts';
import type { PlanChange } from './plan-act.ts';
import { withChanges } from './plan-edit.ts';
import { readPlan } from './plan-text.ts';

export interface PlanStore {
  /** What the file holds now. */
  read(): Promise<string>;
  write(text: string): Promise<void>;
  /** Of the editor that the file is open in, which then keeps what was done; null: nothing else does. */
  readonly editor: Readonly<Record<'undo' | 'redo', () => Promise<void>>> | null;
}

export class PlanDesk {
  readonly #state: BoardState;
  readonly #file: string;
  readonly #store: PlanStore;
  #history: EditHistory = NO_EDITS;
  #last: Promise<void> = Promise.resolve();

  /** @param file for people. */
  constructor(state: BoardState, file: string, store: PlanStore) {
    [this.#state, this.#file, this.#store] = [state, file, store];
  }

  /** The file holds this now. @throws PinboardError `bad-file` for what is too large to be told. */
  show(text: string): void {
    if (text.length > MAX_PLAN_BYTES)
      throw new PinboardError('bad-file', `${this.#file} is larger than a plan can be (${MAX_PLAN_BYTES >> 20} MB).`);
    const before = this.#state.board.plan;
    const read = 'plan' in readPlan(text);
    const last = before && 'plan' in readPlan(before.text) ? before.text : null;
    const good = read ? null : (before?.good ?? last);
    const { done, undone } = this.#history;
    const inEditor = this.#store.editor ? '' : null;
    const undo = inEditor ?? done.at(-1)?.words ?? null;
    const redo = inEditor ?? undone.at(-1)?.words ?? null;
    const same = before?.text === text && before.good === good && before.undo === undo && before.redo === redo;
    if (!same) this.#state.patch({ plan: { file: this.#file, text, good, undo, redo } });
  }

  /** @throws PinboardError why nothing was changed, or what the file could not be written for. */
  do(asked: PlanChange): Promise<void> {
    const made = this.#last.then(() => this.#do(asked));
    this.#last = made.catch(() => undefined);
    return made;
  }

  async #do(asked: PlanChange): Promise<void> {
    if (asked.act === 'edit') {
      await this.#make(asked.edit, edited(this.#history, asked.edit));
      return;
    }
    const { editor } = this.#store;
    if (editor) {
      await editor[asked.act]();
      return;
    }
    const step = asked.act === 'undo' ? stepBack(this.#history) : stepAgain(this.#history);
    if (step) await this.#make(step.edit, step.then);
  }

  async #make(edit: PlanEdit, then: EditHistory): Promise<void> {
    const text = await this.#store.read();
    const read = readPlan(text);
    if ('issues' in read) {
      this.show(text);
      const [{ line, message }] = read.issues;
      throw new PinboardError(
        'bad-file',
        `${this.#file} cannot be read, line ${line}: ${message}. Nothing was written.`,
        'Correct that line, then do it again.',
      );
    }
    const conflict = conflictOf(read.plan, edit);
    if (conflict !== null) {
      this.show(text);
      throw new PinboardError(
        'busy',
        `${conflict} Nothing was written.`,
        'Look at what the file says now, then do it again.',
      );
    }
    const changed = withChanges(text, edit.changes, edit.lists);
    if (!('plan' in readPlan(changed)))
      throw new PinboardError('usage', `${edit.words} is nothing that a plan can say. Nothing was written.`);
    await this.#store.write(changed);
    this.#history = then;
    this.show(changed);
  }
}
