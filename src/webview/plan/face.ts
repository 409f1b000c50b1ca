/** Owns the face of a plan: tray, machine and panel in place of the board's, loaded when a plan is open. */

import type { Client } from '../../protocol/client.ts';
import { el } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import type { Actions } from '../state/actions.ts';
import type { KeyHelp } from '../frame/help.ts';
import type { Part } from '../state/part.ts';
import type { Store } from '../state/store.ts';
import { createPlanBar } from './bar.ts';
import { createBeside } from './beside.ts';
import { createDesk } from './desk.ts';
import { createHand } from './hand.ts';
import { listenToPlanKeys, PLAN_KEYS } from './keys.ts';
import { createLists } from './lists.ts';
import { createPlanPanel } from './panel.ts';
import { createPricing } from './pricing.ts';
import { createPlanTray } from './tray.ts';

export interface PlanFace extends Part {
  /** Null while the board is shown. */
  keys(): KeyHelp | null;
}

/** @param app the page around it, whose own zones rest while the plan is shown. @param inEditor the page is one of an editor's. */
export function createPlanFace(
  store: Store,
  client: Pick<Client, 'request'>,
  actions: Actions,
  app: HTMLElement,
  inEditor: boolean,
): PlanFace {
  let wanted = true;
  let shown = false;
  const desk = createDesk(store, client, actions);
  const hand = createHand(store, desk, actions.announce);
  const tray = createPlanTray(desk, hand);
  const beside = createBeside(store, client, actions, desk);
  const bar = createPlanBar(desk, hand, actions, () => beside.toggle());
  const panel = createPlanPanel(
    desk,
    createLists(desk, () => store.set({})),
    createPricing(store, () => store.set({})),
    beside.findings,
  );
  const main = el('main.main', { 'aria-label': 'Plan' }, bar.element, beside.element, hand.element);
  const element = el('div.plan', {}, tray.element, main, panel.element);
  const toggle = button(
    'plan-face',
    'bare',
    () => {
      wanted = !wanted;
      store.set({});
    },
    'Plan',
  );
  app.querySelector('.title')?.append(toggle);
  listenToPlanKeys(element, desk, hand, {
    get shown() {
      return shown;
    },
    inEditor,
    compare: () => beside.toggle(),
  });
  return {
    element,
    keys: () => (shown ? PLAN_KEYS : null),
    update({ board }) {
      const reading = desk.reading();
      const file = board?.plan ?? null;
      shown = wanted && reading !== null && file !== null;
      app.classList.toggle('planning', shown);
      element.hidden = !shown;
      toggle.hidden = reading === null;
      toggle.setAttribute('aria-pressed', String(shown));
      if (!shown || !reading || !file) return;
      const compared = board?.beside ?? null;
      bar.update(file, reading, compared !== null);
      beside.update(compared);
      tray.update(reading, compared?.seen ?? null);
      hand.update(reading);
      panel.update(reading);
    },
  };
}
