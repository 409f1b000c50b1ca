/** Owns what the panel says of huge pages: sizes that are not compared for want of pages, and pages that were reserved from here. */

import type { PagesMissing } from '../../model/bench/offer.ts';
import { pageWords } from '../../model/bench/memory/labels.ts';
import { capital, formatCount } from '../../model/text/format.ts';
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

/** Pages that were reserved from this computer stay reserved until they are put back, whatever page asked for them. */
export function reservedHere({ board }: State, actions: Actions): HTMLElement | null {
  const made = board?.reserved ?? null;
  if (made === null) return null;
  const back = button('pool-put-back', 'secondary', () => actions.pools.putBack(false), 'Put them back');
  disable(back, Boolean(board?.running));
  const words = `${capital(made)}. They stay reserved until they are put back.`;
  return section('Huge pages reserved from here', note('info', words, el('div.acts', {}, back)));
}
