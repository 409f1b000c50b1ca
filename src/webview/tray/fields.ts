/** Owns the kinds of field in the tray's "Measure": a list to choose from, and a value to type. */

import type { Topology } from '../../model/topology/topology.ts';
import { el } from '../ui/dom.ts';
import { lock, select, setChoices, setValue } from '../ui/elements.ts';
import type { Choice } from '../ui/elements.ts';
import { typedField } from '../ui/typed-field.ts';

/** @typeParam W settings of one benchmark. */
export interface Field<W> {
  readonly element: HTMLElement;
  update(workload: W, topology: Topology, locked: boolean): void;
}

/** @param choices all that can be chosen; a function where they depend on the machine. */
export function chooser<W>(
  label: string,
  action: string,
  choices: readonly Choice[] | ((topology: Topology) => readonly Choice[]),
  read: (workload: W) => string,
  write: (value: string) => void,
): Field<W> {
  const known = typeof choices === 'function' ? null : choices;
  const control = select(action, label, known ?? [], write);
  return {
    element: el('div.field', {}, el('span.label', { 'aria-hidden': 'true' }, label), control),
    update(workload, topology, locked) {
      if (typeof choices === 'function') setChoices(control, choices(topology));
      lock(control, locked);
      setValue(control, read(workload));
    },
  };
}

export function typed<W>(
  label: string,
  action: string,
  read: (workload: W) => string,
  parse: (text: string) => { readonly value: number } | { readonly wrong: string },
  write: (value: number) => void,
): Field<W> {
  const field = typedField(action, { id: `field-${action}` }, (words) => {
    const parsed = parse(words);
    if ('wrong' in parsed) return parsed.wrong;
    write(parsed.value);
    return '';
  });
  const { input, wrong } = field;
  return {
    element: el('div', {}, el('div.field', {}, el('label', { for: input.id }, label), input), wrong),
    update(workload, _topology, locked) {
      input.disabled = locked;
      field.show(read(workload));
    },
  };
}
