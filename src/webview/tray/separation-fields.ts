/** Owns the settings of two pools in the tray. */

import { LAYOUT_SETS, LOAD_SETS } from '../../model/bench/separation/workload.ts';
import type { LayoutSet, LoadSet, SeparationWorkload } from '../../model/bench/separation/workload.ts';
import { durationWords, parseDuration } from '../ui/parse.ts';
import { chooser, typed } from './fields.ts';
import type { Field } from './fields.ts';
import { choices, keyOf, storeField } from './store-field.ts';
import { timingFields } from './timing-fields.ts';

const LAYOUTS: Readonly<Record<LayoutSet, string>> = { all: 'All six', two: 'Mixed, apart', mixed: 'Mixed only' };
const LOADS: Readonly<Record<LoadSet, string>> = { all: 'All five', levels: '60, 100, 200 %', full: '100 %' };
export function separationFields(
  configure: (change: Partial<Omit<SeparationWorkload, 'kind'>>) => void,
): Field<SeparationWorkload>[] {
  return [
    chooser(
      'Layouts',
      'layouts',
      choices(LAYOUTS),
      (w) => w.layouts,
      (value) => configure({ layouts: keyOf(LAYOUT_SETS, value, 'all') }),
    ),
    chooser(
      'Loads',
      'loads',
      choices(LOADS),
      (w) => w.loads,
      (value) => configure({ loads: keyOf(LOAD_SETS, value, 'all') }),
    ),
    storeField(configure),
    typed(
      'At most',
      'budget',
      (w) => durationWords(w.budgetMs),
      parseDuration,
      (budgetMs) => configure({ budgetMs }),
    ),
    ...timingFields(configure),
  ];
}
