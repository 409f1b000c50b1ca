/** Owns the settings of two pools in the tray. */

import { LAYOUT_SETS, LOAD_SETS } from '../../model/bench/separation/workload.ts';
import type { LayoutSet, LoadSet, SeparationWorkload } from '../../model/bench/separation/workload.ts';
import { formatBytes } from '../../model/text/format.ts';
import { durationWords, parseDuration, parseSize } from '../ui/parse.ts';
import { chooser, typed } from './fields.ts';
import type { Field } from './fields.ts';
import { timingFields } from './timing-fields.ts';

const LAYOUTS: Readonly<Record<LayoutSet, string>> = { all: 'All six', two: 'Mixed, apart', mixed: 'Mixed only' };
const LOADS: Readonly<Record<LoadSet, string>> = { all: 'All five', levels: '60, 100, 200 %', full: '100 %' };
const AUTOMATIC = 'auto';

const choices = (words: Readonly<Record<string, string>>): { value: string; label: string }[] =>
  Object.entries(words).map(([value, label]) => ({ value, label }));
const keyOf = <K extends string>(all: Readonly<Record<K, unknown>>, value: string, usual: K): K =>
  value in all ? (value as K) : usual;

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
    typed(
      'Store',
      'size',
      (w) => (w.sizeBytes === null ? AUTOMATIC : formatBytes(w.sizeBytes)),
      (words) => (words.trim().toLowerCase() === AUTOMATIC ? { value: 0 } : parseSize(words)),
      (sizeBytes) => configure({ sizeBytes: sizeBytes === 0 ? null : sizeBytes }),
    ),
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
