/** Owns the panel before what is placed is measured: its plan, and what can already be said of it. */

import { formatDuration, plural } from '../../model/text/format.ts';
import { move } from '../../model/placement/placement.ts';
import { idsIn, lineCpus, lineEnds } from '../../model/placement/slots.ts';
import type { Placement, Slot } from '../../model/placement/slots.ts';
import { relate } from '../../model/topology/relation.ts';
import type { Topology } from '../../model/topology/topology.ts';
import type { Actions } from '../state/actions.ts';
import { planned, runBlocked, shownPlacement, slotsOf } from '../state/select.ts';
import type { State } from '../state/store.ts';
import { runTime } from '../tray/tray.ts';
import { el, kbd } from '../ui/dom.ts';
import { button, disable } from '../ui/elements.ts';
import { note, section, verdict } from './elements.ts';
import { letters } from './idle.ts';
import { notCompared } from './pools.ts';

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
  const limit = 'budgetMs' in workload ? `, at most ${formatDuration(workload.budgetMs)}` : '';
  const placedNothing = slots.length > 0 && slots.every(({ name }) => idsIn(shownPlacement(state), name).length === 0);
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
          `${plural(next.rounds ?? workload.rounds, 'round')} of ${formatDuration(workload.durationMs)} each, ${runTime(state)}${limit}.`,
        ),
        placedNothing &&
          el(
            'div.dim',
            {},
            workload.kind === 'pool'
              ? `A worker on every CPU. Drag ${letters(slots)} onto the machine for a pool of your own.`
              : `Drag ${letters(slots)} onto the machine to measure a layout of your own beside them.`,
          ),
        el('div.acts', {}, run, swap),
        blocked && el('div.hint', {}, blocked.why),
      ),
    ),
    notCompared(state, next.missing ?? [], actions),
    next.notes && next.notes.length > 0
      ? section(
          'Beforehand',
          next.notes.map((words) => note('info', words)),
        )
      : null,
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
