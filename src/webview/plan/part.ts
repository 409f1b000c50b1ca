/** Owns when a plan's face is made: with the first plan that is open. */

import type { Client } from '../../protocol/client.ts';
import type { Actions } from '../state/actions.ts';
import type { Part } from '../state/part.ts';
import type { Store } from '../state/store.ts';
import { el } from '../ui/dom.ts';
import { createPlanFace } from './face.ts';

export function createPlanPart(store: Store, actions: Actions, client: Client): Part {
  const element = el('div.plan-zone', { hidden: '' });
  let face: Part | null = null;
  return {
    element,
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
