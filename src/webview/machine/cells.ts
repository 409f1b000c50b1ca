/** Owns the threads on the board: one element each for as long as the machine is the same, changed only where needed. */

import { select } from 'd3-selection';
import { overlaps } from '../../model/layout/box.ts';
import type { Box } from '../../model/layout/box.ts';
import { cellTexts, edgeText, numberAlone } from '../../model/layout/label.ts';
import type { CellText, CellTexts } from '../../model/layout/label.ts';
import type { Layout, PuBox } from '../../model/layout/types.ts';
import { PHYSICAL } from '../../model/topology/numbering.ts';
import type { CpuNumbers } from '../../model/topology/numbering.ts';
import { crisp } from '../../model/svg/marks.ts';
import { isolatedPath, stateOf } from '../../model/svg/cells.ts';
import type { Cpu, Topology } from '../../model/topology/topology.ts';
import { say } from '../ui/dom.ts';
import type { Heat } from './heat.ts';
import { svgElement } from './paint.ts';
import { draw } from './culling.ts';
import { FrameBudget } from './frame-budget.ts';

/** CPUs from which on heat changes at once instead of fading. */
const MANY = 128;
/** CPUs that a frame can change without being late, and the share of one that only words for assistive technology cost. */
const A_FRAME = 40;
const WORDS_ALONE = 0.1;
/** How old the heat of a CPU may be that is not on the board (ms). */
const OUT_OF_SIGHT_MS = 4000;

/** What a cell shows beside its heat. */
export interface CellFace {
  readonly heat: Heat;
  /** Asked for only when the heat's words, `threads` or `occupied` changed. */
  readonly label: () => string;
  /** Which of the user's threads ran there last, in words. */
  readonly threads: string | null;
  /** Name of the slot whose token lies over it. */
  readonly occupied: string | null;
  /** What stands in it is its place in an order: where there is no room for both, that stands there and not its name. */
  readonly numbered: boolean;
  /** Under the carried token; `no` where it will be refused. */
  readonly over: 'yes' | 'no' | null;
}

/** A line of type, and what it shows: an attribute that is set anew, even to what it was, has the line laid out again. */
interface Line {
  readonly element: SVGTextElement;
  shown: CellText | null;
}

interface Cell {
  cpu: Cpu;
  readonly group: SVGGElement;
  readonly rect: SVGRectElement;
  /** The mark of an isolated CPU; null on any other. */
  corner: SVGPathElement | null;
  readonly name: Line;
  readonly value: Line;
  box: PuBox | null;
  inSight: boolean;
  /** Was in sight when its type was last written. */
  typed: boolean;
  shown: string | null;
  /** A token lies over it, and leaves its lower edge. */
  occupied: boolean;
  numbered: boolean;
  classes: string;
  /** What the label was made from. */
  label: string;
}

function createCell(cpu: Cpu): Cell {
  const group = svgElement('g');
  const rect = svgElement('rect', 'pu');
  const [name, value] = [svgElement('text'), svgElement('text')];
  group.setAttribute('data-cpu', String(cpu.id));
  group.setAttribute('role', 'button');
  group.setAttribute('tabindex', '-1');
  // The blank parts what stands apart: not one word to those who listen.
  group.append(rect, name, ' ', value);
  return {
    cpu,
    group,
    rect,
    corner: null,
    name: { element: name, shown: null },
    value: { element: value, shown: null },
    box: null,
    inSight: true,
    typed: false,
    shown: null,
    occupied: false,
    numbered: false,
    classes: '',
    label: '',
  };
}

/** The element stays when only the CPU's state changed: the focus may be on it. */
function known(cells: ReadonlyMap<number, Cell>, cpu: Cpu): Cell {
  const cell = cells.get(cpu.id) ?? createCell(cpu);
  cell.cpu = cpu;
  return cell;
}

/** Beside the rectangle where the CPU is isolated, gone where it no longer is. */
function markIsolated(cell: Cell, box: PuBox): void {
  if (!cell.cpu.isolated) {
    cell.corner?.remove();
    cell.corner = null;
    return;
  }
  if (!cell.corner) {
    cell.corner = svgElement('path', 'iso');
    cell.rect.after(cell.corner);
  }
  cell.corner.setAttribute('d', isolatedPath(box));
}

function write(line: Line, text: CellText | null, classes: string): void {
  const { element, shown } = line;
  line.shown = text;
  // The text node stays: another one would have the line built anew.
  if (text?.text !== shown?.text) {
    if (element.firstChild) element.firstChild.nodeValue = text?.text ?? '';
    else say(element, text?.text ?? '');
  }
  if (!text) return;
  if (text.x !== shown?.x) element.setAttribute('x', text.x.toFixed(1));
  if (text.y !== shown?.y) element.setAttribute('y', text.y.toFixed(1));
  if (text.anchor !== shown?.anchor) element.setAttribute('class', `${classes} ${text.anchor}`);
}

export class Cells {
  readonly #parent: SVGGElement;
  readonly #frameBudget = new FrameBudget<Cell>(A_FRAME, (cell) => this.#paint(cell));
  #cells = new Map<number, Cell>();
  #face: ((cpu: number) => CellFace) | null = null;
  #numbers: CpuNumbers = PHYSICAL;
  #followedAt = 0;
  /** Of the cells out of sight, the one whose turn is next. */
  #turn = 0;

