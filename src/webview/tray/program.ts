/** Owns the tray's "Your own program": a line to start it with; while it runs, its threads as tokens, and its pages. */

import { plural } from '../../model/text/format.ts';
import type { Actions } from '../state/actions.ts';
import { el } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import type { ProgramForm } from './program-form.ts';
import type { RunningPart, ShowsRunning } from './running.ts';

export interface ProgramPart extends Omit<ShowsRunning, 'bring'> {
  bring(shown: RunningPart, form: ProgramForm): void;
}

export function createProgram(actions: Actions): ProgramPart {
  let form: ProgramForm | null = null;
  let shown: RunningPart | null = null;
  const stop = button('program-stop', 'secondary', () => actions.stop(), 'Stop the program');
  const running = el('div', {}, stop);
  const inside = el('div.in', {}, running);
  const folded = el(
    'details.program',
    {},
    el('summary', { 'data-action': 'program' }, el('h2', {}, 'Your own program')),
    inside,
  );
  let ran = false;
  return {
    element: el('section.wide', { 'aria-label': 'Your own program' }, folded),
    bring(made, fields) {
      [shown, form] = [made, fields];
      running.prepend(made.element);
      inside.prepend(fields.element);
    },
    update(state) {
      const { board } = state;
      const program = board?.program ?? null;
      const hides = program ? form?.element : running;
      const held = hides?.contains(document.activeElement);
      if (form) form.element.hidden = program !== null;
      running.hidden = program === null;
      // The focus does not go down with what is hidden. Not onto the button that ends it: a second Enter would.
      if (held) (program ? shown?.unfold : form)?.focus();
      const blocked = Boolean(board?.running) || state.starting || Boolean(board?.measuring) || state.line === 'lost';
      form?.block(blocked);
      // What runs is in sight, also on a page that opens later.
      if (program && !ran) folded.open = true;
      ran = program !== null;
      if (program)
        shown?.update(state, program, `${program.name}, process ${program.pid}, ${plural(program.count, 'thread')}`);
    },
  };
}
