/**
 * Owns the sheets the machine is drawn on: their layers, their size, and how near one looks. They are moved together by CSS on what
 * holds them, which the compositor does: moved within the SVG, or by CSS on it, thousands of marks would be gone through in every
 * frame. There are two, because one changed cell has its whole sheet painted anew: what lives lies on the upper one, what stands still
 * on the lower.
 */

import type { Box, Point } from '../../model/layout/box.ts';
import type { Layout } from '../../model/layout/types.ts';
import { keepGestures } from './gestures.ts';
import { paintMarks, svgElement } from './paint.ts';
import type { CreateZooming, Transform, Zooming } from './zooming.ts';
import { mark } from '../../model/svg/marks.ts';

const SHEETS = [
  ['links', 'scenery', 'table'],
  ['nodes', 'cells', 'run', 'ends', 'trails', 'threads', 'devices'],
] as const;
export type Layer = (typeof SHEETS)[number][number];

const NEAREST = 16;
/** Share of the board that what is zoomed to may fill. */
const FILL = 0.92;
/** After the last movement of a wheel or fingers, the level of detail follows (ms). */
const SETTLE_MS = 90;

export const lessMotion = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

const WHOLE: Transform = { k: 1, x: 0, y: 0 };

const HATCHES = [0, 1, 2, 3, 4, 5, 6];

export class Stage {
  readonly element = document.createElement('div');
  readonly layers: Readonly<Record<Layer, SVGGElement>>;
  readonly #sheets = SHEETS.map((names) => new Sheet(names));
  readonly #container: HTMLElement;
  readonly #observer: ResizeObserver;
  readonly #changed: (what: 'size' | 'zoom' | 'moved') => void;
  readonly #replayGestures: () => void;
  /** What was asked of it before it was there. */
  readonly #waiting: ((zooming: Zooming) => void)[] = [];
  #zooming: Zooming | null = null;
  #transform = WHOLE;
  #width = 0;
  #height = 0;
  /** The scale that boxes were last painted for. Type is never scaled: what does not hold it shows none. */
  #painted = 1;
  #layout: Layout | null = null;
  #settle = 0;

  constructor(container: HTMLElement, changed: (what: 'size' | 'zoom' | 'moved') => void) {
    this.#container = container;
    this.#changed = changed;
    this.element.className = 'machine';
    const defs = svgElement('defs');
    defs.append(...HATCHES.map(hatch));
    this.#sheets[0]?.svg.append(defs);
    this.element.append(...this.#sheets.map(({ svg }) => svg));
    this.layers = Object.assign({}, ...this.#sheets.map(({ layers }) => layers)) as Record<Layer, SVGGElement>;
    container.append(this.element);
    this.#observer = new ResizeObserver(([entry]) => {
      if (entry) this.#resize(entry.contentRect.width, entry.contentRect.height);
    });
    this.#observer.observe(container);
    this.#replayGestures = keepGestures(container);
  }

