/** Owns the doctor's place among the questions of the board, and whether its last look is shown. */

import type { Checkup } from '../../model/doctor/checkup.ts';
import type { Actions } from '../state/actions.ts';
import type { State } from '../state/store.ts';
import { el, kbd } from '../ui/dom.ts';

export const DOCTOR_QUESTION = 'Is NUMA the problem here?';

/** The look that the panel shows; null: none, or a person put it away. */
export const shownCheckup = ({ board, hiddenCheckup }: State): Checkup | null =>
  board?.checkup && board.checkup.startedAt !== hiddenCheckup ? board.checkup : null;

/** Among the questions of the board. */
export function askDoctor(actions: Actions): HTMLElement {
  const made = el(
    'button.ask',
    { type: 'button', 'data-action': 'ask-doctor' },
    el(
      'span',
      {},
      el('b', {}, DOCTOR_QUESTION),
      el('span.dim.sm', {}, 'Settings, and what runs now against where its memory is. Changes nothing, needs no root.'),
    ),
    kbd('D'),
  );
  made.addEventListener('click', () => actions.check.start());
  return made;
}
