/** A machine as an SVG file, at the size it needs to be read: what `topology --format svg` and an export write. */

import { formatBytes, plural } from '../format.ts';
import { bottomOf, rightOf } from '../layout/box.ts';
import type { Box } from '../layout/box.ts';
import { nodeBoxOf } from '../layout/find.ts';
import { layoutMachine } from '../layout/layout.ts';
import { MARGIN } from '../layout/spec.ts';
import type { Layout } from '../layout/types.ts';
import { memoryNode } from '../placement.ts';
import { nodeOf } from '../relation.ts';
import type { Comparison, Result } from '../run.ts';
import type { Topology } from '../topology.ts';
import { EMPTY_PLACEMENT } from '../workload.ts';
import type { Placement } from '../workload.ts';
import { cellMarks } from './cells.ts';
import { resultChip } from './chip.ts';
import { linkMarks } from './links.ts';
import { matrixMarks } from './matrix.ts';
import type { Mark } from './marks.ts';
import { nodeMarks } from './node-bar.ts';
import { escapeXml, render } from './render.ts';
import { chipLink, isOccupied, runMarks, runRoute } from './run-marks.ts';
import type { RunFace } from './run-marks.ts';
import { sceneryMarks } from './scenery.ts';
import type { Naming } from './scenery.ts';
import { STYLE } from './style.ts';

export interface SvgOptions {
  readonly placement?: Placement;
  /** What was measured with that placement. */
  readonly result?: Result | null;
  /** What it was held against, in the same run. */
  readonly comparison?: Comparison | null;
  readonly baseline?: { readonly producer: number; readonly consumer: number } | null;
  /** px to start from; the drawing is as large as its smallest label needs. */
  readonly width?: number;
  readonly height?: number;
}

/** A cell that holds "P#1023". */
const READABLE = { w: 44, h: 22 };

/** lstopo's ids, each once: kernel ids where they name one thing, else the order on the machine (index -1). */
function namer(): Naming {
  const taken = new Set<string>();
  const next = new Map<string, number>();
  return (type, index) => {
    let at = index < 0 ? (next.get(type) ?? 0) : index;
    while (taken.has(`${type}_${at}`)) at++;
    taken.add(`${type}_${at}`);
    next.set(type, at + 1);
    return { id: `${type}_${at}_rect`, class: CLASSES[type] ? `${type} ${CLASSES[type]}` : `${type} cache` };
  };
}

/** The look of each type, beside lstopo's class. */
const CLASSES: Readonly<Record<string, string>> = { Package: 'pkg', Core: 'core', PU: 'pu', NUMANode: 'node' };

/** What is drawn, with the chip and flags outside the boxes. */
function extent(layout: Layout, face: RunFace): Box {
  const boxes: Box[] = [...layout.bodies, ...layout.nodes, ...layout.pus];
  for (const box of [layout.matrix, layout.strip]) if (box) boxes.push(box);
  const route = runRoute(layout, face);
  for (const [x, y] of route ? [...route.points] : []) boxes.push({ x, y, w: 0, h: 0 });
  if (route) boxes.push({ x: route.chip[0] - 70, y: route.chip[1] - 34, w: 140, h: 68 });
  const x = Math.floor(Math.min(...boxes.map((box) => box.x)) - MARGIN);
  const y = Math.floor(Math.min(...boxes.map((box) => box.y)) - MARGIN);
  return {
    x,
    y,
    w: Math.ceil(Math.max(...boxes.map(rightOf)) + MARGIN - x),
    h: Math.ceil(Math.max(...boxes.map(bottomOf)) + MARGIN - y),
  };
}

function describe(topology: Topology): string {
  const { packages, nodes, cores, cpus } = topology;
  const memory = nodes.reduce((sum, node) => sum + (node.memoryBytes ?? 0), 0);
  const parts = [plural(packages.length, 'package'), plural(nodes.length, 'NUMA node'), plural(cores.length, 'core')];
  return [...parts, plural(cpus.length, 'CPU'), ...(memory > 0 ? [formatBytes(memory)] : [])].join(', ');
}

function drawing(topology: Topology, layout: Layout, face: RunFace): Mark[] {
  const naming = namer();
  const [from, to] = [face.placement.producer, face.placement.consumer].map((cpu) =>
    cpu === null ? null : nodeOf(topology, cpu),
  );
  const nodes = topology.nodes.flatMap((node) => {
    const box = nodeBoxOf(layout, node.id);
    if (!box) return [];
    const occupied = isOccupied(layout, face.placement, node.id);
    const { id } = naming('NUMANode', node.id);
    const ids = { id: id ?? '', class: `NUMANode node${occupied ? ' occ' : ''}` };
    return nodeMarks(box, { node, sample: null, bare: box.bare, occupied, figure: null }, ids);
  });
  const cells = topology.cpus.flatMap((cpu, i) => {
    const box = layout.pus[i];
    return box ? [cellMarks(box, cpu, naming('PU', cpu.id))] : [];
  });
  return [
    ...linkMarks(topology, layout, chipLink(layout, face)),
    ...sceneryMarks(layout, naming),
    ...nodes,
    ...matrixMarks(topology, layout, from && to ? [from.id, to.id] : null),
    ...cells,
    ...runMarks(layout, face),
  ];
}

/** Well-formed and self-contained; strings of the host stand in it as text only. */
export function topologySvg(topology: Topology, options: SvgOptions = {}): string {
  const { placement = EMPTY_PLACEMENT, result = null, comparison = null, baseline = null } = options;
  const { width = 1000, height = 600 } = options;
  const layout = layoutMachine(topology, { width, height, smallest: READABLE, named: true });
  const face: RunFace = {
    placement,
    memory: memoryNode(topology, placement),
    baseline,
    line: result ? 'solid' : 'plan',
    chip: result && resultChip(result, comparison),
  };
  const { x, y, w, h } = extent(layout, face);
  const { machine } = topology;
  const facts = describe(topology) + (machine.emulated ? ', emulated' : '');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${x} ${y} ${w} ${h}" role="img" aria-labelledby="title facts">`,
    `<title id="title">Topology of ${escapeXml(machine.name)}</title>`,
    `<desc id="facts">${escapeXml(facts)}</desc>`,
    `<style>${STYLE}</style>`,
    `<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
      `<rect class="hatch-ground" width="5" height="5"/><line class="hatch-line" y2="5"/></pattern></defs>`,
    `<rect class="board" x="${x}" y="${y}" width="${w}" height="${h}"/>`,
    ...drawing(topology, layout, face).map(render),
    '</svg>',
    '',
  ].join('\n');
}
