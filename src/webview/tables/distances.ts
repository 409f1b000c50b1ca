/** Owns the tables of how far memory is, by firmware's word: distances between nodes, and what nodes are rated at. */

import { nodesInOrder } from '../../model/topology/logical.ts';
import { colourScale } from '../../model/svg/colour-scale.ts';
import type { NumaNode, Rated, Topology } from '../../model/topology/topology.ts';
import { parseCpuList } from '../../model/text/cpulist.ts';
import { el } from '../ui/dom.ts';
import type { Child } from '../ui/dom.ts';
import { heat, scale, swatch, wide } from './heat-cells.ts';
import { table } from './table.ts';

/** Firmware's distance of a node to itself (ACPI). */
const LOCAL = 10;
/** More pairs than this are counted, not listed. */
const MOST_PAIRS = 6;

interface Bunch {
  readonly words: string;
  readonly nodes: readonly NumaNode[];
}

/** Neighbours in one package. */
function bunches(topology: Topology, nodes: readonly NumaNode[]): Bunch[] {
  const found: Bunch[] = [];
  for (const node of nodes) {
    const first = parseCpuList(node.cpus)[0];
    const home = topology.packages.find((item) => first !== undefined && parseCpuList(item.cpus).includes(first));
    const words = node.cpus === '' ? 'no CPUs' : home ? `Package ${home.id}` : 'no package';
    const last = found.at(-1);
    if (last?.words === words) found[found.length - 1] = { words, nodes: [...last.nodes, node] };
    else found.push({ words, nodes: [node] });
  }
  return found;
}

function asymmetric(nodes: readonly NumaNode[]): string[] {
  return nodes.flatMap((a, at) =>
    nodes.slice(at + 1).flatMap((b) => {
      const [there, back] = [a.distances[String(b.id)], b.distances[String(a.id)]];
      if (there === undefined || back === undefined || there === back) return [];
      return [`node ${a.id} to ${b.id} is ${there}, back ${back}`];
    }),
  );
}

export function distances(topology: Topology): Child {
  const nodes = nodesInOrder(topology);
  const values = nodes.flatMap((node) => Object.values(node.distances));
  if (values.length === 0 || nodes.length < 2) return null;
  const shades = colourScale(values.filter((value) => value > LOCAL));
  const groups = bunches(topology, nodes);
  const firsts = new Set(groups.slice(1).map((group) => group.nodes[0]));
  const uneven = asymmetric(nodes);
  const edge = (cell: HTMLTableCellElement, of: NumaNode): HTMLTableCellElement => {
    cell.classList.toggle('edge', firsts.has(of));
    return cell;
  };
  const cell = (from: NumaNode, to: NumaNode): HTMLTableCellElement => {
    const [there, back] = [from.distances[String(to.id)], to.distances[String(from.id)]];
    if (there === undefined) return edge(el('td.fig', {}, 'not reported'), to);
    const mark = back !== undefined && back !== there ? el('span.uneven', {}, '\u2260') : null;
    return edge(heat(shades, there, mark), to);
  };
  const columns: Child[] = [
    el('th', { scope: 'col' }, 'From, to node'),
    ...nodes.map((node) => edge(el('th.fig', { scope: 'col' }, String(node.id)), node)),
  ];
  const rows = nodes.map((from) => [`node ${from.id}`, ...nodes.map((to) => cell(from, to))]);
  // Where each package is one node its name says nothing more.
  const head = groups.some((group) => group.nodes.length > 1)
    ? el(
        'tr.groups',
        {},
        el('td'),
        groups.map(({ words, nodes: own }) => el('th', { scope: 'colgroup', colspan: own.length }, words)),
      )
    : null;
  const name = 'Distances between nodes';
  const listed =
    uneven.slice(0, MOST_PAIRS).join('; ') +
    (uneven.length > MOST_PAIRS ? `; and ${uneven.length - MOST_PAIRS} more` : '');
  return [
    wide(name, table(name, columns, rows, head)),
    scale('Distance', shades, swatch(0, `${LOCAL}, the node itself`)),
    el(
      'p.note',
      {},
      'Reported by firmware (ACPI SLIT), not measured: 10 is a node\u2019s own memory, 21 is 2.1 times as far. Nodes are in topology order.',
    ),
    uneven.length > 0 && el('p.note', {}, `\u2260 different in each direction: ${listed}.`),
  ];
}

/** With how much of what is told makes one of the unit. */
const RATED: readonly (readonly [key: keyof Omit<Rated, 'initiators'>, name: string, per: number])[] = [
  ['readLatencyNs', 'Read latency, ns', 1],
  ['writeLatencyNs', 'Write latency, ns', 1],
  ['readBandwidthMBs', 'Read bandwidth, GB/s', 1000],
  ['writeBandwidthMBs', 'Write bandwidth, GB/s', 1000],
];

export function rated(topology: Topology): Child {
  const nodes = nodesInOrder(topology).flatMap((node) => (node.rated ? [{ id: node.id, rated: node.rated }] : []));
  if (nodes.length === 0) return null;
  const measures = RATED.map(([key, name, per]) => {
    const of = (own: Rated): number | null => (own[key] === null ? null : own[key] / per);
    const values = nodes.flatMap((node) => of(node.rated) ?? []);
    return { of, name, shades: colourScale(values) };
  }).filter(({ shades }) => shades.length > 0);
  const rows = nodes.map((node) => [
    `node ${node.id}`,
    node.rated.initiators.length > 0 ? `node ${node.rated.initiators.join(', ')}` : 'not reported',
    ...measures.map(({ of, shades }) => {
      const value = of(node.rated);
      return value === null ? el('td.fig', {}, 'not reported') : heat(shades, value);
    }),
  ]);
  const columns: Child[] = [
    'Memory of',
    'From CPUs of',
    ...measures.map(({ name }) => el('th.fig', { scope: 'col' }, name)),
  ];
  const name = 'Rated access to memory';
  return [
    wide(name, table(name, columns, rows)),
    measures.map(({ name: of, shades }) => scale(of, shades)),
    el(
      'p.note',
      {},
      'Reported by firmware (ACPI HMAT), never measured. The kernel exposes only the figures from the nodes that firmware rates best for each memory; no others are available.',
    ),
  ];
}
