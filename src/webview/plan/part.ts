/** Owns when a plan's face is made: with the first plan that is open. */

import type { Client } from '../../protocol/client.ts';
import type { Actions } from '../state/actions.ts';
import type { Part } from '../state/part.ts';
import type { Store } from '../state/store.ts';
import { el } from '../ui/dom.ts';
import type { KeyHelp } from '../frame/help.ts';
import { createPlanFace } from './face.ts';
import type { PlanFace } from './face.ts';

export interface PlanPart extends Part {
  /** Of the plan, while it is shown. */
  readonly keys: () => KeyHelp | null;
}

export function createPlanPart(store: Store, actions: Actions, client: Client): PlanPart {
  const element = el('div.plan-zone', { hidden: '' });
  let face: PlanFace | null = null;
  return {
    element,
    keys: () => face?.keys() ?? null,
    update(state) {
      const app = element.closest<HTMLElement>('.app');
      if (!face && state.board?.plan && app) {
        face = createPlanFace(store, client, actions, app, typeof acquireVsCodeApi === 'function');
        element.append(face.element);
      }
      element.hidden = !state.board?.plan;
      face?.update(state);
    },
  };
}
