/** Owns the settings of the memory benchmark in the tray. */

import { FIGURES_ASKED, SPREADS } from '../../model/bench/memory/workload.ts';
import type { MemoryWorkload } from '../../model/bench/memory/workload.ts';
import { PAGE_SETTING } from '../../model/bench/memory/page-setting.ts';
import { pageKinds } from '../../model/bench/memory/pages-here.ts';
import { formatBytes } from '../../model/text/format.ts';
import { parseSize } from '../ui/parse.ts';
import { chooser, typed } from './fields.ts';
import type { Field } from './fields.ts';
import { pageChoice } from './page-words.ts';
import { timingFields } from './timing-fields.ts';

export const FIGURE_CHOICES = [
  { value: 'both', label: 'Both' },
  { value: 'latency', label: 'Latency' },
  { value: 'bandwidth', label: 'Bandwidth' },
];
const SPREAD_CHOICES = [
  { value: 'each', label: 'Each in turn' },
  { value: 'interleave', label: 'Interleaved' },
  { value: 'weighted-interleave', label: 'By weight' },
];

export function memoryFields(
  configure: (change: Partial<Omit<MemoryWorkload, 'kind'>>) => void,
): Field<MemoryWorkload>[] {
  return [
    chooser(
      'Figure',
      'what',
      FIGURE_CHOICES,
      (w) => w.figures,
      (value) => configure({ figures: FIGURES_ASKED.find((one) => one === value) ?? 'both' }),
    ),
    chooser(
      'Pages',
      'pages',
      (topology) => [{ value: 'compare', label: 'Compare all' }, ...pageKinds(topology).map(pageChoice)],
      PAGE_SETTING.of,
      (value) => configure(PAGE_SETTING.change(value)),
    ),
    chooser(
      'Nodes',
      'spread',
      SPREAD_CHOICES,
      (w) => w.spread,
      (value) => configure({ spread: SPREADS.find((one) => one === value) ?? 'each' }),
    ),
    typed(
      'Buffer',
      'size',
      (w) => formatBytes(w.sizeBytes),
      parseSize,
      (sizeBytes) => configure({ sizeBytes }),
    ),
    ...timingFields(configure),
  ];
}
