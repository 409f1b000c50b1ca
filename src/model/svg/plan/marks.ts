/**
 * A plan on the machine: each block's cores as an area with its name, the host's own, and on each node's bar what is planned of it; over
 * that, where they are compared, what really runs.
 */

import { nodeBoxOf, puOf } from '../../layout/find.ts';
import { fitting, textWidth } from '../../layout/label.ts';
import type { Layout } from '../../layout/types.ts';
import type { Severity } from '../../plan/problem.ts';
import type { Slot } from '../../placement/slots.ts';
import { formatBytes } from '../../text/format.ts';
import { mark, text } from '../marks.ts';
import type { Mark } from '../marks.ts';
import { meterOf } from '../node-bar.ts';
import { areaOf } from './areas.ts';
import { seenMarks } from './seen.ts';
import type { SeenOnCpus } from './seen.ts';

/** A block as the machine knows it: a token on many CPUs. */
export interface BlockFace extends Slot {
  /** Emulator cores stand apart from blocks, and what the host keeps from both. */
  readonly look: 'block' | 'emulator' | 'host';
  readonly cpus: readonly number[];
  readonly chosen: boolean;
  /** Where it would be, while it is carried. */
  readonly carried: boolean;
  readonly problem: Severity | null;
  /** Ends that can be drawn farther. */
  readonly handles: readonly ('first' | 'last')[];
}

export interface PlannedPart {
  readonly name: string;
  readonly bytes: number;
  readonly chosen: boolean;
  /** Of them, in huge pages. */
  readonly huge: number;
}

/** Memory that a block really has on a node. */
export interface SeenPart {
  readonly name: string;
  readonly tag: string;
  readonly bytes: number;
  /** The plan has it elsewhere. */
  readonly away: boolean;
}

/** On a node's bar. */
export interface NodePlan {
  readonly node: number;
  readonly parts: readonly PlannedPart[];
  /** Null: the plan is not compared. */
  readonly seen: readonly SeenPart[] | null;
  /** What the host keeps. */
  readonly kept: number;
  /** Null where the machine does not say how much there is. */
  readonly total: number | null;
  /** The fullest first. */
  readonly words: readonly string[];
  readonly over: boolean;
}

/** px of a cell in which a name stands beside the number, and one in which it stands alone. */
const BOTH = 44;
const ALONE = 20;
const LINE = 11;
const TWO_LINES = 28;

function cellWords(layout: Layout, face: BlockFace): Mark[] {
  return face.cpus.flatMap((cpu) => {
    const box = puOf(layout, cpu);
    if (!box || box.w < ALONE || box.h < LINE) return [];
    const { x, y, w, h } = box;
    const number = String(cpu);
    if (h >= TWO_LINES && w >= BOTH - 8) {
      return [
        text('.t10.num', x + 4, y + 12, number),
        text('.t10.tag', x + 4, y + h - 6, fitting(face.label, 10, w - 6)),
      ];
    }
    if (w >= BOTH) {
      const room = w - 10 - textWidth(number, 10) - 4;
      const name = textWidth(face.label, 10) <= room ? face.label : face.letter;
      return [text('.t10.num', x + 4, y + h / 2 + 3.5, number), text('.t10.tag.e', x + w - 4, y + h / 2 + 3.5, name)];
    }
    const words = textWidth(face.letter, 10) <= w - 2 ? face.letter : '';
    return words === '' ? [] : [text('.t10.tag.m', x + w / 2, y + h / 2 + 3.5, words)];
  });
}

const SIGN = { error: 'M0,-5L5,4H-5Z', warning: 'M0,-5L5,4H-5Z', note: 'M-4,0a4,4 0 1 0 8,0a4,4 0 1 0 -8,0' } as const;

function blockMarks(layout: Layout, face: BlockFace): Mark[] {
  const { fill, outline, cores, ends } = areaOf(layout, face.cpus);
  if (!ends) return [];
  const state = `${face.chosen ? '.chosen' : ''}${face.carried ? '.carried' : ''}${face.problem ? `.${face.problem}` : ''}`;
  const [first, last] = ends;
  const handles = face.handles.map((edge) => {
    const box = edge === 'first' ? first : last;
    const x = edge === 'first' ? box.x - 1 : box.x + box.w + 1;
    const y = box.y + box.h / 2;
    return mark(
      'g.handle',
      { 'data-handle': edge, 'data-block': face.name },
      mark('rect.hit', { x: x - 12, y: y - 14, width: 24, height: 28 }),
      mark('rect.knob', { x: x - 3, y: y - 9, width: 6, height: 18, rx: 2 }),
    );
  });
  const sign =
    face.problem === null || face.problem === 'note'
      ? []
      : [
          mark(
            `g.sign.${face.problem}`,
            { transform: `translate(${first.x + 3} ${first.y + 1})` },
            mark('path', { d: SIGN[face.problem] }),
            text('.m', 0, 3.5, '!'),
          ),
        ];
  return [
    mark(
      `g.area.${face.look}${state}`,
      { 'data-area': face.name },
      mark('path.fill', { d: fill }),
      mark('path.cores', { d: cores }),
      mark('path.edge', { d: outline }),
      ...(face.look === 'host' ? [] : cellWords(layout, face)),
    ),
    ...sign,
    ...handles,
  ];
}

