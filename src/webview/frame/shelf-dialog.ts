/** Owns the list of all kept runs: by host, then question and date; and the files among them that are none. */

import { plural } from '../../model/text/format.ts';
import type { Actions } from '../state/actions.ts';
import { whenOf } from '../state/labels.ts';
import type { Part } from '../state/part.ts';
import type { ShelfList, Store } from '../state/store.ts';
import { el, modal, slot } from '../ui/dom.ts';
import type { Child } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import { note } from '../panel/elements.ts';

type Head = ShelfList['runs'][number];

function byHost(runs: readonly Head[]): Map<string, Head[]> {
  const hosts = new Map<string, Head[]>();
  for (const run of runs) {
    const host = run.host.transport === 'ssh' ? `${run.host.name}, SSH` : run.host.name;
    hosts.set(host, [...(hosts.get(host) ?? []), run]);
  }
  return hosts;
}

function row({ id, name, verdict, partial, ...run }: Head, actions: Actions): HTMLElement {
  const made = el(
    'button.ask',
    { type: 'button', 'data-shelf': id, 'data-key': `shelf-${id}` },
    el(
      'span',
      {},
      el('b', {}, name ?? verdict?.question ?? 'A run without an answer'),
      el(
        'span.dim.sm',
        {},
        [whenOf(run), verdict?.sentence, partial === null ? null : 'cut short'].filter(Boolean).join(' \u00b7 '),
      ),
    ),
  );
  made.addEventListener('click', () => actions.kept.visit(id));
  return made;
}

function content(shelf: ShelfList, actions: Actions): Child {
  const { runs, unread, more, folder } = shelf;
  return [
    runs.length === 0 && el('p.dim', {}, 'No run is kept yet.'),
    [...byHost(runs)].map(([host, own]) =>
      el(
        'section',
        { 'aria-label': host },
        el('h3', {}, `${host} (${own.length})`),
        own.map((run) => row(run, actions)),
      ),
    ),
    unread.length > 0 &&
      el(
        'section',
        { 'aria-label': 'Files that cannot be read' },
        el('h3', {}, 'Files that cannot be read'),
        unread.map(({ file, why }) => note('warn', el('b', {}, file), ` ${why}`)),
      ),
    more > 0 && el('p.dim', {}, `${plural(more, 'older run')} not listed.`),
    el('p.dim.sm', {}, 'Kept in ', el('code', {}, folder)),
  ];
}

export function createShelf(actions: Actions, store: Store): Part {
  const close = (): void => store.set({ shelf: null });
  const list = el('div.shelf');
  const element = el(
    'dialog.shelf-dialog',
    { 'aria-labelledby': 'shelf-title' },
    el('div.verdict', { id: 'shelf-title' }, 'All runs'),
    list,
    el('div.acts', {}, button('shelf-close', 'primary', close, 'Close')),
  );
  const place = slot(list);
  const show = modal(element, close);
  return {
    element,
    update({ shelf }) {
      place.update([shelf], () =>
        shelf === null
          ? null
          : shelf === 'reading'
            ? el('p', { role: 'status' }, 'Reading the runs')
            : content(shelf, actions),
      );
      show(shelf !== null);
    },
  };
}
