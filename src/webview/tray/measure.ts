/** Owns the tray's "Measure": what each run does, one control a field. */

import { formatCount, plural } from '../../model/text/format.ts';
import { PADDINGS } from '../../model/cases/spsc.ts';
import { PAGE_KINDS } from '../../model/cases/pages.ts';
import type { Workload } from '../../model/bench/spsc/workload.ts';
import type { Actions } from '../state/actions.ts';
import { el } from '../ui/dom.ts';
import { lock, select, setValue } from '../ui/elements.ts';
import type { Choice } from '../ui/elements.ts';
import { durationWords, parseDuration, parseWhole } from '../ui/parse.ts';
import { typedField } from '../ui/typed-field.ts';
import type { Part } from '../state/part.ts';

export const PAGE_WORDS: Readonly<Record<(typeof PAGE_KINDS)[number], string>> = {
  '4k': '4 KB',
  thp: '2 MB thp',
  '2m': '2 MB',
  '1g': '1 GB',
};
const CAPACITIES = Array.from({ length: 12 }, (_, i) => 2 ** (5 + i));
const PADDING_CHOICES = PADDINGS.map((bytes) => ({ value: String(bytes), label: bytes === 0 ? 'none' : `${bytes} B` }));
const PAGE_CHOICES = PAGE_KINDS.map((kind) => ({ value: kind, label: PAGE_WORDS[kind] }));
const WHAT_CHOICES = [
  { value: 'rate', label: 'Throughput' },
  { value: 'latency', label: 'Latency' },
];
const CAPACITY_CHOICES = CAPACITIES.map((items) => ({ value: String(items), label: `${formatCount(items)} items` }));

interface Field {
  readonly element: HTMLElement;
  update(workload: Workload, locked: boolean): void;
}

function chooser(
  label: string,
  action: string,
  choices: readonly Choice[],
  read: (workload: Workload) => string,
  write: (value: string) => void,
): Field {
  const control = select(action, label, choices, write);
  return {
    element: el('div.field', {}, el('span.label', { 'aria-hidden': 'true' }, label), control),
    update(workload, locked) {
      lock(control, locked);
      setValue(control, read(workload));
    },
  };
}

function typed(
  label: string,
  action: string,
  read: (workload: Workload) => string,
  parse: (text: string) => { readonly value: number } | { readonly wrong: string },
  write: (value: number) => void,
): Field {
  const field = typedField(action, { id: `field-${action}` }, (words) => {
    const parsed = parse(words);
    if ('wrong' in parsed) return parsed.wrong;
    write(parsed.value);
    return '';
  });
  const { input, wrong } = field;
  return {
    element: el('div', {}, el('div.field', {}, el('label', { for: input.id }, label), input), wrong),
    update(workload, locked) {
      input.disabled = locked;
      field.show(read(workload));
    },
  };
}

export function createMeasure(actions: Actions): Part {
  const { configure } = actions;
  const fields = [
    chooser(
      'Figure',
      'what',
      WHAT_CHOICES,
      (w) => (w.latency ? 'latency' : 'rate'),
      (value) => configure({ latency: value === 'latency' }),
    ),
    chooser(
      'Ring',
      'capacity',
      CAPACITY_CHOICES,
      (w) => String(w.capacity),
      (value) => configure({ capacity: Number(value) }),
    ),
    chooser(
      'Padding',
      'padding',
      PADDING_CHOICES,
      (w) => String(w.padding),
      (value) => configure({ padding: PADDINGS.find((bytes) => String(bytes) === value) ?? 128 }),
    ),
    typed(
      'Batch',
      'batch',
      (w) => plural(w.batch, 'item'),
      (text) => parseWhole(text, 1, 65_536),
      (batch) => configure({ batch }),
    ),
    chooser(
      'Pages',
      'pages',
      PAGE_CHOICES,
      (w) => w.pages,
      (value) => configure({ pages: PAGE_KINDS.find((kind) => kind === value) ?? '4k' }),
    ),
    typed(
      'Rounds',
      'rounds',
      (w) => formatCount(w.rounds),
      (text) => parseWhole(text, 1, 1000),
      (rounds) => configure({ rounds }),
    ),
    typed(
      'Each takes',
      'duration',
      (w) => durationWords(w.durationMs),
      parseDuration,
      (durationMs) => configure({ durationMs }),
    ),
  ];
  return {
    element: el(
      'section.wide',
      { 'aria-label': 'Measure' },
      el('h2', {}, 'Measure', el('span', {}, 'SPSC, 8 B items')),
      fields.map((field) => field.element),
    ),
    update({ board }) {
      if (board) for (const field of fields) field.update(board.workload, board.running !== null);
    },
  };
}
