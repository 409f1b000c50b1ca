/** Two pools of one service, laid out over the nodes: one walks a graph, the other takes distances over a store. */

import type { PageKind } from './pages.ts';

/**
 * `mixed`: both pools over both nodes; `separated`: walks on the first, distances and their store on the second; `huge-pages`: the same
 * with the store in huge pages; `reversed`: the nodes exchanged; `single`: both on the first; `replicated`: mixed, a copy of what is read on each.
 */
export const LAYOUTS = ['mixed', 'separated', 'huge-pages', 'reversed', 'single', 'replicated'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** The load, in requests under way for each worker that takes distances; the last two have four times the one work for the other. */
export const SCENARIOS = ['60%', '100%', '200%', 'traversal', 'distance'] as const;
export type Scenario = (typeof SCENARIOS)[number];

export interface SeparationCase {
  readonly kind: 'separation';
  readonly layout: Layout;
  readonly scenario: Scenario;
  /** Of the pool that walks, and of the one that takes distances. */
  readonly walkers: readonly number[];
  readonly workers: readonly number[];
  /** What the classes of distance are called by which steals are counted, the nearest first. */
  readonly classes: readonly string[];
  /** Of the store of vectors; the graph is an eighth of it, in the kernel's own pages. */
  readonly pages: PageKind;
  readonly sizeBytes: number;
}
