/** Owns the tray's "Measure": the settings of the chosen benchmark, one control a field. */

import type { OfferKind, Workload } from '../../model/bench/index.ts';
import type { Actions } from '../state/actions.ts';
import { el, slot } from '../ui/dom.ts';
import type { Part } from '../state/part.ts';
import type { Field } from './fields.ts';
import { memoryFields } from './memory-fields.ts';
import { nodesFields } from './nodes-fields.ts';
import { separationFields } from './separation-fields.ts';
import { spscFields } from './spsc-fields.ts';

interface Settings<W> {
  /** Beside the heading. */
  readonly aside: string;
  readonly fields: (configure: (change: Partial<Omit<W, 'kind'>>) => void) => readonly Field<W>[];
}

const SETTINGS: { readonly [K in OfferKind]: Settings<Extract<Workload, { kind: K }>> } = {
  spsc: { aside: 'SPSC, 8 B items', fields: spscFields },
  memory: { aside: 'latency, bandwidth', fields: memoryFields },
  nodes: { aside: 'all pairs of nodes', fields: nodesFields },
  separation: { aside: 'layouts × loads', fields: separationFields },
};

export function createMeasure(actions: Actions): Part {
  const element = el('section.wide', { 'aria-label': 'Measure' });
  const place = slot(element);
  let fields: readonly Field<Workload>[] = [];
  return {
    element,
    update({ board }) {
      if (!board?.topology) return;
      const { workload, topology, running } = board;
      place.update([workload.kind], () => {
        const { aside, fields: build }: Settings<Workload> = SETTINGS[workload.kind];
        fields = build(actions.configure);
        return [el('h2', {}, 'Measure', el('span', {}, aside)), fields.map((field) => field.element)];
      });
      for (const field of fields) field.update(workload, topology, running !== null);
    },
  };
}
