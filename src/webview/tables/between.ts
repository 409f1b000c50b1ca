/** Owns the tables of what a run measured between nodes, beside what firmware says. */

import { pairFacts, slitSentence } from '../../model/bench/nodes/firmware.ts';
import { nodeGrid, pairsOf } from '../../model/bench/nodes/grid.ts';
import type { NodeGrid, NodeMeasure } from '../../model/bench/nodes/grid.ts';
import { MEASURE_TITLES, pairColumns, scaleOfMeasure } from '../../model/bench/nodes/lines.ts';
import type { RunSummary } from '../../model/run/run.ts';
import { colourScale } from '../../model/svg/colour-scale.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { hasLinks } from '../../model/board/questions.ts';
import type { Actions } from '../state/actions.ts';
import { hostBlocked } from '../state/select.ts';
import { el } from '../ui/dom.ts';
import type { Child } from '../ui/dom.ts';
import { button, disable } from '../ui/elements.ts';
import type { State } from '../state/store.ts';
import { heat, scale, wide } from './heat-cells.ts';
import { table } from './table.ts';

function measured(grid: NodeGrid, measure: NodeMeasure, where: string): Child[] {
  const { factor, unit } = scaleOfMeasure(grid, measure);
  const valueOf = (from: number, to: number): number | null => {
    const median = grid.at(measure, from, to)?.median ?? null;
    return median === null ? null : median / factor;
  };
  const shades = colourScale(pairsOf(grid).flatMap(([from, to]) => valueOf(from, to) ?? []));
  const cell = (from: number, to: number): HTMLTableCellElement => {
    const [result, value] = [grid.at(measure, from, to), valueOf(from, to)];
    if (value === null) return el('td.fig', {}, 'not measured');
    const mark = result?.valid === false ? 'not valid ' : result?.noisy ? 'noisy ' : '';
    return heat(shades, value, mark !== '' && el('span.uneven', {}, mark));
  };
  const name = `${MEASURE_TITLES[measure]}, ${unit}`;
  const columns: Child[] = [
    el('th', { scope: 'col' }, 'CPUs of, memory of node'),
    ...grid.to.map((to) => el('th.fig', { scope: 'col' }, String(to))),
  ];
  const rows = grid.from.map((from) => [`node ${from}`, ...grid.to.map((to) => cell(from, to))]);
  return [wide(`${where}${name}`, table(name, columns, rows)), scale(name, shades)];
}

/**
 * A table a measure, with what they say of firmware's distances; null where the run is no table of nodes. `where` begins the names of
 * their regions, which may stand on the page twice.
 */
export function between(topology: Topology, run: RunSummary, where = ''): Child {
  const grid = nodeGrid(topology, run.results);
  if (!grid) return null;
  const sentence = slitSentence(pairFacts(topology, grid));
  return [
    ...grid.measures.map((measure) => measured(grid, measure, where)),
    el(
      'p.note',
      {},
      `Measured${run.results.some((one) => one.emulated) ? ', emulated' : ''}. ${sentence ?? ''}`.trim(),
    ),
  ];
}

/** The run whose tables are shown: the one on the board, else the newest that is a table of nodes. */
function runOf({ board, view }: State, topology: Topology): RunSummary | null {
  const runs = (board?.runs ?? []).filter((run) => nodeGrid(topology, run.results) !== null);
  return runs.find(({ id }) => id === view.shown) ?? runs[0] ?? null;
}

/** Measures what these tables show. */
export function nodesButton(state: State, actions: Actions): HTMLElement {
  const made = button('measure-nodes', 'secondary', () => actions.nodes(), 'Measure memory, node to node');
  disable(made, hostBlocked(state) !== null || state.board?.running !== null);
  return made;
}

/** As `between`, with a row a pair; where nothing was measured yet, what does it. */
export function betweenNodes(state: State, topology: Topology, actions: Actions): Child {
  const run = runOf(state, topology);
  const grid = run && nodeGrid(topology, run.results);
  if (!run || !grid) {
    if (!hasLinks(topology)) return null;
    const blocked = hostBlocked(state);
    return [
      el('h3', {}, 'Measured between nodes'),
      el('p.note', {}, `Nothing yet.${blocked === null ? '' : ` ${blocked.why}`}`),
      nodesButton(state, actions),
    ];
  }
  const { head, rows } = pairColumns(pairFacts(topology, grid));
  const columns = head.map((name, i) => (i === 0 ? name : el('th.fig', { scope: 'col' }, name)));
  const cells = rows.map((row) => row.map((words, i) => (i === 0 ? words : el('td.fig', {}, words))));
  return [
    between(topology, run, 'Between nodes: '),
    wide('Pairs of nodes', table('Pairs of nodes, beside firmware', columns, cells)),
  ];
}
