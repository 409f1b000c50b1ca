/** Owns the settings of node to node in the tray. */

import { FIGURES_ASKED } from '../../model/bench/memory/workload.ts';
import { pageKinds } from '../../model/bench/memory/pages-here.ts';
import type { NodesWorkload } from '../../model/bench/node-to-node/workload.ts';
import { parsePageKind } from '../../model/cases/pages.ts';
import { chooser } from './fields.ts';
import type { Field } from './fields.ts';
import { FIGURE_CHOICES } from './memory-fields.ts';
import { pageChoice } from './page-words.ts';
import { timingFields } from './timing-fields.ts';

export function nodesFields(configure: (change: Partial<Omit<NodesWorkload, 'kind'>>) => void): Field<NodesWorkload>[] {
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
      (topology) => pageKinds(topology).map(pageChoice),
      (w) => w.pages,
      (value) => configure({ pages: parsePageKind(value) ?? 'thp' }),
    ),
    ...timingFields(configure),
  ];
}
