/** Owns the table view: everything that the board shows by place and colour, as text. */

import type { Topology } from '../../model/topology/topology.ts';
import { el, slot } from '../ui/dom.ts';
import type { Child } from '../ui/dom.ts';
import { keepContrast } from '../machine/contrast.ts';
import type { Actions } from '../state/actions.ts';
import type { Part } from '../state/part.ts';
import { hostBlocked, isStill, shownPlacement, slotsOf } from '../state/select.ts';
import type { State } from '../state/store.ts';
import { betweenNodes } from './between.ts';
import { tokens, warnings } from './board.ts';
import { caches, clusters, cores, cpus, dies, packages } from './cpus.ts';
import { devices } from './devices.ts';
import { distances, rated } from './distances.ts';
import { measures } from './measures.ts';
import { memorySideCaches, nodes, pages } from './nodes.ts';
import { results } from './results.ts';
import type { Built } from './table.ts';

/** One or more tables; built anew only when something it is made of is another. */
interface Section {
  /** In the list of what there is. */
  readonly name: string;
  of(state: State, topology: Topology): readonly unknown[];
  /** Null where the machine has nothing of it. */
  build(state: State, topology: Topology, actions: Actions): Child;
  /** For cells that live in a table too large to be built at every sample. */
  live?(state: State): void;
}

/** Of the machine alone: there may be a thousand CPUs, and only some cells live, of a recording none. */
function once(name: string, build: (topology: Topology, live: boolean) => Built | null): Section {
  let built: Built | null = null;
  return {
    name,
    of: (state, topology) => [topology, isStill(state)],
    build: (state, topology) => (built = build(topology, !isStill(state)))?.element,
    live: (state) => built?.update?.(state),
  };
}

/** Rows from which on a table is laid out only where it is looked at. */
const LONG = 100;

const SECTIONS: readonly Section[] = [
  {
    name: 'Placed',
    of: (state, topology) => [topology, JSON.stringify(shownPlacement(state))],
    build: (state, topology) => tokens(topology, slotsOf(state), shownPlacement(state)),
  },
  { name: 'Results', of: ({ board }) => [board?.runs], build: (state) => results(state) },
  once('Nodes', nodes),
  once('Measures', measures),
  { name: 'Distances', of: (_, topology) => [topology], build: (_, topology) => distances(topology) },
  { name: 'Rated', of: (_, topology) => [topology], build: (_, topology) => rated(topology) },
  {
    name: 'Measured between nodes',
    of: (state, topology) => [
      topology,
      state.board?.runs,
      state.view.shown,
      state.board?.running === null,
      hostBlocked(state)?.why,
    ],
    build: betweenNodes,
  },
  once('Memory-side caches', memorySideCaches),
  once('I/O devices', devices),
  {
    name: 'Pages',
    of: ({ sample }, topology) => [topology, sample],
    build: ({ sample }, topology) => sample?.processes.map((process) => pages(topology, process)),
  },
  once('Packages', packages),
  once('Dies', dies),
  once('Clusters', clusters),
  once('Caches', caches),
  once('Cores', cores),
  once('CPUs', cpus),
  { name: 'Warnings', of: (_, topology) => [topology], build: (_, topology) => warnings(topology) },
];

export function createTables(actions: Actions): Part {
  const sheet = el('div.sheet', { tabindex: 0, role: 'region', 'aria-label': 'The board as tables' });
  const parts = SECTIONS.map((section) => {
    const into = el('section', { tabindex: -1, 'aria-label': section.name });
    const go = el('button', { type: 'button' }, section.name);
    go.addEventListener('click', () => {
      sheet.scrollTo(0, into.offsetTop);
      into.focus({ preventScroll: true });
    });
    return { section, into, go, slot: slot(into) };
  });
  sheet.append(...parts.map(({ into }) => into));
  const toc = el(
    'nav.toc',
    { 'aria-label': 'Tables' },
    parts.map(({ go }) => go),
  );
  const element = el('div.tables', { 'data-table': '' }, toc, sheet);
  keepContrast(element);
  return {
    element,
    update(state) {
      const topology = state.board?.topology ?? null;
      element.hidden = !state.view.table || !topology;
      if (!state.view.table || !topology) return;
      for (const { section, into, go, slot } of parts) {
        slot.update(section.of(state, topology), () => section.build(state, topology, actions));
        into.hidden = go.hidden = into.childElementCount === 0;
        into.classList.toggle('long', into.getElementsByTagName('tr').length > LONG);
        section.live?.(state);
      }
    },
  };
}
