/** A machine as an SVG file, at the size it needs to be read: what `topology --format svg` and an export write. */

import { ownWords } from '../bench/nodes/costs.ts';
import type { NodeCost } from '../bench/nodes/costs.ts';
import { nodeBoxOf } from '../layout/find.ts';
import { layoutMachine } from '../layout/layout.ts';
import { MARGIN } from '../layout/spec.ts';
import type { Layout, NodeBox } from '../layout/types.ts';
import { EMPTY_PLACEMENT, lineCpus, slotsOn } from '../placement/slots.ts';
import type { Placement, Slot } from '../placement/slots.ts';
import { formatPercent } from '../text/format.ts';
import { nodeOf } from '../topology/relation.ts';
import type { Run } from '../run/run.ts';
import type { Topology } from '../topology/topology.ts';
import { groupWarnings, warningLine } from '../topology/warnings.ts';
import { toldAlike } from './bar-words.ts';
import type { NodeFace } from './bar-words.ts';
import { cellMarks } from './cells.ts';
import { resultChip } from './chip.ts';
import { deviceMarks } from './devices.ts';
import { extentOf, withMatrix } from './extent.ts';
import { foldMarks } from './fold.ts';
import { factsOf, headerOf } from './header.ts';
import { insideMarks, linkMarks } from './links.ts';
import type { MeasuredLinks } from './links.ts';
import { matrixMarks } from './matrix.ts';
import { mark } from './marks.ts';
import type { Mark } from './marks.ts';
import { namer } from './naming.ts';
import { nodeMarks } from './node-bar.ts';
import { escapeXml, render } from './render.ts';
import { memoryFaces, touching } from './run-face.ts';
import type { LineEnds, RunFace } from './run-face.ts';
import { chipLink, runMarks } from './run-marks.ts';
import { sceneryMarks } from './scenery.ts';
import { STYLE } from './style.ts';

export interface SvgOptions {
  /** What the benchmark places, and where. */
  readonly slots?: readonly Slot[];
  readonly placement?: Placement;
  /** What was measured with that placement. */
  readonly run?: Pick<Run, 'results' | 'comparison' | 'guide'>;
  readonly baseline?: LineEnds | null;
  /** What was measured between nodes. */
  readonly links?: readonly NodeCost[];
  /** px to start from; the drawing is as large as its smallest label needs. */
  readonly width?: number;
  readonly height?: number;
  /** How busy CPUs were, 0 to 1: each cell is filled from below as far. */
  readonly busy?: ReadonlyMap<number, number>;
  /** Draw I/O devices at their nodes. */
  readonly devices?: boolean;
}

/** A cell that holds "P#1023". */
const READABLE = { w: 52, h: 22 };

/** All that is drawn of a machine, the lowest first. */
export function drawing(topology: Topology, layout: Layout, face: RunFace, measured: MeasuredLinks): Mark[] {
  const naming = namer();
  const [from, to] = (lineCpus(face.slots, face.placement) ?? []).map((cpu) => nodeOf(topology, cpu));
  const bars = topology.nodes.flatMap((node): (readonly [NodeBox, NodeFace])[] => {
    const box = nodeBoxOf(layout, node.id);
    if (!box) return [];
    const occupied = slotsOn(face.slots, face.placement, 'nodes', node.id)[0] ?? null;
    const own = {
      node,
      sample: null,
      bare: box.bare,
      occupied,
      setting: null,
      touched: touching(face, node.id),
      figure: null,
      measured: ownWords(measured.links, node.id),
    };
    return [[box, own]];
  });
  const told = toldAlike(bars);
  const nodes = bars.map(([box, own], i) => {
    // Named on the chip; the element stands for it where it is looked for by its name.
    if (box.folded) return mark('g', { ...naming('NUMANode', box.id), 'data-node': box.id });
    const { id } = naming('NUMANode', box.id);
    const ids = { id: id ?? '', class: `NUMANode node${own.occupied ? ' occ' : ''}` };
    return mark('g', { 'data-node': box.id }, ...nodeMarks(box, own, ids, told[i]));
  });
  const cells = topology.cpus.flatMap((cpu, i) => {
    const box = layout.pus[i];
    return box ? [cellMarks(box, cpu, naming('PU', cpu.id))] : [];
  });
  return [
    ...linkMarks(topology, layout, chipLink(layout, face), measured),
    ...sceneryMarks(layout, naming),
    ...insideMarks(layout),
    ...nodes,
    ...(layout.fold ? foldMarks(layout.fold) : []),
    ...deviceMarks(topology, layout),
    ...matrixMarks(topology, layout, from && to ? [from.id, to.id] : null, measured.links),
    ...cells,
    ...runMarks(layout, face),
  ];
}

/** Form and not colour alone: the height of the filling is the share, and its title says it. */
function fillings(topology: Topology, layout: Layout, busy: ReadonlyMap<number, number>): Mark[] {
  return topology.cpus.flatMap(({ id }, i) => {
    const [box, share] = [layout.pus[i], busy.get(id)];
    if (!box || share === undefined || share <= 0) return [];
    const height = share * (box.h - 2);
    const attrs = { x: box.x + 1, y: box.y + box.h - 1 - height, width: box.w - 2, height };
    const title = mark('title', {}, `P#${id} ${formatPercent(share)} busy`);
    return [mark('rect', { ...attrs, fill: '#ad1457', 'fill-opacity': 0.35 }, title)];
  });
}

/** Well-formed and self-contained; strings of the host stand in it as text only. */
export function topologySvg(topology: Topology, options: SvgOptions = {}): string {
  const { slots = [], placement = EMPTY_PLACEMENT, run, baseline = null } = options;
  const { width = 1000, height = 600 } = options;
  const area = { width, height, smallest: READABLE, named: true, devices: options.devices ?? false };
  const layout = withMatrix(topology, layoutMachine(topology, area));
  const face: RunFace = {
    slots,
    placement,
    memory: memoryFaces(topology, slots, placement),
    baseline,
    line: run ? 'solid' : 'plan',
    chip: run ? resultChip(run) : null,
  };
  const around = extentOf(layout, face);
  const header = headerOf(topology);
  const [w, h] = [Math.max(around.w, Math.ceil(header.width) + 2 * MARGIN), around.h + header.height];
  // Wider by its header only: then the machine stands in the middle, on whole px.
  const [dx, dy] = [Math.floor((w - around.w) / 2) - around.x, header.height - around.y];
  const { machine } = topology;
  const warnings = groupWarnings(topology.warnings).map((group) => `Warning: ${warningLine(group)}`);
  const facts = [factsOf(topology) + (machine.emulated ? ', emulated' : ''), ...warnings].join('. ');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="img" ` +
      `aria-labelledby="title facts">`,
    `<title id="title">Topology of ${escapeXml(machine.name)}</title>`,
    `<desc id="facts">${escapeXml(facts)}</desc>`,
    `<style>${STYLE}</style>`,
    `<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
      `<rect class="hatch-ground" width="5" height="5"/><line class="hatch-line" y2="5"/></pattern></defs>`,
    `<rect class="board" width="${w}" height="${h}"/>`,
    ...header.marks(MARGIN, MARGIN - 4, w - MARGIN).map(render),
    `<g transform="translate(${dx} ${dy})">`,
    ...drawing(topology, layout, face, { costs: null, links: options.links ?? [] }).map(render),
    ...fillings(topology, layout, options.busy ?? new Map<number, number>()).map(render),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}
