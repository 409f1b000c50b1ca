/** Owns what the panel says when something failed: what, what to do, one button. */

import type { Problem } from '../../model/problem.ts';
import type { Actions } from '../state/actions.ts';
import { el, say } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import { isLost, stale } from '../state/select.ts';
import type { State } from '../state/store.ts';
import { section, verdict } from './elements.ts';

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

/** The age ticks by itself: the button beside it must not be rebuilt every second. */
function aged(words: string): HTMLElement {
  return el('div.q', {}, `${words}, `, el('span', { 'data-age': '' }));
}

export function tellAge(panel: Element, state: State): void {
  const age = panel.querySelector('[data-age]');
  if (age) say(age, stale(state, Date.now()) ?? '');
}

/** Another host is connected to; the one that is shown stays until it stands. */
export function switching(state: State, actions: Actions): HTMLElement | null {
  const { host, connection } = state.board ?? {};
  if (!connection?.next) return null;
  return section(
    null,
    el(
      'div.in',
      { role: 'status' },
      verdict(`Connecting to ${connection.next.name}`, connection.next.step),
      el('div.dim', {}, `The board keeps showing ${host?.name ?? 'this host'} until the new host connects.`),
      el(
        'div.acts',
        {},
        button('stay', 'secondary', () => actions.stay(), 'Cancel'),
      ),
    ),
  );
}

/** The host does not answer: the last picture stays, and its age is said. */
export function lost(state: State, actions: Actions): HTMLElement | null {
  if (!isLost(state)) return null;
  if (state.line === 'lost') {
    const words = 'The board shows the last known state. The page reconnects automatically.';
    return section(
      null,
      el(
        'div.in',
        {},
        aged('Connection to the server lost'),
        verdict('', 'Waiting for numa-pinboard'),
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
      aged('Host disconnected'),
      verdict('', problem?.message ?? `${host?.name ?? 'The host'} is not responding.`),
      el('div.dim', {}, problem?.hint ?? 'The board shows the last known state.'),
      again && el('div.acts', {}, again),
    ),
  );
}
