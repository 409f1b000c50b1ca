/** Owns the choice of a host: which to look at, what connecting is doing, why it did not work. */

import type { Board } from '../../model/board/board.ts';
import type { Actions } from '../state/actions.ts';
import { el, slot } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import { typedInput } from '../ui/typed-field.ts';
import { failure } from '../panel/failure.ts';
import { verdict } from '../panel/elements.ts';
import type { Part } from '../state/part.ts';
import type { State, Store } from '../state/store.ts';

function steps(state: State): HTMLElement {
  const { board, line } = state;
  if (line === 'lost') return el('div', {}, verdict('Connection to the server lost', 'Trying again'));
  if (!board) return el('div', {}, verdict('NUMA Pinboard', 'Opening'));
  const name = board.host?.name ?? 'the host';
  return el(
    'div',
    { role: 'status' },
    verdict(`Connecting to ${name}`, board.connection.step ?? 'Reading the topology'),
  );
}

function trouble(state: State, actions: Actions): HTMLElement | null {
  const { board, failure: failed } = state;
  const { problem } = board?.connection ?? {};
  // A refused connection fails the request too; the board's own words have the button that tries again.
  if (!problem) {
    const close = button('dismiss', 'secondary', () => actions.dismiss(), 'Close');
    return failed && failure(failed.title, failed.problem, close);
  }
  const name = board?.host?.name;
  const again = name === undefined ? null : button('reconnect', 'secondary', () => actions.connect(name), 'Try again');
  return failure(name === undefined ? 'Cannot show this machine' : `Not connected to ${name}`, problem, again);
}

/** `why`: what stands above the choice; null where something that failed stands there. */
function choose(
  { hosts, hostsFrom }: Pick<Board, 'hosts' | 'hostsFrom'>,
  why: HTMLElement[] | null,
  actions: Actions,
): HTMLElement[] {
  const to = typedInput('target', { placeholder: 'user@host:22', 'aria-label': 'Host to connect to' });
  const go = (): void => {
    if (to.value.trim() !== '') actions.connect(to.value.trim());
  };
  to.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') go();
  });
  const rows = hosts.map((host) => {
    const row = el(
      'button.ask',
      { type: 'button', 'data-host': host, 'data-key': `host-${host}` },
      el('span', {}, el('b', {}, host)),
    );
    row.addEventListener('click', () => actions.connect(host));
    return row;
  });
  return [
    el('div', {}, why ?? el('div.q', {}, 'Or another Linux host')),
    el(
      'div.dim',
      {},
      'The connection uses SSH. Nothing is installed there: a helper program is copied to a private folder and removed afterwards.',
    ),
    el(
      'div.list',
      { role: 'group', 'aria-label': 'Known hosts' },
      rows.length > 0 ? rows : el('div.ask.dim', {}, `No hosts are listed in ${hostsFrom}.`),
    ),
    el('div.to', {}, to, button('connect', 'primary', go, 'Connect')),
  ];
}

/** While a host is shown: it stays, and its runs go on, until another one is connected. */
function keep(name: string, store: Store, actions: Actions): HTMLElement {
  return el(
    'div.acts',
    {},
    button('keep-host', 'secondary', () => store.set({ choosing: false }), `Stay at ${name}`),
    button('disconnect', 'secondary', () => actions.disconnect(), `Disconnect from ${name}`),
  );
}

export function createHosts(actions: Actions, store: Store): Part {
  const content = el('div');
  const element = el('main.hosts', { 'aria-label': 'Hosts' }, content);
  const body = slot(content);
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !store.get().choosing) return;
    event.stopPropagation();
    store.set({ choosing: false });
  });
  return {
    element,
    update(state) {
      const { board, line, failure: failed, choosing } = state;
      const connection = board?.connection;
      body.update(
        [
          board?.hosts,
          board?.hostsFrom,
          board?.host,
          connection?.state,
          connection?.step,
          connection?.problem,
          line,
          failed,
          choosing,
        ],
        () => {
          const listed = board ?? { hosts: [], hostsFrom: '' };
          if (choosing && board?.topology) {
            const name = board.host?.name ?? 'this host';
            const why = verdict('Another host', `${name} stays connected until another host connects.`);
            return [...choose(listed, why, actions), keep(name, store, actions)];
          }
          const waiting =
            !board || line === 'lost' || connection?.state === 'connecting' || connection?.state === 'connected';
          if (waiting && !failed) return steps(state);
          const wrong = trouble(state, actions);
          const first = verdict('No host yet', 'Which Linux host should the board show?');
          return [wrong, ...choose(listed, wrong === null ? first : null, actions)];
        },
      );
    },
  };
}
