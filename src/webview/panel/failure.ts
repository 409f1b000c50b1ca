/** Owns what the panel says when something failed: what, what to do, one button. */

import type { Problem } from '../../model/problem.ts';
import type { Actions } from '../actions.ts';
import { el } from '../dom.ts';
import { button } from '../elements.ts';
import { stale } from '../select.ts';
import type { State } from '../store.ts';
import { section, verdict } from './pieces.ts';

export function failure(title: string, problem: Problem, act: HTMLElement | null): HTMLElement {
  return el(
    'section',
    { role: 'alert' },
    el(
      'div.in',
      {},
      verdict(title, problem.message),
      problem.hint !== null && el('div.dim', {}, problem.hint),
      act && el('div.acts', {}, act),
    ),
  );
}

/** The host does not answer: the last picture stays, and its age is said. */
export function lost(state: State, actions: Actions): HTMLElement | null {
  const age = stale(state, Date.now());
  if (age === null) return null;
  if (state.line === 'lost') {
    const words = 'The board shows what was last known. The page tries again by itself.';
    return section(
      null,
      el(
        'div.in',
        {},
        verdict(`The page lost its host, ${age}`, 'Waiting for numa-pinboard'),
        el('div.dim', {}, words),
      ),
    );
  }
  const { host, connection } = state.board ?? {};
  const again = host ? button('reconnect', 'secondary', () => actions.connect(host.name), 'Connect again') : null;
  const problem = connection?.problem;
  return section(
    null,
    el(
      'div.in',
      {},
      verdict(`Host lost, ${age}`, problem?.message ?? `${host?.name ?? 'The host'} does not answer.`),
      el('div.dim', {}, problem?.hint ?? 'The board shows what was last known.'),
      again && el('div.acts', {}, again),
    ),
  );
}
