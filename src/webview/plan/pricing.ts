/** Owns what the flows of a plan cost: counted when a person opens it, and again when the plan is another one. */

import { nodeGrid } from '../../model/bench/nodes/grid.ts';
import { planMachine } from '../../model/plan/machine.ts';
import { pricePlan } from '../../model/plan/price/price.ts';
import type { PlanPrice } from '../../model/plan/price/price.ts';
import { firmwareRates, measuredRates } from '../../model/plan/price/rates.ts';
import type { Rates } from '../../model/plan/price/rates.ts';
import { priceRows } from '../../model/plan/price/text.ts';
import { whyNot } from '../../model/problem.ts';
import type { Run, RunSummary } from '../../model/run/run.ts';
import { table } from '../panel/elements.ts';
import type { Store } from '../state/store.ts';
import { el, slot } from '../ui/dom.ts';
import type { Reading } from './reading.ts';
import { inSlices } from './slices.ts';

const BUDGET_MS = 3000;

export interface PlanPricing {
  readonly element: HTMLElement;
  update(reading: Reading): void;
}

/** By a table of nodes that was measured on this machine, where a run of the board has one; else as firmware says. */
function ratesOf({ topology }: Reading, runs: readonly RunSummary[]): Rates {
  const machine = planMachine(topology);
  for (const summary of runs) {
    const run = { ...summary, topology } as unknown as Run;
    if (!nodeGrid(topology, summary.results)) continue;
    if (whyNot(() => measuredRates(summary.id, run, machine)) === null) return measuredRates(summary.id, run, machine);
  }
  return firmwareRates(machine);
}

export function createPricing(store: Store, redraw: () => void): PlanPricing {
  const into = el('div.in');
  const element = el(
    'details.plan-price',
    { 'data-key': 'plan-price' },
    el('summary', {}, el('h2', {}, 'What crosses')),
    into,
  );
  const content = slot(into);
  let price: PlanPrice | null = null;
  let of: readonly unknown[] = [];
  let going = new AbortController();
  element.addEventListener('toggle', redraw);

  const count = (reading: Reading): void => {
    going.abort();
    going = new AbortController();
    const { signal } = going;
    const rates = ratesOf(reading, store.get().board?.runs ?? []);
    void inSlices(pricePlan(reading.plan, planMachine(reading.topology), rates), BUDGET_MS, signal).then((counted) => {
      if (!counted) return;
      price = counted;
      redraw();
    });
  };

  return {
    element,
    update(reading) {
      element.hidden = reading.plan.flows.length === 0;
      if (!element.open || element.hidden) return;
      const deps = [reading.plan, store.get().board?.runs];
      if (deps.some((dep, i) => dep !== of[i])) {
        of = deps;
        count(reading);
      }
      content.update([price], () => {
        if (!price) return el('div.hint', {}, 'Counting \u2026');
        const [head = [], ...rows] = priceRows(price);
        return [
          table(
            'What crosses, by phase',
            head.map((name, i) => ({ name, num: i > 0 })),
            rows,
          ),
          el('div.hint', {}, price.rates.words),
        ];
      });
    },
  };
}
