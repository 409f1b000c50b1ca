/** Owns the tray's "Measure": the settings of the chosen benchmark, one control a field. */

import type { OfferKind, Workload } from '../../model/bench/index.ts';
import type { Actions } from '../state/actions.ts';
import { el, slot } from '../ui/dom.ts';
import type { Part } from '../state/part.ts';
import type { State } from '../state/store.ts';
import type { Field } from './fields.ts';
import { spscFields } from './spsc-fields.ts';

interface Settings<W> {
  /** Beside the heading. */
  readonly aside: string;
  readonly fields: (configure: (change: Partial<Omit<W, 'kind'>>) => void) => readonly Field<W>[];
}

export type AllSettings = { readonly [K in OfferKind]: Settings<Extract<Workload, { kind: K }>> };

export interface Measure extends Part {
  bring(others: Omit<AllSettings, 'spsc'>): void;
}

/** Whether what is shown has settings that come with the rest of the page. */
export const needsSettings = ({ board }: State): boolean =>
  board !== null && board.topology !== null && board.workload.kind !== 'spsc';

export function createMeasure(actions: Actions): Measure {
  let settings: Partial<AllSettings> = { spsc: { aside: 'SPSC, 8 B items', fields: spscFields } };
  const element = el('section.wide', { 'aria-label': 'Measure' });
  const place = slot(element);
  let fields: readonly Field<Workload>[] = [];
  return {
    element,
    bring(others) {
      settings = { ...settings, ...others };
    },
    update({ board }) {
      if (!board?.topology) return;
      const { workload, topology, running } = board;
      const own: Settings<Workload> | undefined = settings[workload.kind];
      place.update([workload.kind, own], () => {
        const { aside, fields: build } = own ?? { aside: '', fields: () => [] };
        fields = build(actions.configure);
        return [el('h2', {}, 'Measure', el('span', {}, aside)), fields.map((field) => field.element)];
      });
      for (const field of fields) field.update(workload, topology, running !== null);
    },
  };
}
