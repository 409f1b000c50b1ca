/** Owns the table view: everything that the board shows by place and colour, as text. */

import { formatBytes, formatFigure, formatMetric, formatRange, scaleOf } from '../model/format.ts';
import { MEASURES } from '../model/heat.ts';
import { indexTopology } from '../model/relation.ts';
import type { Topology } from '../model/topology.ts';
import { el, say, slot } from './dom.ts';
import type { Child } from './dom.ts';
import { resultLabel, runLabel } from './labels.ts';
import type { Part } from './part.ts';
import type { State } from './store.ts';

/** The first cell of a row names it. */
function table(caption: string, columns: readonly string[], rows: readonly (readonly Child[])[]): HTMLElement {
  return el(
    'table',
    {},
    el('caption', {}, caption),
    el(
      'thead',
      {},
      el(
        'tr',
        {},
        columns.map((name) => el('th', { scope: 'col' }, name)),
      ),
    ),
    el(
      'tbody',
      {},
      rows.map((row) =>
        el(
          'tr',
          {},
          row.map((cell, i) => (i === 0 ? el('th', { scope: 'row' }, cell) : el('td', {}, cell))),
        ),
      ),
    ),
  );
}

function nodes(topology: Topology, { sample }: State): HTMLElement {
  const measures = MEASURES.filter((measure) => measure.paints === 'node');
  const rows = topology.nodes.map((node) => {
    const now = sample?.nodes.find((one) => one.id === node.id);
    const free = now?.freeBytes ?? node.freeBytes;
    const figures = measures.map(({ value, unit }) => {
      const figure = sample ? value(sample, node.id) : null;
      return figure === null ? 'no figure' : `${formatFigure(figure)} ${unit}`;
    });
    const huge = (now?.hugepages ?? node.hugepages)
      .filter((pages) => pages.total > 0)
      .map(
        (pages) =>
          `${pages.free === null ? '' : `${pages.free} free of `}${pages.total}, ${formatBytes(pages.sizeBytes)}`,
      );
    const size = node.memoryBytes === null ? 'not said' : formatBytes(node.memoryBytes);
    const cpus = node.cpus === '' ? 'none' : formatRange(node.cpus);
    return [
      `node ${node.id}`,
      cpus,
      size,
      free === null ? 'not said' : formatBytes(free),
      ...figures,
      huge.length > 0 ? huge.join('; ') : 'none',
    ];
  });
  const columns = ['Node', 'CPUs', 'Memory', 'Free', ...measures.map((measure) => measure.name), 'Huge pages reserved'];
  return table('NUMA nodes', columns, rows);
}

function distances(topology: Topology): HTMLElement | null {
  if (topology.nodes.every((node) => Object.keys(node.distances).length === 0)) return null;
  const ids = topology.nodes.map((node) => node.id);
  const rows = topology.nodes.map((node) => [
    `node ${node.id}`,
    ...ids.map((id) => String(node.distances[String(id)] ?? 'not said')),
  ]);
  return table('Distances, from firmware (10 is local)', ['From', ...ids.map((id) => `to node ${id}`)], rows);
}

/** Built once a topology: a machine may have a thousand CPUs, and only one column lives. */
function cpus(topology: Topology): { readonly element: HTMLElement; update(state: State): void } {
  const { places } = indexTopology(topology);
  const cells = new Map(topology.cpus.map((cpu) => [cpu.id, el('span')]));
  const rows = topology.cpus.map((cpu) => {
    const place = places.get(cpu.id);
    const state = !cpu.online ? 'offline' : cpu.allowed ? 'allowed' : 'outside the cpuset';
    const id = (value: number | undefined): string => (value === undefined ? 'not said' : String(value));
    return [
      `P#${cpu.id}`,
      id(place?.package?.id),
      id(place?.core?.id),
      id(place?.node?.id),
      cpu.kind ?? '',
      state,
      cells.get(cpu.id),
    ];
  });
  return {
    element: table('CPUs', ['CPU', 'Package', 'Core', 'Node', 'Kind', 'State', 'Busy'], rows),
    update({ sample }) {
      const busy = new Map(sample?.cpus.map((cpu) => [cpu.id, cpu.busy]));
      for (const [id, cell] of cells) {
        const share = busy.get(id);
        say(cell, share === undefined ? 'no figure' : `${Math.round(share * 100)} %`);
      }
    },
  };
}

function results({ board }: State): HTMLElement {
  const rows = (board?.runs ?? []).flatMap((run) =>
    run.results.map((result) => {
      const { median, interval, metric, repetitions } = result;
      const { factor, unit } = scaleOf(metric, median ?? 0);
      const marks = [
        ...(result.noisy ? ['noisy'] : []),
        ...(result.valid ? [] : ['not valid']),
        ...(result.emulated ? ['emulated'] : []),
      ];
      return [
        resultLabel(result),
        median === null ? 'not measured' : formatMetric(median, metric),
        interval ? `${formatMetric(interval[0], metric)} to ${formatMetric(interval[1], metric)}` : 'none',
        `${repetitions.map((value) => formatFigure(value / factor)).join(', ')} ${unit}`,
        marks.join(', '),
        runLabel(board?.topology ?? null, run),
        run.verdict?.sentence ?? '',
      ];
    }),
  );
  return table(
    'Results',
    ['Placement', 'Median', '95 % interval', 'Every repetition', 'Marks', 'Run', 'Verdict'],
    rows,
  );
}

export function createTables(): Part {
  const element = el('div.tables', {
    tabindex: 0,
    role: 'region',
    'aria-label': 'The board as tables',
    'data-table': '',
  });
  const parts = { results: el('div'), nodes: el('div'), cpus: el('div') };
  element.append(parts.results, parts.nodes, parts.cpus);
  const slots = { results: slot(parts.results), nodes: slot(parts.nodes), cpus: slot(parts.cpus) };
  let list: ReturnType<typeof cpus> | null = null;
  return {
    element,
    update(state) {
      const topology = state.board?.topology ?? null;
      element.hidden = !state.view.table || !topology;
      if (!state.view.table || !state.board || !topology) return;
      slots.results.update([state.board.runs], () => results(state));
      slots.nodes.update([topology, state.sample], () => [nodes(topology, state), distances(topology)]);
      slots.cpus.update([topology], () => (list = cpus(topology)).element);
      list?.update(state);
    },
  };
}
