/** What stands in the gaps: the distance, the line as thick as what it carries, and where each figure comes from. */

import { formatFigure } from '../text/format.ts';
import { costBetweenNodes, costWithinCache } from '../bench/matrix/costs.ts';
import type { CostTable } from '../bench/matrix/costs.ts';
import type { NodeCost } from '../bench/nodes/costs.ts';
import { indexTopology } from '../topology/relation.ts';
import { SMALLEST_TYPE, textWidth } from '../layout/label.ts';
import type { Layout, Link } from '../layout/types.ts';
import type { Rated, Topology } from '../topology/topology.ts';
import { mark, text } from './marks.ts';
import type { Mark } from './marks.ts';

/** px of line a GB/s; never thinner or thicker than can be told apart. */
const PER_GBS = 1 / 6;
const THIN = 3;
const THICK = 12;
const DOCK = 14;

/** Of a distance that firmware does not tell. */
const NOT_TOLD = 'not reported';

interface Cost {
  /** Of a cache line between CPUs; of memory without CPUs that of its memory. */
  readonly ns: number | null;
  /** Of the memory at one end from the CPUs at the other. */
  readonly memoryNs: number | null;
  /** How many times what it is within the last-level cache, in words. */
  readonly times: string | null;
  readonly gbs: number | null;
  readonly origin: string;
}

/** What is known of the way between nodes beside what firmware says. */
export interface MeasuredLinks {
  readonly costs: CostTable | null;
  readonly links: readonly NodeCost[];
}
const NOTHING_MEASURED: MeasuredLinks = { costs: null, links: [] };

/** "2.3 × within L3", or null where that says nothing. */
function ratio(costs: CostTable, topology: Topology, link: Link, ns: number): string | null {
  const [cpu] = indexTopology(topology).cpusOfNode.get(link.nodes[0]) ?? [];
  const near = cpu === undefined ? null : costWithinCache(costs, topology, cpu);
  return near ? `${formatFigure(ns / near.ns)} × within L${near.level}` : null;
}

function measuredCost(topology: Topology, link: Link, { costs, links }: MeasuredLinks): Cost | null {
  const [a, b] = link.nodes;
  const ns = costs && costBetweenNodes(costs, topology, a, b);
  // The slower of both ways is what one can count on.
  const ways = links.filter(({ from, to }) => (from === a && to === b) || (from === b && to === a));
  const rates = ways.flatMap(({ bytesPerSecond }) => bytesPerSecond ?? []);
  const times = ways.flatMap((way) => way.ns ?? []);
  if (ns === null && ways.length === 0) return null;
  const memoryNs = times.length === 0 ? null : Math.max(...times);
  const bare = link.kind === 'bare';
  const emulated = (ns !== null && costs?.emulated === true) || ways.some((way) => way.emulated);
  return {
    ns: bare ? memoryNs : ns,
    memoryNs: bare ? null : memoryNs,
    times: costs && ns !== null ? ratio(costs, topology, link, ns) : null,
    gbs: rates.length === 0 ? null : Math.min(...rates) / 1e9,
    origin: emulated ? 'emulated' : costs !== null && costs.simulated !== null ? 'simulated' : 'measured',
  };
}

/** Firmware rates memory only from its best initiators: for a node without CPUs that is the link drawn. */
function ratedCost(topology: Topology, link: Link): Cost | null {
  const rated: Rated | null = topology.nodes.find((node) => node.id === link.nodes[1])?.rated ?? null;
  if (link.kind !== 'bare' || !rated?.initiators.includes(link.nodes[0])) return null;
  const { readLatencyNs: ns, readBandwidthMBs: mbs } = rated;
  return ns === null && mbs === null
    ? null
    : { ns, memoryNs: null, times: null, gbs: mbs === null ? null : mbs / 1000, origin: 'rated' };
}

function figures({ ns, memoryNs, times, gbs }: Cost): string[] {
  return [
    ...(ns === null ? [] : [`${formatFigure(ns)} ns`]),
    ...(times === null ? [] : [times]),
    ...(memoryNs === null ? [] : [`memory ${formatFigure(memoryNs)} ns`]),
    ...(gbs === null ? [] : [`${formatFigure(gbs)} GB/s`]),
  ];
}

function band(link: Link, cost: Cost | null): Mark[] {
  const [x0, y0] = link.from;
  const [x1, y1] = link.to;
  const width = cost ? Math.max(THIN, Math.min(THICK, (cost.gbs ?? 0) * PER_GBS)) : 2;
  const across = link.kind === 'across';
  const docks = across
    ? `M${x0 + 1},${y0 - DOCK}V${y0 + DOCK}M${x1 - 1},${y1 - DOCK}V${y1 + DOCK}`
    : `M${x0 - DOCK},${y0 + 1}H${x0 + DOCK}M${x1 - DOCK},${y1 - 1}H${x1 + DOCK}`;
  return [
    mark(cost ? 'path.band' : 'path.band.unknown', { d: `M${x0},${y0}L${x1},${y1}`, 'stroke-width': width }),
    link.kind === 'bare' ? mark('g') : mark('path.band', { d: docks, 'stroke-width': 2 }),
  ];
}

/** What is known of its cost. A chip on the line tells a figure of its own: beside it "not measured" would read as a contradiction. */
function unmeasured(chip: boolean, ...words: string[]): string[] {
  return chip ? [] : words;
}

