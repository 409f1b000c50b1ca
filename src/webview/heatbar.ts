/** Owns the bar above the board: which measure colours it, what the colours mean, how near one looks. */

import { MEASURES, measureOf } from '../model/heat.ts';
import type { HeatKey, Measure } from '../model/heat.ts';
import { el, say, slot, svg } from './dom.ts';
import { button, select, setValue } from './elements.ts';
import type { Part } from './part.ts';
import type { Store } from './store.ts';

const STEP = 28;
const CHOICES = MEASURES.filter((measure) => measure.unavailable === null);
/** What stays beside "More" in a narrow window. */
const ALWAYS: readonly HeatKey[] = ['busy', 'allocations'];
const NOTHING_MORE = '';

function legend({ name, unit, limits, meaning }: Measure): SVGSVGElement {
  const width = STEP * (limits.length + 1) + 12 + unit.length * 6;
  return svg(
    'svg.legend',
    {
      width,
      height: 26,
      role: 'img',
      'aria-label': `Legend: ${name}, ${unit}, steps at ${limits.join(', ')}. ${meaning}`,
    },
    svg('rect.step-0', { x: 1.5, y: 4.5, width: 21, height: 7 }),
    limits.map((limit, i) => [
      svg(`rect.step-${i + 1}`, { x: 24 + i * STEP, y: 4, width: STEP - 1, height: 8 }),
      svg('text.t10.d.m', { x: 24 + i * STEP, y: 23 }, String(limit)),
    ]),
    svg('text.t10.d', { x: 30 + limits.length * STEP, y: 12 }, unit),
  );
}

export interface Zoom {
  zoomBy(factor: number): void;
  fit(): void;
}

export function createHeatBar(store: Store, zoom: Zoom): Part {
  const choose = (key: HeatKey): void => store.view({ measure: key });
  const radios = MEASURES.map((measure) => {
    const radio = el(
      'button',
      {
        type: 'button',
        role: 'radio',
        'data-action': `heat-${measure.key}`,
        title: measure.unavailable ?? measure.meaning,
      },
      measure.name,
    );
    radio.disabled = measure.unavailable !== null;
    radio.classList.toggle('opt', !ALWAYS.includes(measure.key));
    radio.addEventListener('click', () => choose(measure.key));
    return { key: measure.key, radio };
  });
  const group = el(
    'div.seg',
    { role: 'radiogroup', 'aria-label': 'Heat' },
    radios.map(({ radio }) => radio),
  );
  // One tab stop; the arrows move as in any radio group.
  group.addEventListener('keydown', (event) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const at = CHOICES.findIndex(({ key }) => key === store.get().view.measure);
    const next = CHOICES[(at + by + CHOICES.length) % CHOICES.length];
    if (!next) return;
    choose(next.key);
    radios.find(({ key }) => key === next.key)?.radio.focus();
  });
  const more = select(
    'heat-more',
    'More measures',
    [
      { value: NOTHING_MORE, label: 'More' },
      ...CHOICES.filter(({ key }) => !ALWAYS.includes(key)).map(({ key, name }) => ({ value: key, label: name })),
    ],
    (value) => choose(CHOICES.find(({ key }) => key === value)?.key ?? store.get().view.measure),
  );
  more.classList.add('more-list');
  const words = el('span.dim.sm');
  const scale = el('span');
  const scaleSlot = slot(scale);
  const zooms = el(
    'div.zoom.opt',
    {},
    button('zoom-out', 'bare', () => zoom.zoomBy(1 / 1.5), '\u2212', { 'aria-label': 'Zoom out' }),
    button('zoom-fit', 'bare', () => zoom.fit(), 'Fit'),
    button('zoom-in', 'bare', () => zoom.zoomBy(1.5), '+', { 'aria-label': 'Zoom in' }),
  );
  const element = el(
    'div.bar',
    { role: 'toolbar', 'aria-label': 'Heat bar' },
    group,
    more,
    el('span.grow'),
    words,
    scale,
    zooms,
  );
  return {
    element,
    update({ view, carried, board }) {
      const measure = measureOf(view.measure);
      for (const { key, radio } of radios) {
        radio.setAttribute('aria-checked', String(key === view.measure));
        radio.tabIndex = key === view.measure ? 0 : -1;
      }
      setValue(more, ALWAYS.includes(view.measure) ? NOTHING_MORE : view.measure);
      const other =
        carried?.role === 'consumer'
          ? board?.placement.producer
          : carried?.role === 'producer'
            ? board?.placement.consumer
            : null;
      const cost = carried !== null && other !== null && other !== undefined;
      say(words, cost ? `Cost from ${carried.role === 'consumer' ? 'P' : 'C'}: not measured yet` : '');
      scaleSlot.update([cost, measure], () => (cost ? null : legend(measure)));
    },
  };
}
