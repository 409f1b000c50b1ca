/** What is said of a step over the machine beside the name of where it led: borders that were crossed, and edges. */

import { borderBetween } from '../../model/topology/borders.ts';
import type { Step } from '../../model/layout/step.ts';
import type { Topology } from '../../model/topology/topology.ts';
import type { Place } from './focus.ts';

const EDGE: Readonly<Record<Step, string>> = {
  left: 'Nothing farther left.',
  right: 'Nothing farther right.',
  up: 'Nothing above.',
  down: 'Nothing below.',
  'node-left': 'No node farther left.',
  'node-right': 'No node farther right.',
  'node-up': 'No node above.',
  'node-down': 'No node below.',
  first: 'The first one.',
  last: 'The last one.',
  previous: 'No node before this one.',
  next: 'No node after this one.',
};

/** @param carrying then the core is said too: what is heard of a move is its cost, not the whole name. */
export function stepWords(topology: Topology, from: Place, to: Place, step: Step, carrying: boolean): string {
  if (from.kind === to.kind && from.id === to.id) return EDGE[step];
  if (from.kind !== 'cpu' || to.kind !== 'cpu') return '';
  const { border, words } = borderBetween(topology, from.id, to.id);
  if (border === 'none' || (border === 'core' && !carrying)) return '';
  return border === 'core' ? `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.` : `Into ${words}.`;
}
