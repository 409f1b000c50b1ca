/** Owns the tray's "Place": a token to pick up and a field to type into, for each role. */

import { refusal } from '../../model/placement/placement.ts';
import { LETTERS } from '../../model/svg/token.ts';
import type { Role, Token } from '../../model/cases/spsc.ts';
import { ROLES } from '../../model/cases/spsc.ts';
import type { Actions } from '../state/actions.ts';
import { el, say } from '../ui/dom.ts';
import { parseTarget, targetWords } from '../ui/parse.ts';
import type { Part } from '../state/part.ts';
import { shownPlacement } from '../state/select.ts';
import type { State, Store } from '../state/store.ts';
import { NAME, grip, tokenShape } from '../ui/token.ts';

/** What the tray needs of the machine: the same two ways to take a token that the board itself offers. */
export interface Hand {
  pickUp(role: Token): void;
  startDrag(role: Token, event: PointerEvent): void;
}

function createRow(role: Role, actions: Actions, store: Store, hand: Hand): Part {
  const hint = role === 'memory' ? 'node' : 'cpu';
  const wrong = el('div.wrong', { id: `wrong-${role}`, role: 'alert' });
  const grab = el(
    'button.grab',
    {
      type: 'button',
      'data-token': role,
      'aria-label': `Pick up the ${role}, key ${LETTERS[role]}`,
      on: {
        pointerdown: (event: PointerEvent) => {
          if (event.button === 0) hand.startDrag(role, event);
        },
        // A click without a pointer comes from Enter or Space: then it is carried by keys.
        click: (event: MouseEvent) => {
          if (event.detail === 0) hand.pickUp(role);
        },
      },
    },
    grip(),
    tokenShape(role),
  );
  const input = el('input.typed', {
    placeholder: hint,
    'aria-label': `${NAME[role]} on`,
    'aria-describedby': wrong.id,
    'data-action': `place-${role}`,
    spellcheck: 'false',
    autocomplete: 'off',
  });
  const fail = (words: string): void => {
    say(wrong, words);
    input.setAttribute('aria-invalid', String(words !== ''));
  };
  const shown = (state: State): string => {
    const target = shownPlacement(state)[role];
    return target === null ? '' : targetWords(role, target);
  };
  const commit = (): void => {
    const { topology } = store.get().board ?? {};
    if (!topology) return;
    const typed = parseTarget(role, input.value, topology);
    if ('wrong' in typed) {
      fail(typed.wrong);
      return;
    }
    const no = typed.target !== null ? refusal(topology, role, typed.target) : null;
    fail(no ? no.message : '');
    if (no) return;
    // Said in the field's own words, also when nothing moves: "18" becomes "cpu 18".
    if (typed.target === shownPlacement(store.get())[role]) input.value = shown(store.get());
    else actions.place(role, typed.target);
  };
  input.addEventListener('change', commit);
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    input.value = shown(store.get());
    fail('');
    input.blur();
  });
  const row = el('div.row', {}, grab, el('span.name', {}, NAME[role]), input);
  let last = '';
  return {
    element: el('div', {}, row, wrong),
    update(state) {
      row.classList.toggle('held', state.carried?.role === role);
      const locked = Boolean(state.board?.running);
      grab.disabled = locked;
      input.disabled = locked;
      const value = shown(state);
      if (value === last) return;
      last = value;
      input.value = value;
      input.classList.toggle('long', value.length > 7);
      fail('');
    },
  };
}

export function createPlace(actions: Actions, store: Store, hand: Hand): Part {
  const rows = ROLES.map((role) => createRow(role, actions, store, hand));
  return {
    element: el(
      'section',
      { 'aria-label': 'Place' },
      el('h2', {}, 'Place'),
      rows.map((row) => row.element),
      el('div.later.hint.wide', {}, el('span', {}, 'Workers come later.')),
    ),
    update: (state) => rows.forEach((row) => row.update(state)),
  };
}