/** As much of what is planned as has room beside the node's name and size. */
function besideName({ node, total, words }: NodePlan, room: number): string {
  const size = total === null ? 0 : textWidth(formatBytes(total), 11) + 8;
  const [long, short] = [textWidth(`NUMA node ${node}`, 12), textWidth(`Node ${node}`, 12)];
  const told = [long + size, short + size, long, short].find((width) => width <= room) ?? 0;
  return words.find((one) => textWidth(one, 10) <= room - told - 12) ?? '';
}

/** Memory that is planned, a piece a block, with its name where it has room. */
function barMarks(layout: Layout, plan: NodePlan): Mark[] {
  const box = nodeBoxOf(layout, plan.node);
  if (!box || box.folded) return [];
  const { x, y, w, h: whole } = meterOf(box);
  // What is seen stands below what is planned, by the same measure.
  const h = plan.seen === null ? whole : Math.ceil(whole / 2);
  const right = text(
    plan.over ? '.t10.e.planned.over' : '.t10.e.planned',
    box.x + box.w - 8,
    box.y + 15,
    besideName(plan, w),
  );
  const sumOf = (parts: readonly { readonly bytes: number }[]): number =>
    parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const total = Math.max(plan.total ?? 0, sumOf(plan.parts) + plan.kept, sumOf(plan.seen ?? []));
  if (whole === 0 || total === 0) return [right];
  let at = x;
  const piece = (bytes: number): { x: number; width: number } => {
    const width = (bytes / total) * w;
    at += width;
    return { x: at - width, width };
  };
  const parts = plan.parts.flatMap(({ name, bytes, huge, chosen }) => {
    const { x: from, width } = piece(bytes);
    if (width < 0.5) return [];
    const pages = Math.min(1, huge / bytes) * width;
    const words = fitting(name, 10, width - 6);
    return [
      mark(chosen ? 'rect.mem.chosen' : 'rect.mem', { x: from, y, width, height: h }),
      pages >= 1 ? mark('rect.mem-huge', { x: from, y: y + h - 3, width: pages, height: 3 }) : mark('g'),
      width < 24 || h < LINE ? mark('g') : text('.t10.mem-t', from + 4, y + h / 2 + 3.5, words),
    ];
  });
  const kept = piece(plan.kept);
  at = x;
  const low = { y: y + h + 1, height: Math.max(1, whole - h - 1) };
  const seen = (plan.seen ?? []).flatMap(({ name, tag, bytes, away }) => {
    const { x: from, width } = piece(bytes);
    if (width < 0.5) return [];
    const words = [name, tag].find((some) => textWidth(some, 10) <= width - 6) ?? '';
    return [
      mark(away ? 'rect.mem-seen.away' : 'rect.mem-seen', { x: from, width, ...low }),
      words === '' || low.height < LINE
        ? mark('g')
        : text(away ? '.t10.mem-t' : '.t10.seen-t', from + 4, low.y + low.height / 2 + 3.5, words),
    ];
  });
  const limit = plan.total !== null && plan.over ? x + (plan.total / total) * w : null;
  return [
    mark('rect.meter', { x, y, width: w, height: whole }),
    ...parts,
    mark('rect.mem.kept', { x: kept.x, y, width: kept.width, height: h }),
    ...seen,
    limit === null ? mark('g') : mark('line.limit', { x1: limit, x2: limit, y1: y - 3, y2: y + whole + 3 }),
    right,
  ];
}

export function planMarks(
  layout: Layout,
  blocks: readonly BlockFace[],
  nodes: readonly NodePlan[],
  seen: SeenOnCpus | null,
): Mark[] {
  // What is chosen lies above its neighbours' edges.
  const order = [...blocks].sort((a, b) => Number(a.chosen || a.carried) - Number(b.chosen || b.carried));
  return [
    ...nodes.map((node) => mark('g.planned-bar', {}, ...barMarks(layout, node))),
    ...order.flatMap((face) => blockMarks(layout, face)),
    ...(seen ? seenMarks(layout, seen) : []),
  ];
}