  /** Until then one looks at the whole machine, and what is asked waits. */
  bring(create: CreateZooming): void {
    const zooming = create(this.#container, {
      nearest: NEAREST,
      takes: (event) => {
        const on = event.target instanceof Element && event.target.closest('[data-token], [data-setting]');
        // A touch has no button.
        const pressed =
          event instanceof MouseEvent && (event.button !== 0 || (event.ctrlKey && event.type !== 'wheel'));
        return !on && !pressed && !this.#scrollsPage(event);
      },
      zoomed: (transform) => this.#zoomed(transform),
    });
    zooming.extent(this.#width, this.#height);
    this.#zooming = zooming;
    for (const ask of this.#waiting.splice(0)) ask(zooming);
    this.#replayGestures();
  }

  get width(): number {
    return this.#width;
  }

  get height(): number {
    return this.#height;
  }

  /** Screen pixels a pixel of the layout, zoom included. */
  get scale(): number {
    return (this.#layout?.scale ?? 1) * this.#transform.k;
  }

  get near(): boolean {
    return this.#transform.k > 1;
  }

  show(layout: Layout): void {
    this.#layout = layout;
    this.#painted = this.scale;
    this.#place();
  }

  /** A point of the page in pixels of the layout. */
  toLayout(clientX: number, clientY: number): Point {
    const at = this.#container.getBoundingClientRect();
    const [x, y] = this.#origin();
    return [(clientX - at.left - x) / this.scale, (clientY - at.top - y) / this.scale];
  }

  /** A point of the layout in pixels of the board. */
  toBoard([x, y]: Point): Point {
    const [left, top] = this.#origin();
    return [left + x * this.scale, top + y * this.scale];
  }

  /** What of the layout is on the board. */
  get sight(): Box {
    const [x, y] = this.#origin();
    const size = this.scale;
    return { x: -x / size, y: -y / size, w: this.#width / size, h: this.#height / size };
  }

  /** @param at the point of the board that stays where it is; its middle, where null. */
  zoomBy(factor: number, at: Point | null): void {
    this.#ask((zooming) => zooming.scaleBy(factor, at ?? [this.#width / 2, this.#height / 2], !lessMotion()));
  }

  /** Brings the box into the middle, as large as the board lets it be, `most` px wide at most. */
  zoomTo(box: Box, most = Infinity): void {
    const base = this.#layout?.scale ?? 1;
    const room = Math.min((this.#width * FILL) / box.w, (this.#height * FILL) / box.h, most / box.w);
    this.#look([box.x + box.w / 2, box.y + box.h / 2], Math.max(1, Math.min(NEAREST, room / base)), !lessMotion());
  }

  /** Brings a point of the layout into the middle, at once. */
  lookAt(point: Point): void {
    this.#look(point, this.#transform.k, false);
  }

  fit(): void {
    this.#ask((zooming) => zooming.transform(WHOLE, !lessMotion()));
  }

  /** Moves a magnified picture so far that the point is on the board. */
  reveal([x, y]: Point): void {
    const inside = x >= 0 && y >= 0 && x <= this.#width && y <= this.#height;
    if (inside || this.#transform.k === 1) return;
    const [dx, dy] = [this.#width / 2 - x, this.#height / 2 - y];
    const { k } = this.#transform;
    this.#ask((zooming) => zooming.translateBy(dx / k, dy / k));
  }

  destroy(): void {
    clearTimeout(this.#settle);
    this.#observer.disconnect();
    this.element.remove();
  }

  /** No further than the edges of the picture at fit. */
  #look([px, py]: Point, k: number, softly: boolean): void {
    const base = this.#layout?.scale ?? 1;
    const [spareX, spareY] = this.#spare();
    const x = Math.max(this.#width * (1 - k), Math.min(0, this.#width / 2 - (spareX + px * base) * k));
    const y = Math.max(this.#height * (1 - k), Math.min(0, this.#height / 2 - (spareY + py * base) * k));
    this.#ask((zooming) => zooming.transform({ k, x, y }, softly));
  }

  #ask(ask: (zooming: Zooming) => void): void {
    if (this.#zooming) ask(this.#zooming);
    else this.#waiting.push(ask);
  }

  /** px beside the drawing where the board is larger. */
  #spare(): Point {
    const { width = 0, height = 0, scale = 1 } = this.#layout ?? {};
    return [(this.#width - width * scale) / 2, (this.#height - height * scale) / 2];
  }

  #origin(): Point {
    const { x, y, k } = this.#transform;
    const [spareX, spareY] = this.#spare();
    return [x + spareX * k, y + spareY * k];
  }

  /**
   * On a page that is longer than its window a wheel and, over the whole machine, one finger scroll as they do beside the board; Ctrl
   * and two fingers zoom.
   */
  #scrollsPage(event: Event): boolean {
    const { scrollHeight, clientHeight } = document.documentElement;
    if (scrollHeight <= clientHeight) return false;
    if (event instanceof WheelEvent) return !event.ctrlKey;
    return 'touches' in event && (event as TouchEvent).touches.length === 1 && !this.near;
  }

  /** On whole px, or type and lines would be blurred. */
  #place(): void {
    const [x, y] = this.#origin().map(Math.round);
    this.element.style.transform = `translate(${x}px,${y}px) scale(${this.scale / this.#painted})`;
  }

  #zoomed(transform: Transform): void {
    this.#transform = transform;
    this.#container.classList.toggle('near', this.near);
    this.#place();
    this.#changed('moved');
    clearTimeout(this.#settle);
    if (this.scale !== this.#painted) this.#settle = window.setTimeout(() => this.#changed('zoom'), SETTLE_MS);
  }

  #resize(width: number, height: number): void {
    // A hidden board has no size; it keeps the picture it had.
    if (width < 1 || height < 1 || (width === this.#width && height === this.#height)) return;
    [this.#width, this.#height] = [width, height];
    this.#zooming?.extent(width, height);
    for (const { svg } of this.#sheets) svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.#changed('size');
  }
}

class Sheet {
  readonly svg = svgElement('svg');
  readonly layers: Readonly<Partial<Record<Layer, SVGGElement>>>;
  readonly #view = svgElement('g', 'view');

  constructor(names: readonly Layer[]) {
    this.layers = Object.fromEntries(names.map((name) => [name, svgElement('g', name)]));
    this.#view.append(...Object.values(this.layers));
    this.svg.append(this.#view);
    this.svg.setAttribute('role', 'presentation');
  }
}

/** Stripes over the cell's ground: 0 for what refuses a token, 1 … 6 for heat that may no longer hold. */
function hatch(step: number): SVGPatternElement {
  const pattern = svgElement('pattern', step === 0 ? 'hatch' : `hatch hot h${step}`);
  const attributes = {
    id: `np-hatch-${step}`,
    width: 5,
    height: 5,
    patternUnits: 'userSpaceOnUse',
    patternTransform: 'rotate(45)',
  };
  for (const [name, value] of Object.entries(attributes)) pattern.setAttribute(name, String(value));
  paintMarks(pattern, [
    mark('rect.hatch-ground', { width: 5, height: 5 }),
    mark('line.hatch-line', { x1: 0, x2: 0, y1: 0, y2: 5 }),
  ]);
  return pattern;
}
