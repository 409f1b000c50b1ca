/** Owns the panel while nothing is placed or shown: what the machine does now, and what that rests on. */

import { formatBytes, formatFigure } from '../../model/text/format.ts';
import { busy } from '../../model/live/measures/busy.ts';
import { explained, figureWords, hasFigure, valueOnNode } from '../../model/live/measures/measure.ts';
import type { Measure } from '../../model/live/measures/measure.ts';
import { measureOf } from '../measures/known.ts';
import { nodeBusy } from '../../model/live/rates.ts';
import { indexTopology } from '../../model/topology/relation.ts';
import type { Sample } from '../../model/live/sample.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { el } from '../ui/dom.ts';
import { clock } from '../state/clock.ts';
import type { State } from '../state/store.ts';
import { bar, section, table, verdict } from './elements.ts';

const HALF = 0.5;
/** Characters from which on a reason is not set as a heading. */
const LONG = 60;

function busyTable(topology: Topology, sample: Sample): HTMLElement {
  const of = new Map(sample.cpus.map((cpu) => [cpu.id, cpu.busy]));
  const rows = [...nodeBusy(topology, sample)].map(([node, share]) => {
    const cpus = indexTopology(topology).cpusOfNode.get(node) ?? [];
    const known = cpus.filter((id) => of.has(id));
    const over = known.filter((id) => (of.get(id) ?? 0) > HALF).length;
    return [String(node), bar(share, 96), `${Math.round(share * 100)} %`, `${over} of ${known.length}`];
  });
  const columns = [
    { name: 'node' },
    { name: el('span.unseen', {}, 'as a bar') },
    { name: 'busy', num: true },
    { name: 'CPUs over 50 %', num: true },
  ];
  return table('Busy share by node', columns, rows);
}

function nodeTable(measure: Measure, topology: Topology, sample: Sample): HTMLElement {
  const { name } = measure;
  const rows = sample.nodes.map((node) => {
    const figure = valueOnNode(measure, topology, sample, node.id);
    return [
      String(node.id),
      figure === null ? 'no figure' : figureWords(measure, figure),
      node.freeBytes === null ? 'not reported' : `${formatBytes(node.freeBytes)} free`,
    ];
  });
  return table(
    `${name} by node`,
    [{ name: 'node' }, { name: name.toLowerCase(), num: true }, { name: 'memory', num: true }],
    rows,
  );
}

/** The figure of the machine with what is counted beside it; of devices, each. */
function besideTable(measure: Measure, sample: Sample): HTMLElement | null {
  const { name, paints, value } = measure;
  const whole = paints === 'machine' ? value(sample, 0) : null;
  const beside = measure.beside?.(sample) ?? [];
  const rows = [...(whole === null ? [] : [[name.toLowerCase(), figureWords(measure, whole)]]), ...beside];
  if (rows.length === 0) return null;
  return table(`${name}, one by one`, [{ name: 'counted' }, { name: 'now', num: true }], rows);
}

function measureTables(measure: Measure, topology: Topology, sample: Sample): (HTMLElement | null)[] {
  if (measure === busy) return [busyTable(topology, sample)];
  return [measure.paints === 'machine' ? null : nodeTable(measure, topology, sample), besideTable(measure, sample)];
}

function nowWords(state: State, topology: Topology): { above: string; sentence: string } {
  const { sample, view } = state;
  const { name, sentence } = measureOf(view.measure);
  if (!sample) return { above: name, sentence: 'Waiting for the first sample.' };
  const seconds = `${formatFigure(Math.round(sample.intervalMs / 100) / 10)} s`;
  return {
    above: state.moment ? `${name}, ${seconds} up to ${clock(state.moment.frame.time)}` : `${name}, last ${seconds}`,
    sentence: sentence(topology, sample),
  };
}

export function live(state: State, topology: Topology): HTMLElement[] {
  const { sample, view } = state;
  const { above, sentence } = nowWords(state, topology);
  const measure = measureOf(view.measure);
  // A reason with a command in it is no line to read from afar.
  const long = sample !== null && sentence.length > LONG && !hasFigure(measure, sample);
  const said = long
    ? [...verdict(above, `${measure.name}: no figure.`), el('div', {}, sentence)]
    : verdict(above, sentence);
  const body = sample && !long && measureTables(measure, topology, sample);
  const meaning = measure !== busy && el('div.dim.sm', {}, explained(measure));
  return [section(null, el('div.in', {}, said, body, meaning))];
}

/** The same below the questions, where the 20 px line is already taken. */
export function liveBelow(state: State, topology: Topology): HTMLElement {
  const { sentence } = nowWords(state, topology);
  const { sample } = state;
  const when = state.moment ? `At ${clock(state.moment.frame.time)}` : 'Now';
  return section(when, el('div.in', {}, el('div', {}, sentence), sample && busyTable(topology, sample)));
}
