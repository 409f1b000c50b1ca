/** Two pools of one service, laid out over the nodes: one walks a graph, the other takes distances over a store. */

import type { PageKind } from './pages.ts';

/**
 * `mixed`: both pools over both nodes; `separated`: walks on the first, distances and their store on the second; `huge-pages`: the same
 * with the store in huge pages; `reversed`: the nodes exchanged; `single`: both on the first; `replicated`: mixed, a copy of what is read on each.
 */
export const PRESET_LAYOUTS = ['mixed', 'separated', 'huge-pages', 'reversed', 'single', 'replicated'] as const;
/** `custom`: the CPUs of both pools, and the nodes of the store, as a person chose them. */
export const LAYOUTS = [...PRESET_LAYOUTS, 'custom'] as const;
export type PresetLayout = (typeof PRESET_LAYOUTS)[number];
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
  /** Nodes that the store is bound to, interleaved over several; absent: each who takes distances touches its own share of it. */
  readonly store?: readonly number[];
  /** What the classes of distance are called by which steals are counted, the nearest first. */
  readonly classes: readonly string[];
  /** Of the store of vectors; the graph is an eighth of it, in the kernel's own pages. */
  readonly pages: PageKind;
  readonly sizeBytes: number;
}
