/** Owns what the panel says of huge pages: sizes that are not compared for want of pages, and pages that were reserved from here. */

import type { PagesMissing } from '../../model/bench/offer.ts';
import { pageWords } from '../../model/bench/memory/labels.ts';
import { formatCount } from '../../model/text/format.ts';
import type { Actions } from '../state/actions.ts';
import type { State } from '../state/store.ts';
import { el } from '../ui/dom.ts';
import { button, disable } from '../ui/elements.ts';
import { note, section } from './elements.ts';

function bySize(missing: readonly PagesMissing[]): Map<string, PagesMissing[]> {
  const sizes = new Map<string, PagesMissing[]>();
  for (const one of missing) sizes.set(one.pages, [...(sizes.get(one.pages) ?? []), one]);
  return sizes;
}

/** Each size with what its nodes lack, and the way to have it. */
export function notCompared(state: State, missing: readonly PagesMissing[], actions: Actions): HTMLElement | null {
  if (missing.length === 0) return null;
  const rows = [...bySize(missing)].map(([size, lacking]) => {
    const words = lacking.map(
      ({ node, needed, free }) => `${formatCount(needed)} needed on node ${node}, ${formatCount(free)} free`,
    );
    const reserve = button(`reserve-${size}`, 'secondary', () => actions.pools.plan(lacking), 'Reserve\u2026');
    disable(reserve, state.board?.measuring !== null);
    return note('info', `${pageWords(lacking[0]?.pages ?? 'thp')}: ${words.join('; ')}`, el('div.acts', {}, reserve));
  });
  return section('Not compared: no pages', rows);
}

/** Pages that this page reserved stay reserved until they are put back. */
export function reservedHere({ reserved, board }: State, actions: Actions): HTMLElement | null {
  if (!reserved) return null;
  const back = button('pool-put-back', 'secondary', () => actions.pools.putBack(false), 'Put the last ones back');
  disable(back, Boolean(board?.running));
  return section('Huge pages', note('info', 'Pages reserved from here stay reserved.', el('div.acts', {}, back)));
}