/** Above the line the distance, below it what is known of its cost; `lift` makes room for a chip on the line. */
function acrossWords(link: Link, cost: Cost | null, chip: boolean, lift: number): Mark[] {
  const x = (link.from[0] + link.to[0]) / 2;
  const y = link.from[1];
  const below = cost ? [...figures(cost), cost.origin] : unmeasured(chip, 'cost not', 'measured');
  const fits = (words: string, size: number): boolean => textWidth(words, size) <= link.room - 4;
  const told = below.every((words) => fits(words, 10)) ? below : [];
  const figure = link.distance === null ? null : String(link.distance);
  return [
    ...(fits('distance', 10) ? [text('.m.t10.d', x, y - 34 - lift, 'distance')] : []),
    ...(figure !== null && fits(figure, 20) ? [text('.m.t20.s', x, y - 14 - lift, figure)] : []),
    ...(figure === null && fits(NOT_TOLD, 10) ? [text('.m.t10.d', x, y - 18 - lift, NOT_TOLD)] : []),
    ...told.map((words, i) =>
      text(i === told.length - 1 || !cost || !fits(words, 11) ? '.m.t10.d' : '.m', x, y + 22 + i * 13, words),
    ),
  ];
}

/** Heights of a gap (px) that hold two and three lines between the docks. */
const TWO_LINES = 40;
const THREE_LINES = 48;
/** px from one line to the next. */
const LINE = 12;

interface Place {
  /** Of the distance, px. */
  readonly beside: number;
  /** px of a line below it, and how many lines there are. */
  readonly below: number;
  readonly lines: number;
}

/** Beside the distance and below it: all of it in the first place that it fits into, else split, else in fewer words. */
function told(cost: Cost | null, chip: boolean, { beside, below, lines }: Place): [beside: string, below: string[]] {
  const [unknown = ''] = unmeasured(chip, 'cost not measured');
  const fits = (words: string): boolean => textWidth(words, 10) <= below;
  for (const known of cost ? knownWords(cost) : ['']) {
    const all = cost ? `${known} ${cost.origin}` : unknown;
    if (all === '' || textWidth(all, 10) <= beside) return [all, []];
    if (lines >= 1 && fits(all)) return ['', [all]];
    if (cost && lines >= 2 && fits(known) && fits(cost.origin)) return ['', [known, cost.origin]];
  }
  return ['', []];
}

/** Where it is the only latency, beside a bandwidth, that of memory needs no word. */
function knownWords(cost: Cost): string[] {
  const all = figures(cost).join('  ');
  return cost.ns === null && cost.gbs !== null ? [all, all.replace('memory ', '')] : [all];
}

/** Right of the line, as far as the room goes; `lift` is what a chip beside the line takes of it. */
function downWords(link: Link, cost: Cost | null, chip: boolean, lift: number): Mark[] {
  const x = link.from[0] + 16 + lift;
  const y = link.wordsY + 4;
  const [words, figure] =
    link.distance !== null
      ? ['distance', link.distance]
      : link.kind === 'bare'
        ? ['node', link.nodes[0]]
        : ['distance', NOT_TOLD];
  const distance = String(figure);
  const room = link.room - lift - 16;
  const long = textWidth(`${words} ${distance}`, 12);
  if (room < textWidth(distance, 13)) return [];
  const high = 2 * Math.abs(link.wordsY - link.from[1]);
  if (high < LINE) return [];
  const lines = high < TWO_LINES ? 0 : high < THREE_LINES ? 1 : 2;
  const [beside, below] = told(cost, chip, { beside: room - long - 10, below: room, lines });
  const up = (below.length * LINE) / 2;
  return [
    text(
      '',
      x,
      y - up,
      room >= long ? mark('tspan.d', {}, `${words} `) : null,
      mark('tspan.s.t13', {}, distance),
      beside !== '' ? mark('tspan.d.t10', { dx: 10 }, beside) : null,
    ),
    ...below.map((line, i) => text('.t10.d', x, y - up + 2 + LINE * (i + 1), line)),
  ];
}

/** The distance alone: above its short line, or right of it. */
function insideMark({ from, to, distance, wordsY }: Link): Mark {
  const [[x0, y0], [x1, y1]] = [from, to];
  const line = (dy: number): Mark => mark('path.band', { d: `M${x0},${y0 + dy}L${x1},${y1 + dy}`, 'stroke-width': 2 });
  const words = String(distance);
  const fits = y0 === y1 ? textWidth(words, 10) <= x1 - x0 : y1 - y0 >= SMALLEST_TYPE;
  if (!fits) return mark('g.link', {}, line(y0 === y1 ? 4 : 0));
  return y0 === y1
    ? mark('g.link', {}, line(4), text('.m.t10.s', (x0 + x1) / 2, wordsY - 1, words))
    : mark('g.link', {}, line(0), text('.t10.s', x0 + 6, wordsY + 3.5, words));
}

/** Between nodes of one body: drawn over the packages that these lines are in. */
export const insideMarks = ({ links }: Layout): Mark[] => links.filter(({ kind }) => kind === 'inside').map(insideMark);

/** @param chipOn the link a chip sits on, and the px its words move for it. */
export function linkMarks(
  topology: Topology,
  layout: Layout,
  chipOn: { readonly link: Link; readonly lift: number } | null,
  measured: MeasuredLinks = NOTHING_MEASURED,
): Mark[] {
  const outside = layout.links.filter(({ kind }) => kind !== 'inside');
  return outside.map((link) => {
    const cost = measuredCost(topology, link, measured) ?? ratedCost(topology, link);
    const chip = chipOn?.link === link;
    const lift = chip ? chipOn.lift : 0;
    const words = link.kind === 'across' ? acrossWords(link, cost, chip, lift) : downWords(link, cost, chip, lift);
    return mark('g.link', {}, ...band(link, cost), ...words);
  });
}
