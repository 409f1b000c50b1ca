/** Owns the panel while a token is carried: where it is held, what that costs from the other end, and what there is. */

import { idsAt, refusal } from '../../model/placement/placement.ts';
import type { Part } from '../../model/placement/placement.ts';
import { isThread } from '../../model/bench/program/threads.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { capital } from '../../model/text/format.ts';
import type { Slot } from '../../model/placement/slots.ts';
import { el } from '../ui/dom.ts';
import { carriedCosts, nsOf } from '../machine/cost.ts';
import type { Cost, End } from '../machine/cost.ts';
import { targetWords } from '../machine/labels.ts';
import { dropEnds, isRecorded } from '../state/select.ts';
import type { State } from '../state/store.ts';
import { section, table, verdict } from './elements.ts';

/** What there is to choose from, nearest first, and how many CPUs of each. */
function kinds(costs: ReadonlyMap<number, Cost>): [cost: Cost, cpus: number][] {
  const found = new Map<string, [Cost, number]>();
  for (const cost of costs.values()) {
    const key = `${cost.step} ${cost.short} ${cost.words}`;
    found.set(key, [cost, (found.get(key)?.[1] ?? 0) + 1]);
  }
  // What has no colour was not measured: it stands last.
  return [...found.values()].sort(([a], [b]) => (a.step || Infinity) - (b.step || Infinity));
}

function sentence(topology: Topology, slot: Slot, over: Part, from: End, cost: Cost | undefined): string {
  const no = refusal(topology, slot, idsAt(topology, slot, over));
  if (no) return no.message;
  const where = targetWords(topology, slot, over);
  if (!cost) return where;
  const ns = nsOf(cost);
  return ns === null ? `${from.short} to ${where}: ${cost.words}` : `${where}: ${ns} ns from the ${from.name}`;
}

export function carrying(state: State, topology: Topology, slot: Slot, over: Part | null): HTMLElement[] {
  const found = carriedCosts(dropEnds(state, topology), slot);
  const above = `Carrying the ${slot.spoken}`;
  if (slot.on === 'nodes' || !found) {
    const target = slot.on === 'nodes' ? 'a node' : slot.many ? 'CPUs, a core, an L3, a node or a socket' : 'a CPU';
    const words = `Drop it on ${target}: ${slot.dropped}.`;
    return [section(null, el('div.in', {}, verdict(above, over === null ? words : targetWords(topology, slot, over))))];
  }
  const { from, costs, measured } = found;
  const { short } = from;
  const words =
    over === null ? `Drop it, near ${short} or far` : sentence(topology, slot, over, from, costs.get(over.id));
  const rows = kinds(costs).map(([cost, count]) => [
    cost.words,
    ...(measured ? [el('b.strong', {}, nsOf(cost) ?? 'none')] : []),
    String(count),
  ]);
  const columns = [
    { name: measured ? `one way from ${short}` : `from ${short}; ns not measured` },
    ...(measured ? [{ name: 'ns', num: true }] : []),
    { name: 'CPUs', num: true },
  ];
  const shared = 'Cells name what they share with the other end.';
  const cells = measured
    ? 'Cells show the cost of dropping there.'
    : isRecorded(state)
      ? shared
      : `${shared} Question 2 measures what each one costs.`;
  const partner = isThread(slot.name)
    ? `${capital(from.name)} has run the most of the others; it is on cpu ${from.cpu} now. `
    : '';
  return [
    section(
      null,
      el(
        'div.in',
        {},
        verdict(above, words),
        table(`Cost from ${short}`, columns, rows),
        el('div.hint', {}, `${partner}${cells} Hatched CPUs are outside the allowed cpuset.`),
      ),
    ),
  ];
}
