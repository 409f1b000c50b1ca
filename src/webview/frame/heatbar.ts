/** Owns the bar above the board: which measure colours it, what the colours mean, how near one looks. */

import { explained, hasFigure, missingWords } from '../../model/live/measures/measure.ts';
import type { Measure } from '../../model/live/measures/measure.ts';
import { QUICK } from '../../model/live/measures/quick.ts';
import { measureOf } from '../measures/known.ts';
import { countWords } from '../../model/live/live-group.ts';
import { parseSelection, SELECTION_FORMS, selectionText } from '../../model/live/selection.ts';
import { isUnavailable } from '../../model/run/run.ts';
import type { Actions } from '../state/actions.ts';
import { el, say, slot, svg, textOf } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import { typedInput } from '../ui/typed-field.ts';
import { carriedCosts, costClasses } from '../machine/cost.ts';
import { victimClasses } from '../machine/victims.ts';
import { followed } from '../state/followed.ts';
import type * as Later from './legend-later.ts';
import type { Part } from '../state/part.ts';
import { dropEnds, isRecorded, isStill } from '../state/select.ts';
import { victimsNow } from '../state/stealing.ts';
import type { State, Store } from '../state/store.ts';
import type { Sample } from '../../model/live/sample.ts';

const STEP = 28;
/** What stays beside "More" in a narrow window. */
const ALWAYS: readonly string[] = QUICK.slice(0, 2).map(({ key }) => key);
/** What makes room in a window of usual width for the name of a measure that has no button. */
const RARE: readonly string[] = QUICK.slice(-2).map(({ key }) => key);

/** As much as there is room for between two steps. */
const limitWords = (limit: number): string => (limit < 1000 ? String(limit) : `${limit / 1000}k`);

function legend(measure: Measure): SVGSVGElement {
  const { name, unit, limits } = measure;
  const width = STEP * (limits.length + 1) + 12 + unit.length * 6;
  return svg(
    'svg.legend',
    {
      width,
      height: 26,
      role: 'img',
      'aria-label': `Legend: ${name}, ${unit}, steps at ${limits.join(', ')}. ${explained(measure)}`,
    },
    svg('rect.step-0', { x: 1.5, y: 4.5, width: 21, height: 7 }),
    limits.map((limit, i) => [
      svg(`rect.step-${i + 1}`, { x: 24 + i * STEP, y: 4, width: STEP - 1, height: 8 }),
      svg('text.t10.d.m', { x: 24 + i * STEP, y: 23 }, limitWords(limit)),
    ]),
    svg('text.t10.d', { x: 30 + limits.length * STEP, y: 12 }, unit),
  );
}

export interface Zoom {
  zoomBy(factor: number): void;
  fit(): void;
  find(): void;
}

/** The processes that "Process" is about: by an ID, or as `unit:nginx.service`. */
function createFollowed(store: Store, actions: Actions): Part {
  const input = typedInput('follow', {
    placeholder: 'pid, unit:x, name:x',
    'aria-label': `Processes to follow: ${SELECTION_FORMS}; arrow down for a list`,
    title: `Follow ${SELECTION_FORMS}`,
  });
  const shown = (): string => {
    const following = store.get().board?.following;
    if (!following) return '';
    return following.kind === 'pid' ? following.value : selectionText(following);
  };
  const choose = (words: string): void => {
    input.value = shown();
    input.setAttribute('aria-invalid', 'false');
    actions.pickProcess(words);
  };
  input.addEventListener('change', () => {
    const words = input.value.trim();
    const selection = words === '' ? null : parseSelection(words);
    // A name, or a part of one: the list has those it may be.
    const listed = words !== '' && (!selection || (selection.kind === 'name' && !words.startsWith('name:')));
    input.setAttribute('aria-invalid', String(listed));
    if (listed) choose(words);
    else actions.follow(selection);
  });
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    choose('');
  });
  const found = el('span.sm', { role: 'status' });
  const tell = (state: State): string => {
    const { board, sample } = state;
    if (!sample || !board?.following) return '';
    const group = followed(state);
    // The first sample after another choice is still without it.
    const asked = selectionText(board.following);
    if (!group) return sample.groups?.every(({ selection }) => selection !== asked) ? 'reading' : 'not running';
    const { name, residentBytes } = group;
    const words = board.following.kind === 'pid' ? name : countWords(group);
    return isUnavailable(residentBytes) ? `${words}, unavailable: ${residentBytes.unavailable}` : words;
  };
  let last = '';
  return {
    element: el(
      'span.followed',
      {},
      input,
      button('follow-list', 'bare', () => choose(''), 'Choose\u2026'),
      found,
    ),
    update(state) {
      say(found, tell(state));
      found.title = textOf(found);
      const value = shown();
      if (value === last) return;
      last = value;
      input.value = value;
    },
  };
}

/** Why the colours say nothing; null: they say something. */
function silentWords(measure: Measure, sample: Sample | null): string | null {
  if (!sample || measure.about === 'process') return null;
  if (!hasFigure(measure, sample)) return missingWords(measure, sample);
  return measure.paints === 'machine' ? 'whole machine only' : null;
}

