/** Owns the list of all measures: by group, each with what it counts, its figure now, and why it has none. */

import { figureWords, hasFigure, missingWords, overall } from '../../model/live/measures/measure.ts';
import type { Measure } from '../../model/live/measures/measure.ts';
import { grouped } from '../../model/live/measures/measures.ts';
import { QUICK } from '../../model/live/measures/quick.ts';
import type { Sample } from '../../model/live/sample.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { el, kbd, modal, say, slot } from '../ui/dom.ts';
import type { Child } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import { typedInput } from '../ui/typed-field.ts';
import type { Part } from '../state/part.ts';
import type { Store } from '../state/store.ts';

const ROW_ID = 'measure-';
const PAGE = 5;

/** Every word somewhere in what is said of it. */
function fitting(typed: string): readonly Measure[] {
  const words = typed.toLowerCase().split(/\s+/);
  return grouped().flatMap(([group, measures]) =>
    measures.filter(({ name, meaning }) => {
      const text = `${name} ${group} ${meaning}`.toLowerCase();
      return words.every((word) => text.includes(word));
    }),
  );
}

/** What it says now: its range over the board, or why there is nothing. */
function now(measure: Measure, topology: Topology, sample: Sample | null): Child {
  if (!sample) return 'no sample yet';
  if (!hasFigure(measure, sample)) return el('span.why', {}, missingWords(measure, sample));
  const [least, most] = overall(measure, topology, sample);
  const where = measure.paints === 'machine' || topology.nodes.length === 1 ? '' : ' by node';
  const [low, high] = [figureWords(measure, least), figureWords(measure, most)];
  return low === high ? `${high}${where}` : `${low} to ${high}${where}`;
}

/** @param chosen called once a measure was chosen: what the board shows is wanted next, not what had the focus before. */
export function createMeasureDialog(store: Store, chosen: () => void): Part {
  const input = typedInput('measure-filter', {
    placeholder: 'part of a name, a group or a meaning',
    role: 'combobox',
    'aria-label': 'What the colours show',
    'aria-controls': 'measures',
    'aria-expanded': 'true',
    'aria-autocomplete': 'list',
  });
  const list = el('div.processes.measures', { id: 'measures', role: 'listbox', 'aria-label': 'Measures' });
  const rows = slot(list);
  const status = el('div.hint', { role: 'status' });
  const close = (): void => store.set({ listing: false });
  const element = el(
    'dialog.pick',
    { 'aria-labelledby': 'measures-title' },
    el('div.verdict', { id: 'measures-title' }, 'What shall the colours show?'),
    input,
    list,
    status,
    el('div.acts', {}, button('measures-close', 'secondary', close, 'Cancel')),
  );
  const show = modal(element, close);
  let shown: readonly Measure[] = [];
  let at = 0;

  const choose = (measure: Measure | undefined): void => {
    if (!measure) return;
    store.view({ measure: measure.key });
    close();
    show(false);
    chosen();
  };
  const go = (to: number): void => {
    at = Math.max(0, Math.min(shown.length - 1, to));
    store.set({});
  };
  const KEYS: Readonly<Record<string, () => void>> = {
    ArrowDown: () => go(at + 1),
    ArrowUp: () => go(at - 1),
    PageDown: () => go(at + PAGE),
    PageUp: () => go(at - PAGE),
    // What was typed a moment ago counts, whether it is drawn already or not.
    Enter: () => choose(fitting(input.value)[at]),
  };
  input.addEventListener('keydown', (event) => {
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  input.addEventListener('input', () => go(0));

  function option(measure: Measure, i: number, topology: Topology, sample: Sample | null): HTMLElement {
    const { key, name, unit, meaning, permission } = measure;
    const digit = QUICK.indexOf(measure) + 1;
    const made = el(
      'div.process.measure',
      { id: `${ROW_ID}${key}`, role: 'option', 'aria-selected': String(i === at), 'data-measure': key },
      el('span.who', {}, el('b', {}, name), digit > 0 && kbd(String(digit)), el('span.dim.sm', {}, unit)),
      el('span.sm.now', {}, now(measure, topology, sample)),
      el('span.sm.dim.line', {}, permission === null ? meaning : `${meaning} ${permission}`),
    );
    made.addEventListener('click', () => choose(measure));
    return made;
  }
  const content = (topology: Topology, sample: Sample | null): Child =>
    shown.map((measure, i) => [
      measure.group !== shown[i - 1]?.group && el('div.process-head', { role: 'presentation' }, measure.group),
      option(measure, i, topology, sample),
    ]);

  return {
    element,
    update({ listing, board, sample, view }) {
      const topology = board?.topology;
      const changed = show(listing && topology != null);
      if (!listing || !topology) return;
      if (changed) {
        input.value = '';
        input.focus();
      }
      shown = fitting(input.value);
      if (changed)
        at = Math.max(
          0,
          shown.findIndex(({ key }) => key === view.measure),
        );
      const moved = list.getAttribute('data-at');
      rows.update([input.value, at, sample, topology], () => content(topology, sample));
      say(
        status,
        shown.length === 0 ? 'No measure fits.' : `${shown.length} measures. Enter chooses, Esc leaves what there is.`,
      );
      const key = shown[at]?.key;
      if (key === undefined) input.removeAttribute('aria-activedescendant');
      else input.setAttribute('aria-activedescendant', `${ROW_ID}${key}`);
      // Figures live; what a person scrolled to stays where it is until the choice moves.
      if (key === undefined || moved === key) return;
      list.setAttribute('data-at', key);
      list.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
    },
  };
}
