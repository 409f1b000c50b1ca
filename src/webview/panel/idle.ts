/** Owns the panel before anything is measured: the four questions, or the plan of what is placed. */

import { capital, formatDuration, listed, plural } from '../../model/text/format.ts';
import { farSentence } from '../../model/topology/far.ts';
import type { BoardQuestion } from '../../model/board/questions.ts';
import { move } from '../../model/placement/placement.ts';
import { idsIn, lineCpus, lineEnds } from '../../model/placement/slots.ts';
import type { Placement, Slot } from '../../model/placement/slots.ts';
import { relate } from '../../model/topology/relation.ts';
import type { Topology } from '../../model/topology/topology.ts';
import type { Actions } from '../state/actions.ts';
import { el, kbd } from '../ui/dom.ts';
import { button, disable } from '../ui/elements.ts';
import { askable, planned, runBlocked, shownPlacement, slotsOf } from '../state/select.ts';
import type { State } from '../state/store.ts';
import { runTime } from '../tray/tray.ts';
import { askDoctor } from './ask-doctor.ts';
import { notCompared } from './pools.ts';
import { note, section, verdict } from './elements.ts';

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
const letters = (slots: readonly Slot[]): string => listed(slots.map(({ letter }) => letter));

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
      askDoctor(actions),
    ),
    section(null, el('div.in.dim', {}, `Or drag ${letters(slotsOf(state))} onto the machine and ask your own.`)),
  ];
}

function swapped(placement: Placement, from: Slot, to: Slot): Placement {
  const there = move(placement, to, { put: placement[from.name] ?? null });
  return move(there, from, { put: placement[to.name] ?? null });
}

/** @param between how the first is placed, in brackets. */
function inTurn([label = '', against, ...others]: readonly string[], between: string): HTMLElement {
  if (against === undefined) return el('div', {}, `${label}${between}.`);
  if (others.length === 0) return el('div', {}, `${label}${between}, in turn with ${against}.`);
  const all = [label, against, ...others];
  return el(
    'details.in-turn',
    { 'data-key': 'in-turn' },
    el('summary', {}, `${all.length} cases in turn`),
    all.map((one) => el('div.dim', {}, one)),
  );
}

/** What Run will do, before it is pressed. */
export function placed(state: State, topology: Topology, actions: Actions): HTMLElement[] {
  const { workload } = state.board ?? {};
  const next = planned(state);
  if ('why' in next || !workload)
    return [section(null, el('div.in', {}, verdict('To be measured', 'why' in next ? next.why : '')))];
  const slots = slotsOf(state);
  const line = lineCpus(slots, shownPlacement(state));
  const between = line ? ` (${relate(topology, ...line).words})` : '';
  const run = button('run-placed', 'primary', () => actions.run(), ['Run', kbd('R')]);
  const blocked = runBlocked(state);
  disable(run, blocked !== null);
  const ends = lineEnds(slots);
  const swap =
    ends &&
    button(
      'swap',
      'secondary',
      () => actions.placeAll({ kind: workload.kind, on: swapped(shownPlacement(state), ...ends) }),
      `Swap ${letters(ends)}`,
    );
  return [
    section(
      null,
      el(
        'div.in',
        {},
        verdict('To be measured', next.question),
        inTurn(next.labels, between),
        el(
          'div.dim',
          {},
          `${plural(workload.rounds, 'round')} of ${formatDuration(workload.durationMs)} each, ${runTime(state)}.`,
        ),
        el('div.acts', {}, run, swap),
        blocked && el('div.hint', {}, blocked.why),
      ),
    ),
    notCompared(state, next.missing ?? [], actions),
  ].filter((one) => one !== null);
}

/** CPUs named one by one. */
const FEW = 4;

/** What can already be said about whether the run will mean anything. */
export function before(state: State, topology: Topology): HTMLElement[] {
  const placement = shownPlacement(state);
  const cpus = slotsOf(state)
    .filter(({ on }) => on === 'cpus')
    .flatMap(({ name }) => idsIn(placement, name));
  const sampled = state.sample?.cpus.filter(({ id }) => cpus.includes(id)) ?? [];
  const idle = sampled.filter(({ busy }) => busy < 0.05);
  const busy = sampled.filter((cpu) => !idle.includes(cpu)).sort((a, b) => b.busy - a.busy);
  const lines = [
    ...(idle.length > FEW
      ? [note('ok', `${idle.length} of ${cpus.length} CPUs are idle`)]
      : idle.map(({ id }) => note('ok', `cpu ${id} is idle`))),
    ...busy.slice(0, FEW).map((cpu) => note('warn', `cpu ${cpu.id} is ${Math.round(cpu.busy * 100)} % busy already`)),
    ...(busy.length > FEW ? [note('warn', `${busy.length - FEW} more are busy already`)] : []),
  ];
  if (topology.machine.emulated)
    lines.push(note('warn', 'This machine is emulated in software: its figures say nothing about hardware'));
  return lines.length === 0 ? [] : [section('Before you run', lines)];
}
