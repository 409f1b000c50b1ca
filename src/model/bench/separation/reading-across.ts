/**
 * The store of mixed pools lies on all their nodes and is read anywhere in it: on two nodes half of that crosses, whatever the host. So the
 * share says nothing by itself, and what it costs is judged: how much longer a batch of distances takes than where nobody reads across.
 */

import { pairedRatio } from '../../run/statistics.ts';
import { signRow, unknownSign } from './signs.ts';
import type { DecisionRow, SignFigure } from './signs.ts';
import { figureOf, find, TOO_FEW } from './taken.ts';
import type { Taken } from './taken.ts';
import type { SeparationLimits } from './thresholds.ts';

/** Which reads cross where all that was laid out holds: readers and pages as they were placed. Null: nobody was counted. */
function inevitable(taken: readonly Taken[]): number | null {
  const mixed = find(taken, 'separation', 'mixed', '100%');
  const readers = mixed?.result.workers?.slice(mixed.one.walkers.length) ?? [];
  if (!mixed || readers.length === 0) return null;
  const { store } = mixed.one;
  const share = (node: number): number =>
    store
      ? Number(store.includes(node)) / store.length
      : readers.filter((one) => one.node === node).length / readers.length;
  return 1 - readers.reduce((sum, { node }) => sum + share(node), 0) / readers.length;
}

function pages(taken: readonly Taken[], limits: SeparationLimits): SignFigure {
  const figure = figureOf(taken, 'Store read from another node', 'separation-cross-pages');
  const least = inevitable(taken);
  const low = figure.interval?.[0] ?? figure.value;
  return low === null || least === null || figure.why !== null || low > least + limits['cross-node-low']
    ? figure
    : { ...figure, why: 'inevitable where pools are mixed: what it costs is judged' };
}

/** Layouts in which nobody reads across, the first the one that differs in nothing else: each node has a copy. */
const NEAR = ['replicated', 'separated', 'reversed'] as const;
/** Of reads, in percent: as good as none. */
const NONE = 1;

function cost(taken: readonly Taken[]): SignFigure {
  const title = 'Distances slower for reading across';
  const mixed = figureOf(taken, title, 'separation-batch');
  if (mixed.value === null || mixed.why !== null) return { ...mixed, value: null, interval: null };
  const near = NEAR.find((layout) => {
    const across = find(taken, 'separation-cross-pages', layout, '100%')?.result;
    return across?.valid === true && across.median !== null && across.median < NONE;
  });
  if (near === undefined)
    return unknownSign(title, 'no layout whose store is read on its own node was measured at 100 % load');
  const [of, against] = (['mixed', near] as const).map(
    (layout) => find(taken, 'separation-batch', layout, '100%')?.result.repetitions ?? [],
  );
  const ratio = pairedRatio(of ?? [], against ?? []);
  return ratio
    ? { title, value: ratio.change, interval: ratio.interval, why: ratio.interval ? null : TOO_FEW }
    : unknownSign(title, 'there was nothing to count');
}

export const crossNodeRows = (taken: readonly Taken[], limits: SeparationLimits): DecisionRow[] => [
  signRow('crossNodePages', pages(taken, limits), limits),
  signRow('crossNodeCost', cost(taken), limits),
];
