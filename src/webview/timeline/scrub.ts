/** Owns how a person moves through time: the slider under pointer, wheel and keys. */

import type { MomentActions } from '../state/moments.ts';
import { el } from '../ui/dom.ts';
import type { Axis } from './axis.ts';

export interface Slider {
  readonly element: HTMLElement;
  /** Where places are drawn now; null: nothing is. */
  axis: Axis | null;
  /** Places of what is marked, ascending, and where the moment is. */
  marks: readonly number[];
  now: number;
  /** There is something to move through. */
  usable: boolean;
}

/** Shift makes it so many samples at a time. */
const MANY = 10;

const scrolls = (element: Element): boolean => element.scrollHeight > element.clientHeight + 1;
const pageScrolls = (): boolean => scrolls(document.documentElement) || scrolls(document.body);

export function createSlider(moments: MomentActions): Slider {
  const element = el('div.lanes', { role: 'slider', tabindex: 0, 'aria-label': 'Timeline', 'data-key': 'timeline' });
  const slider: Slider = { element, axis: null, marks: [], now: 0, usable: false };

  const moveTo = (event: PointerEvent): void => {
    if (slider.axis && slider.usable)
      moments.moveTo(slider.axis.at(event.clientX - element.getBoundingClientRect().left));
  };
  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || !slider.usable) return;
    element.setPointerCapture(event.pointerId);
    moveTo(event);
  });
  element.addEventListener('pointermove', (event) => {
    if (element.hasPointerCapture(event.pointerId)) moveTo(event);
  });
  element.addEventListener(
    'wheel',
    (event) => {
      // Where there is something to scroll a plain wheel scrolls it.
      if (!event.ctrlKey && (scrolls(element) || pageScrolls())) return;
      event.preventDefault();
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) moments.step(Math.sign(event.deltaX));
      else if (event.deltaY !== 0) moments.zoom(event.deltaY < 0 ? 1 : -1);
    },
    { passive: false },
  );
  const toMark = (by: 1 | -1): void => {
    const at = by > 0 ? slider.marks.find((one) => one > slider.now) : slider.marks.findLast((one) => one < slider.now);
    if (at === undefined) moments.step(by * MANY);
    else moments.moveTo(at);
  };
  const keys: Readonly<Record<string, (many: number) => void>> = {
    ArrowLeft: (many) => moments.step(-many),
    ArrowDown: (many) => moments.step(-many),
    ArrowRight: (many) => moments.step(many),
    ArrowUp: (many) => moments.step(many),
    Home: () => moments.first(),
    End: () => moments.last(),
    PageUp: () => toMark(-1),
    PageDown: () => toMark(1),
    ' ': () => moments.toggle(),
    '+': () => moments.zoom(1),
    '=': () => moments.zoom(1),
    '-': () => moments.zoom(-1),
  };
  element.addEventListener('keydown', (event) => {
    const act = keys[event.key];
    if (!act || !slider.usable || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    act(event.shiftKey ? MANY : 1);
  });
  return slider;
}