  constructor(parent: SVGGElement) {
    this.#parent = parent;
  }

  element(cpu: number): SVGGElement | null {
    return this.#cells.get(cpu)?.group ?? null;
  }

  /** New boxes: at another size of the board or another zoom, or of another machine. `sight` as in `see`. */
  place(topology: Topology, layout: Layout, numbers: CpuNumbers, sight: Box): void {
    this.#numbers = numbers;
    const before = this.#cells;
    const same = before.size === topology.cpus.length && topology.cpus.every((cpu) => before.has(cpu.id));
    this.#cells = new Map(topology.cpus.map((cpu) => [cpu.id, same ? known(before, cpu) : createCell(cpu)]));
    if (!same) this.#parent.replaceChildren();
    const tiny = layout.pus.some((pu) => pu.body >= 0 && pu.w < 24);
    select(this.#parent)
      .classed('tiny', tiny)
      .classed('many', topology.cpus.length > MANY)
      .selectChildren<SVGGElement, Cell>()
      .data([...this.#cells.values()], (cell) => cell.cpu.id)
      .join((enter) => enter.append((cell) => cell.group));
    for (const box of layout.pus) {
      const cell = this.#cells.get(box.cpu);
      if (!cell) continue;
      cell.box = box;
      const inSight = overlaps(box, sight);
      if (inSight !== cell.inSight) draw(cell.rect, inSight);
      cell.inSight = inSight;
      for (const [name, value] of Object.entries(crisp(box))) cell.rect.setAttribute(name, String(value));
      markIsolated(cell, box);
      this.#text(cell);
    }
  }

  /** What did not change costs a comparison. */
  paint(face: (cpu: number) => CellFace): void {
    this.#face = face;
    this.#frameBudget.clear();
    for (const cell of this.#cells.values()) this.#paint(cell);
  }

  /** @param sight what is on the board, in the pixels of the boxes: what came into it shows what it missed. */
  see(sight: Box): void {
    for (const cell of this.#cells.values()) {
      const inSight = cell.box !== null && overlaps(cell.box, sight);
      if (inSight === cell.inSight) continue;
      cell.inSight = inSight;
      draw(cell.rect, inSight);
      // What went out keeps its type until its turn comes: going back and forth costs nothing.
      if (inSight) this.#paint(cell);
    }
  }

  /** For heat alone: over several frames where there is much to do, and what is out of sight in turn. */
  follow(face: (cpu: number) => CellFace): void {
    this.#face = face;
    const cells = [...this.#cells.values()];
    const hidden = cells.filter(({ inSight }) => !inSight);
    const now = performance.now();
    const share = Math.min(1, (now - this.#followedAt) / OUT_OF_SIGHT_MS);
    this.#followedAt = now;
    const turns = Math.ceil(hidden.length * share);
    const turn = Array.from({ length: turns }, (_, i) => hidden[(this.#turn + i) % hidden.length]);
    this.#turn = hidden.length === 0 ? 0 : (this.#turn + turns) % hidden.length;
    this.#frameBudget.add([...cells.filter(({ inSight }) => inSight), ...turn.filter((cell) => cell !== undefined)]);
  }

  /** Its share of a frame's work, of which `A_FRAME` can be done. */
  #paint(cell: Cell): number {
    if (!this.#face) return 0;
    let share = 0;
    const { heat, label, threads, occupied, numbered, over } = this.#face(cell.cpu.id);
    const state = stateOf(cell.cpu);
    const step = state === 'allowed' && heat.step > 0 ? ` hot h${heat.step}` : '';
    const classes = `cell ${state}${step}${occupied ? ' occupied' : ''}${over ? ` over ${over}` : ''}`;
    if (cell.classes !== classes) {
      share = 1;
      cell.classes = classes;
      cell.group.setAttribute('class', classes);
      cell.group.setAttribute('aria-disabled', String(state !== 'allowed'));
    }
    const labelled = `${this.#numbers.prefix} ${state} ${occupied ?? ''} ${heat.words ?? ''} ${threads ?? ''}`;
    if (cell.label !== labelled) {
      share ||= WORDS_ALONE;
      cell.label = labelled;
      cell.group.setAttribute('aria-label', label());
    }
    const shown = state === 'offline' ? 'off' : state === 'forbidden' ? null : heat.short;
    const same = cell.shown === shown && cell.occupied === (occupied !== null) && cell.numbered === numbered;
    if (same && cell.typed === cell.inSight) return share;
    cell.shown = shown;
    cell.occupied = occupied !== null;
    cell.numbered = numbered;
    this.#text(cell);
    return 1;
  }

  #text(cell: Cell): void {
    if (!cell.box) return;
    cell.typed = cell.inSight;
    const none = { label: null, value: null };
    const texts = (box: PuBox): CellTexts => {
      if (cell.occupied) return { label: null, value: edgeText(box, cell.shown) };
      const both = cellTexts(box, this.#numbers.name(cell.cpu.id), cell.shown);
      const alone = cell.numbered && both.value === null ? numberAlone(box, cell.shown) : null;
      return alone ?? both;
    };
    const { label, value } = cell.inSight ? texts(cell.box) : none;
    write(cell.name, label, 'name');
    write(cell.value, value, 'value');
  }
}
