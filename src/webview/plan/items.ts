/** Owns a list of a plan whose items are unfolded, changed, added and removed one by one. */

import type { BlockChange, ChangedList, PlanLists } from '../../model/plan/edit/change.ts';
import type { Plan } from '../../model/plan/plan.ts';
import { el, say } from '../ui/dom.ts';
import { button, select, setChoices, setValue } from '../ui/elements.ts';
import type { Choice } from '../ui/elements.ts';
import { typedField } from '../ui/typed-field.ts';
import type { Desk } from './desk.ts';
import type { Reading } from './reading.ts';

/** A page shows so many; the rest is in the file. */
const MOST_SHOWN = 200;

/** `read`: what was typed as values of the item, or what is wrong with it. */
export type ItemField<T> = { readonly label: string; readonly key: string } & (
  | {
      readonly placeholder: string;
      readonly shown: (item: Partial<T>) => string;
      readonly read: (words: string, at: { readonly others: readonly T[] }) => Partial<T> | { readonly wrong: string };
    }
  | {
      readonly choices: (plan: Plan) => readonly Choice[];
      readonly chosen: (item: Partial<T>, plan: Plan) => string;
      readonly to: (value: string) => Partial<T>;
    }
);

export interface ItemKind<T> {
  readonly key: ChangedList;
  readonly title: string;
  readonly noun: string;
  readonly add: string;
  readonly words: (item: T) => string;
  /** An item of what was said so far; null: something is missing. */
  readonly complete: (draft: Partial<T>, plan: Plan) => T | null;
  readonly fields: readonly ItemField<T>[];
  /** What else changes with an item. */
  readonly also: (
    plan: Plan,
    was: T,
    to: T,
  ) => { readonly lists?: PlanLists; readonly changes?: readonly BlockChange[] };
  /** Why it cannot be removed; empty: it can. */
  readonly held: (plan: Plan, item: T) => string;
}

export interface ItemList {
  readonly element: HTMLElement;
  update(reading: Reading): void;
}

interface Row<T> {
  readonly element: HTMLDetailsElement;
  update(item: Partial<T>, plan: Plan): void;
}

export function createItems<T>(desk: Desk, kind: ItemKind<T>): ItemList {
  const itemsOf = (plan: Plan): readonly T[] => plan[kind.key] as unknown as readonly T[];
  const now = (): Plan | null => desk.reading()?.plan ?? null;
  const count = el('span');
  const list = el('div');
  const rest = el('div.in.hint');
  let rows: Row<T>[] = [];
  let draft: Partial<T> = {};

  /** @param at of an item; null: of the one to come. @returns what is wrong. */
  const set = (at: number | null, change: Partial<T>): string => {
    const plan = now();
    if (!plan) return '';
    const items = itemsOf(plan);
    if (at === null) {
      draft = { ...draft, ...change };
      const made = kind.complete(draft, plan);
      if (!made) return '';
      draft = {};
      desk.list({ [kind.key]: [...items, made] }, `New ${kind.noun}: ${kind.words(made)}`);
      added.element.open = false;
      added.element.querySelector('summary')?.focus();
      return '';
    }
    const was = items[at];
    if (was === undefined) return '';
    const to = { ...was, ...change };
    const { lists, changes } = kind.also(plan, was, to);
    desk.list({ ...lists, [kind.key]: items.with(at, to) }, `${kind.title}: ${kind.words(to)}`, changes);
    return '';
  };
  const createRow = (at: number | null): Row<T> => {
    const title = el('summary');
    const id = `plan-${kind.key}-${at ?? 'new'}`;
    const fields = kind.fields.map((field) => {
      if ('choices' in field) {
        const control = select(`${id}-${field.key}`, field.label, [], (value) => set(at, field.to(value)));
        return {
          element: el('div.field', {}, el('span.label', { 'aria-hidden': 'true' }, field.label), control),
          show(item: Partial<T>, plan: Plan) {
            setChoices(control, field.choices(plan));
            setValue(control, field.chosen(item, plan));
          },
        };
      }
      const input = { id: `${id}-${field.key}-field`, placeholder: field.placeholder };
      const typed = typedField(`${id}-${field.key}`, input, (words) => {
        const items = itemsOf(now() ?? ({ [kind.key]: [] } as unknown as Plan));
        const read = field.read(words, { others: items.filter((_, i) => i !== at) });
        return 'wrong' in read ? read.wrong : set(at, read);
      });
      return {
        element: el(
          'div',
          {},
          el('div.field', {}, el('label', { for: input.id }, field.label), typed.input),
          typed.wrong,
        ),
        show: (item: Partial<T>) => typed.show(field.shown(item)),
      };
    });
    const wrong = el('div.wrong', { role: 'alert' });
    const remove = (): void => {
      const plan = now();
      const item = plan && at !== null ? itemsOf(plan)[at] : undefined;
      if (!plan || item === undefined) return;
      const why = kind.held(plan, item);
      say(wrong, why);
      if (why !== '') return;
      element.open = false;
      added.element.querySelector('summary')?.focus();
      desk.list(
        { [kind.key]: itemsOf(plan).filter((_, i) => i !== at) },
        `No ${kind.noun} ${kind.words(item)} any more`,
      );
    };
    const element = el(
      'details.plan-item',
      { 'data-item': at ?? 'new' },
      title,
      fields.map((field) => field.element),
      at !== null &&
        el(
          'div.in.acts',
          {},
          button(`${id}-remove`, 'secondary', remove, 'Remove', { 'aria-label': `Remove this ${kind.noun}` }),
        ),
      wrong,
    );
    return {
      element,
      update(item, plan) {
        say(title, at === null ? kind.add : kind.words(item as T));
        if (!element.open) return;
        for (const field of fields) field.show(item, plan);
      },
    };
  };
  const added = createRow(null);
  const element = el(
    'details.plan-list',
    { 'data-list': kind.key },
    el('summary', {}, el('h2', {}, kind.title, count)),
    list,
    rest,
    added.element,
  );
  return {
    element,
    update({ plan }) {
      const items = itemsOf(plan);
      say(count, items.length === 0 ? 'none' : String(items.length));
      if (!element.open) return;
      const shown = items.slice(0, MOST_SHOWN);
      if (rows.length !== shown.length) {
        for (const row of rows.slice(shown.length)) row.element.remove();
        const more = shown.slice(rows.length).map((_, i) => createRow(rows.length + i));
        rows = [...rows.slice(0, shown.length), ...more];
        list.append(...more.map((row) => row.element));
      }
      rows.forEach((row, at) => row.update(items[at] as T, plan));
      say(rest, items.length > shown.length ? `${items.length - shown.length} more are in the file.` : '');
      rest.hidden = items.length <= shown.length;
      added.update(draft, plan);
    },
  };
}
