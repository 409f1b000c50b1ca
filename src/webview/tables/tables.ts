/** Owns the table view: everything that the board shows by place and colour, as text. */

import type { Topology } from '../../model/topology.ts';
import { el, slot } from '../dom.ts';
import type { Child } from '../dom.ts';
import type { Part } from '../part.ts';
import type { State } from '../store.ts';
import { cpus } from './cpus.ts';
import { distances } from './distances.ts';
import { nodes } from './nodes.ts';
import { results } from './results.ts';

/** One or more tables; built anew only when something it is made of is another. */
interface Section {
  of(state: State, topology: Topology): readonly unknown[];
  build(state: State, topology: Topology): Child;
  /** For cells that live in a table too large to be built at every sample. */
  live?(state: State): void;
}

function sections(): Section[] {
  let list: ReturnType<typeof cpus> | null = null;
  return [
    { of: ({ board }) => [board?.runs], build: (state) => results(state) },
    { of: ({ sample }, topology) => [topology, sample], build: (state, topology) => nodes(topology, state) },
    { of: (_, topology) => [topology], build: (_, topology) => distances(topology) },
    {
      of: (_, topology) => [topology],
      build: (_, topology) => (list = cpus(topology)).element,
      live: (state) => list?.update(state),
    },
  ];
}

export function createTables(): Part {
  const element = el('div.tables', {
    tabindex: 0,
    role: 'region',
    'aria-label': 'The board as tables',
    'data-table': '',
  });
  const parts = sections().map((section) => {
    const into = el('div');
    element.append(into);
    return { section, slot: slot(into) };
  });
  return {
    element,
    update(state) {
      const topology = state.board?.topology ?? null;
      element.hidden = !state.view.table || !topology;
      if (!state.view.table || !topology) return;
      for (const { section, slot } of parts) {
        slot.update(section.of(state, topology), () => section.build(state, topology));
        section.live?.(state);
      }
    },
  };
}
