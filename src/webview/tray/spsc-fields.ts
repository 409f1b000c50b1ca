/** Owns the settings of the queue in the tray. */

import { formatCount, plural } from '../../model/text/format.ts';
import { PADDINGS } from '../../model/cases/spsc.ts';
import { PAGE_KINDS } from '../../model/cases/pages.ts';
import type { SpscWorkload } from '../../model/bench/spsc/workload.ts';
import { parseWhole } from '../ui/parse.ts';
import { chooser, typed } from './fields.ts';
import type { Field } from './fields.ts';
import { pageChoice } from './page-words.ts';
import { timingFields } from './timing-fields.ts';

const CAPACITIES = Array.from({ length: 12 }, (_, i) => 2 ** (5 + i));
const PADDING_CHOICES = PADDINGS.map((bytes) => ({ value: String(bytes), label: bytes === 0 ? 'none' : `${bytes} B` }));
const PAGE_CHOICES = PAGE_KINDS.map(pageChoice);
const WHAT_CHOICES = [
  { value: 'rate', label: 'Throughput' },
  { value: 'latency', label: 'Latency' },
];
const CAPACITY_CHOICES = CAPACITIES.map((items) => ({ value: String(items), label: `${formatCount(items)} items` }));

export function spscFields(configure: (change: Partial<Omit<SpscWorkload, 'kind'>>) => void): Field<SpscWorkload>[] {
  return [
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
    ...timingFields(configure),
  ];
}
