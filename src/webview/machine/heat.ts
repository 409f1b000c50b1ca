/** What colours the board now: the measure that was chosen, what dropping the carried token would cost, or who is stolen from before whom. */

import { figureWords, step } from '../../model/live/measures/measure.ts';
import { measureOf } from '../measures/known.ts';
import { carriedCosts, otherEnd } from './cost.ts';
import type { Cost } from './cost.ts';
import { orderWords, victimCosts } from './victims.ts';
import type { MachineView } from './view.ts';

export interface Heat {
  /** 0 … 6. */
  readonly step: number;
  /** What stands in a cell or on a node bar; null: nothing. */
  readonly short: string | null;
  /** For the pop-over and assistive technology; null: not counted here. */
  readonly words: string | null;
}

export interface HeatMap {
  cpu(id: number): Heat;
  node(id: number): Heat;
}

const NONE: Heat = { step: 0, short: null, words: null };
const none = (): Heat => NONE;

const fromCosts =
  (costs: ReadonlyMap<number, Cost>) =>
  (id: number): Heat => {
    const cost = costs.get(id);
    if (!cost) return NONE;
    return cost.figure === null ? cost : { ...cost, words: `${cost.figure}, ${cost.words}` };
  };

function keptHeat(view: MachineView): HeatMap | null {
  const { carried, victims } = view;
  if (victims) {
    const read = fromCosts(victimCosts(victims));
    const thief: Heat = { step: 0, short: null, words: orderWords(victims) };
    return { cpu: (id) => (id === victims.thief ? thief : read(id)), node: none };
  }
  if (!carried) return null;
  const read = fromCosts(carriedCosts(view, carried.slot)?.costs ?? new Map());
  return carried.slot.on === 'nodes' ? { cpu: none, node: read } : { cpu: read, node: none };
}

/** `Measure.value` searches the sample for the id: with 1,024 CPUs it is given a sample of just that one. */
function readerOf(view: MachineView): (id: number) => number | null {
  const { sample } = view;
  if (!sample) return () => null;
  const measure = measureOf(view.measure);
  const cpus = new Map(sample.cpus.map((cpu) => [cpu.id, [cpu]]));
  const nodes = new Map(sample.nodes.map((node) => [node.id, [node]]));
  return (id) => measure.value({ ...sample, cpus: cpus.get(id) ?? [], nodes: nodes.get(id) ?? [] }, id);
}

/** Costs depend on where tokens are, not on what is under the pointer: kept while one is carried, as victims are while one steals. */
export function createHeat(): (view: MachineView) => HeatMap {
  let key: readonly unknown[] = [];
  let kept: HeatMap | null = null;
  return (view) => {
    const { topology, placement, carried, costs, victims } = view;
    const from = carried && otherEnd(carried.slot, view);
    const now = [topology, placement, carried?.slot, costs, from?.cpu, victims];
    if (now.some((value, i) => value !== key[i])) [key, kept] = [now, keptHeat(view)];
    if (kept) return kept;
    const measure = measureOf(view.measure);
    const valueOf = readerOf(view);
    const read = (id: number): Heat => {
      const value = valueOf(id);
      if (value === null) return NONE;
      const at = step(measure.limits, value);
      const words = figureWords(measure, value);
      if (measure.paints === 'node') return { step: at, short: words, words };
      const short = measure.short?.(value) ?? String(Math.round(value));
      return { step: at, short: at === 0 ? null : short, words: measure.key === 'busy' ? `${words} busy` : words };
    };
    if (measure.paints === 'machine') return { cpu: none, node: none };
    return measure.paints === 'cpu' ? { cpu: read, node: none } : { cpu: none, node: read };
  };
}
