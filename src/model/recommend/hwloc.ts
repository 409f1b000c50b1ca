/**
 * What was measured between nodes, for hwloc: a shell script of `hwloc-annotate` calls (hwloc 2), which adds distances and memory
 * attributes to a topology that lstopo wrote. `hwloc-bind --best-memattr` and programs that use hwloc then choose by them.
 */

import { clean } from '../text/clean.ts';
import { formatHwlocSet } from '../formats/lstopo/set.ts';
import { PinboardError } from '../problem.ts';
import type { Run } from '../run/run.ts';
import type { Topology } from '../topology/topology.ts';
import { nodeGrid, pairsOf, usableCpusOf, validMedian } from '../bench/nodes/grid.ts';
import type { NodeGrid, NodeMeasure } from '../bench/nodes/grid.ts';

/** hwloc/distances.h: FROM_USER (2) with MEANS_LATENCY (4) or MEANS_BANDWIDTH (8). */
const DISTANCES = {
  latency: { name: 'MeasuredLatency', kind: 6 },
  bandwidth: { name: 'MeasuredBandwidth', kind: 10 },
} as const;

/** hwloc/memattrs.h: Latency is in ns, Bandwidth in MiB/s, both whole numbers. */
const ATTRIBUTES = { latency: 'Latency', bandwidth: 'Bandwidth' } as const;
const MIB = 1024 ** 2;

export function hwlocValue(measure: NodeMeasure, median: number): number {
  return Math.round(measure === 'latency' ? median : median / MIB);
}

function attributes(topology: Topology, grid: NodeGrid, measure: NodeMeasure): string[] {
  return pairsOf(grid).flatMap(([from, to]) => {
    const median = validMedian(grid, measure, from, to);
    if (median === null) return [];
    // lstopo leaves out CPUs outside the cpuset, and hwloc would not take them.
    const set = formatHwlocSet(usableCpusOf(topology, from));
    return `annotate "$node${to}" memattr ${ATTRIBUTES[measure]} ${set} ${hwlocValue(measure, median)}`;
  });
}

/** hwloc takes squares only: nodes that were measured from and to. None where a pair is missing, or there is one node. */
function distances(grid: NodeGrid, measure: NodeMeasure): string[] {
  const nodes = grid.from.filter((id) => grid.to.includes(id));
  const values = nodes.flatMap((from) => nodes.map((to) => validMedian(grid, measure, from, to)));
  if (nodes.length < 2 || values.includes(null)) return [];
  const { name, kind } = DISTANCES[measure];
  return [
    'cat >"$distances" <<END',
    `name=${name}`,
    String(kind),
    String(nodes.length),
    ...nodes.map((id) => `$node${id}`),
    ...values.map((value) => String(hwlocValue(measure, value ?? 0))),
    'END',
    'annotate root distances "$distances"',
  ];
}

/** @throws PinboardError `unsupported` where the run is no table of nodes, or nothing in it counts. */
export function hwlocScript({ topology, results, time, host, tool }: Run): string {
  const grid = nodeGrid(topology, results);
  const found = grid ? grid.measures.flatMap((measure) => attributes(topology, grid, measure)) : [];
  if (!grid || found.length === 0) {
    throw new PinboardError(
      'unsupported',
      'There is nothing for hwloc: it takes latency and bandwidth between several nodes.',
      'Use --format json for what was measured.',
    );
  }
  const emulated = topology.machine.emulated ? ', emulated' : '';
  const by = `NUMA Pinboard ${clean(tool.version, 40)}, ${clean(time, 40)}${emulated}`.replace(/[^\w ,.:+-]/g, '');
  return [
    '#!/bin/sh',
    `# Latency (ns) and bandwidth (MiB/s) between the NUMA nodes of ${clean(host.name, 80)}, as measured by ${by}.`,
    '# sh THIS-FILE TOPOLOGY.xml MEASURED.xml: takes what "lstopo TOPOLOGY.xml" wrote on that host, and adds them.',
    '# lstopo --memattrs --distances -i MEASURED.xml shows them; with HWLOC_XMLFILE=MEASURED.xml and HWLOC_THISSYSTEM=1 hwloc-bind',
    '# and programs that use hwloc choose memory by them.',
    'set -eu',
    'if [ $# -ne 2 ]; then echo "usage: sh $0 TOPOLOGY.xml MEASURED.xml" >&2; exit 2; fi',
    'measured=$2',
    'cp -- "$1" "$measured"',
    'distances=$(mktemp)',
    'trap \'rm -f "$distances"\' EXIT',
    'annotate() { hwloc-annotate "$measured" "$measured" "$@"; }',
    '# hwloc-annotate counts nodes as lstopo does (L#), the kernel otherwise (P#); hwloc-calc 2.9 cannot tell nodes apart that share CPUs.',
    'node() {',
    `  at=$(hwloc-ls --disallowed -i "$measured" --only numanode | sed -n "s/^NUMANode L#\\([0-9]*\\) (P#$1[ )].*/\\1/p")`,
    '  if [ -z "$at" ]; then echo "$0: NUMA node $1 is not in this topology" >&2; exit 1; fi',
    '  echo "numanode:$at"',
    '}',
    ...grid.to.map((id) => `node${id}=$(node ${id})`),
    `annotate root info MeasuredBy "${by}"`,
    ...grid.measures.flatMap((measure) => distances(grid, measure)),
    ...found,
    '',
  ].join('\n');
}
