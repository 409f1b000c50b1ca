/** Owns the panel before anything is placed or measured: the questions. */

import { capital, listed } from '../../model/text/format.ts';
import { farSentence } from '../../model/topology/far.ts';
import type { BoardQuestion } from '../../model/board/questions.ts';
import { lineCpus, lineEnds } from '../../model/placement/slots.ts';
import type { Slot } from '../../model/placement/slots.ts';
import { relate } from '../../model/topology/relation.ts';
import type { Topology } from '../../model/topology/topology.ts';
import type { Actions } from '../state/actions.ts';
import { el, kbd } from '../ui/dom.ts';
import { askable, shownPlacement, slotsOf } from '../state/select.ts';
import type { State } from '../state/store.ts';
import { askDoctor } from './ask-doctor.ts';
import { askVictims } from './ask-victims.ts';
import { section, verdict } from './elements.ts';

export function ask(question: BoardQuestion, actions: Actions): HTMLElement {
  const { placement, key, title, detail } = question;
  const made = el(
    'button.ask',
    { type: 'button', 'data-action': `ask-${key}`, 'aria-disabled': String(placement === null) },
    el('span', {}, el('b', {}, title), el('span.dim.sm', {}, detail)),
    kbd(key.toUpperCase()),
  );
  made.addEventListener('click', () => actions.ask(question));
  return made;
}

export function asks(state: State, topology: Topology, actions: Actions): HTMLElement[] {
  return askable(state, topology).map((question) => ask(question, actions));
}

/** A machine out of a file: what it says of near and far, and of two tokens what lies between them. */
export function recorded(state: State, topology: Topology): HTMLElement {
  const slots = slotsOf(state);
  const line = lineCpus(slots, shownPlacement(state));
  const ends = lineEnds(slots);
  const words =
    line && ends
      ? verdict(letters(ends), `${capital(relate(topology, ...line).words)}.`)
      : verdict('A recorded machine', farSentence(topology));
  const more = line ? null : el('div.dim', {}, `Drag ${letters(slots)} onto the machine to see what lies between.`);
  return section(null, el('div.in', {}, words, more));
}

/** "P, C and M" */
export const letters = (slots: readonly Slot[]): string => listed(slots.map(({ letter }) => letter));

export function idle(state: State, topology: Topology, actions: Actions): HTMLElement[] {
  const crosses = topology.nodes.length > 1;
  return [
    section(
      null,
      el(
        'div.in',
        {},
        verdict(
          'Nothing measured on this host yet',
          crosses ? 'What does distance cost here?' : 'What can this machine show?',
        ),
      ),
      asks(state, topology, actions),
      askVictims(topology, actions),
      askDoctor(actions),
    ),
    section(null, el('div.in.dim', {}, `Or drag ${letters(slotsOf(state))} onto the machine and ask your own.`)),
  ];
}
