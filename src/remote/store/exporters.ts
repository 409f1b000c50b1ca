/** The files of an export beside its page. A new kind of file is a row here; folder, page and messages follow the table. */

import { benchOf } from '../../model/bench/index.ts';
import { resultCsv } from '../../model/bench/matrix/csv.ts';
import { nodeCosts } from '../../model/bench/nodes/costs.ts';
import { nodeGrid } from '../../model/bench/nodes/grid.ts';
import { lineCpus } from '../../model/placement/slots.ts';
import type { ReportFile } from '../../model/report/markdown.ts';
import { hwlocScript } from '../../model/recommend/hwloc.ts';
import { pair } from '../../model/run/compare.ts';
import type { Run } from '../../model/run/run.ts';
import { chartSvg } from '../../model/svg/chart.ts';
import { courseSvg } from '../../model/svg/course.ts';
import { curvesSvg } from '../../model/svg/curves.ts';
import { heatmapSvg } from '../../model/svg/heatmap.ts';
import { nodeHeatmapSvg } from '../../model/svg/node-heatmap.ts';
import { topologySvg } from '../../model/svg/topology-svg.ts';
import { visibleJson } from '../../model/text/visible.ts';

export interface Exporter {
  /** Of the file, in the folder of the export. */
  readonly name: string;
  readonly title: (run: Run) => string;
  /** Where the page shows it; absent: the page links to it. */
  readonly picture?: ReportFile['picture'];
  /** The whole text of the file; null: this run has nothing of the kind. */
  readonly write: (run: Run) => string | null;
}

export const EXPORTERS: readonly Exporter[] = [
  {
    name: 'topology.svg',
    title: ({ host }) => `Topology of ${host.name} with the placement of this run`,
    picture: 'topology',
    write: drawing,
  },
  { name: 'figures.svg', title: () => 'Every repetition, medians and intervals', picture: 'figures', write: chartSvg },
  {
    name: 'course.svg',
    title: () => 'The program over time, and what was done to it',
    picture: 'course',
    write: courseSvg,
  },
  {
    name: 'curves.svg',
    title: () => 'Latency by size of the buffer, or by what others load',
    picture: 'figures',
    write: curvesSvg,
  },
  {
    name: 'matrix.svg',
    title: () => 'What each pair of CPUs costs; a dot marks what was measured',
    picture: 'classes',
    write: ({ topology, results }) => results.flatMap((result) => heatmapSvg(topology, result) ?? [])[0] ?? null,
  },
  {
    name: 'matrix.csv',
    title: () => 'The same as core-to-core-latency writes it: a row a CPU, measured or inferred alike',
    write: ({ results }) => results.flatMap((result) => resultCsv(result) ?? [])[0] ?? null,
  },
  {
    name: 'nodes.svg',
    title: () => 'What each node gets of each node\u2019s memory, beside what firmware says',
    picture: 'nodes',
    write: ({ topology, results }) => nodeHeatmapSvg(topology, results),
  },
  {
    name: 'hwloc.sh',
    title: () => 'The same for hwloc: adds it to a topology that lstopo wrote',
    write: (run) => (nodeGrid(run.topology, run.results) ? hwlocScript(run) : null),
  },
  {
    name: 'run.numa.json',
    title: () => 'Everything above, raw; NUMA Pinboard opens it again',
    write: (run) => `${visibleJson(run, 2)}\n`,
  },
];

function drawing(run: Run): string {
  const { of: result, against } = pair(run);
  // A table of nodes is no placement: its first case says nothing of the others.
  const bench = result && !nodeGrid(run.topology, run.results) ? benchOf(result.placement) : null;
  const slots = bench?.slots ?? [];
  const ends = against && lineCpus(slots, benchOf(against.placement).placement(against.placement));
  return topologySvg(run.topology, {
    ...(result && bench && slots.length > 0 ? { slots, placement: bench.placement(result.placement) } : {}),
    run,
    links: nodeCosts(run.topology, run.results),
    baseline: ends && { from: ends[0], to: ends[1] },
  });
}
