/** Owns the table of all measures: a row each, with the figure of every node, or why there is none. */

import { explained, figureWords, hasFigure, missingWords, valueOnNode } from '../../model/live/measures/measure.ts';
import type { Measure } from '../../model/live/measures/measure.ts';
import { grouped } from '../../model/live/measures/measures.ts';
import { nodesInOrder } from '../../model/topology/logical.ts';
import type { NumaNode, Topology } from '../../model/topology/topology.ts';
import { el, say } from '../ui/dom.ts';
import type { State } from '../state/store.ts';
import { wide } from './heat-cells.ts';
import { table } from './table.ts';
import type { Built } from './table.ts';

/** Written anew at every sample; what is known of the whole machine only stands once for all nodes. */
interface Row {
  readonly measure: Measure;
  readonly cells: readonly HTMLElement[];
  readonly whole: HTMLElement;
}

function write(
  { measure, cells, whole }: Row,
  nodes: readonly NumaNode[],
  topology: Topology,
  { sample }: State,
): void {
  const known = sample !== null && hasFigure(measure, sample);
  const apart = known && measure.paints !== 'machine';
  for (const [i, cell] of cells.entries()) cell.hidden = i === 0 ? false : !apart;
  const first = cells[0];
  if (first) first.setAttribute('colspan', apart ? '1' : String(nodes.length));
  first?.classList.toggle('why', !known);
  if (!sample || !known) {
    say(whole, sample ? missingWords(measure, sample) : 'no sample yet');
    return;
  }
  for (const [i, { id }] of nodes.entries()) {
    const figure = valueOnNode(measure, topology, sample, id);
    const into = i === 0 ? whole : cells[i];
    const words = figure === null ? 'no figure' : figureWords(measure, figure);
    if (into) say(into, measure.paints === 'machine' ? `${words}, whole machine` : words);
  }
}

/** Of the table; its section is called as the heat bar's list is. */
const NAME = 'Every measure, by node';

export function measures(topology: Topology, live: boolean): Built | null {
  if (!live) return null;
  const nodes = nodesInOrder(topology);
  const rows = grouped().flatMap(([group, own]) => own.map((measure) => ({ group, measure })));
  const written: Row[] = rows.map(({ measure }) => {
    const whole = el('span');
    return { measure, whole, cells: nodes.map((_, i) => el('td', {}, i === 0 && whole)) };
  });
  const element = table(
    NAME,
    ['Measure', 'Of', ...nodes.map(({ id }) => `node ${id}`), 'What it counts'],
    rows.map(({ group, measure }, i) => [
      measure.name,
      group,
      ...(written[i]?.cells ?? []),
      el('td.meaning', {}, explained(measure)),
    ]),
  );
  return {
    element: wide(NAME, element),
    update(state) {
      for (const row of written) write(row, nodes, topology, state);
    },
  };
}