export interface HeatBar extends Part {
  /** What explains the classes of a carried token's costs, once it is loaded. */
  bring(loaded: typeof Later): void;
  /** Puts the focus on the chosen measure, or on what opens the list where it has no button. */
  focus(): void;
}

export function createHeatBar(store: Store, actions: Actions, zoom: Zoom): HeatBar {
  const followed = createFollowed(store, actions);
  const choose = (key: string): void => store.view({ measure: key });
  let before = measureOf(store.get().view.measure);
  const radios = QUICK.map((measure) => {
    const radio = el(
      'button',
      {
        type: 'button',
        role: 'radio',
        'data-action': `heat-${measure.key}`,
        title: explained(measure),
      },
      measure.name,
    );
    radio.classList.toggle('opt', !ALWAYS.includes(measure.key));
    radio.classList.toggle('rare', RARE.includes(measure.key));
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
    const at = QUICK.findIndex(({ key }) => key === store.get().view.measure);
    const next = QUICK[(at + by + QUICK.length) % QUICK.length];
    if (!next) return;
    choose(next.key);
    focus();
  });
  // The choice is drawn with the next frame; the focus is there at once.
  const focus = (): void => {
    const chosen = radios.find(({ key }) => key === store.get().view.measure)?.radio;
    (chosen?.checkVisibility() ? chosen : more).focus();
  };
  const moreWords = el('span.named');
  const more = el(
    'button.more-list',
    { type: 'button', 'data-action': 'heat-more', 'aria-haspopup': 'dialog' },
    el('span.plain', {}, 'More\u2026'),
    moreWords,
  );
  more.addEventListener('click', () => store.set({ listing: true }));
  const words = el('span.costing');
  const scale = el('span.scale-of');
  const scaleSlot = slot(scale);
  const zooms = el(
    'div.zoom',
    {},
    button('find', 'bare', () => zoom.find(), 'Find', { 'aria-keyshortcuts': 'F' }),
    button('zoom-out', 'bare', () => zoom.zoomBy(1 / 1.5), '\u2212', { 'aria-label': 'Zoom out' }),
    button('zoom-fit', 'bare', () => zoom.fit(), 'Fit'),
    button('zoom-in', 'bare', () => zoom.zoomBy(1.5), '+', { 'aria-label': 'Zoom in' }),
  );
  const element = el(
    'div.bar',
    { role: 'toolbar', 'aria-label': 'Heat bar' },
    group,
    more,
    followed.element,
    el('span.grow'),
    words,
    scale,
    zooms,
  );
  let later: typeof Later | null = null;
  return {
    element,
    focus,
    bring: (loaded) => (later = loaded),
    update(state) {
      const { view, carried, board } = state;
      const measure = measureOf(view.measure);
      const quick = QUICK.includes(measure);
      for (const [i, { key, radio }] of radios.entries()) {
        radio.setAttribute('aria-checked', String(key === view.measure));
        radio.tabIndex = key === view.measure || (!quick && i === 0) ? 0 : -1;
      }
      // It names the chosen measure wherever that has no button, or none in a narrow window.
      say(moreWords, measure.name);
      more.classList.toggle('chosen', !quick);
      more.classList.toggle('folded', quick && !ALWAYS.includes(view.measure));
      more.setAttribute('aria-label', quick ? 'More measures' : `${measure.name}, chosen; more measures`);
      more.title = quick ? 'All measures, with what each counts' : explained(measure);
      followed.update(state);
      const following = measure.about === 'process' && carried === null && !isRecorded(state);
      followed.element.hidden = !following;
      element.classList.toggle('following', following);
      // What is wanted next is the process.
      if (following && before.about !== 'process') followed.element.querySelector('input')?.focus();
      before = measure;
      const topology = board?.topology;
      const ends = topology ? dropEnds(state, topology) : null;
      const cost = carried && ends ? carriedCosts(ends, carried.slot) : null;
      const victims = victimsNow(state);
      const name = cost ? `Cost from ${cost.from.short}` : victims ? `Victims of cpu ${victims.thief}` : '';
      say(words, name);
      words.hidden = name === '';
      element.classList.toggle('carrying', carried !== null || victims !== null);
      // Nothing colours a machine that is not sampled.
      const still = isStill(state);
      group.hidden = more.hidden = still;
      element.classList.toggle('still', still);
      const silent = carried || still ? null : silentWords(measure, state.sample);
      const deps = [
        carried?.slot,
        cost?.from.name,
        cost?.from.cpu,
        topology,
        measure,
        ends?.costs,
        still,
        silent,
        victims,
        later,
      ];
      // With nothing to hold it against the cells carry nothing, and there is nothing to explain.
      scaleSlot.update(deps, () => {
        if (cost) {
          const aside = cost.measured ? '' : ' Nanoseconds were not measured.';
          return later?.classLegend(name, costClasses(cost.costs), cost.measured ? 'ns' : null, aside);
        }
        if (victims) return later?.classLegend(name, victimClasses(victims), null);
        if (carried || still) return null;
        return silent === null ? legend(measure) : el('span.silent', { title: silent }, silent);
      });
    },
  };
}
