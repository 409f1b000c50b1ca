/** What layouts and scenarios are called. */

import type { Layout, Scenario, SeparationCase } from '../../cases/separation.ts';

export const SEPARATION_QUESTION = 'Two pools: separate them by node, or not?';

export const LAYOUT_WORDS: Readonly<Record<Layout, string>> = {
  mixed: 'mixed',
  separated: 'separated',
  'huge-pages': 'separated, store in huge pages',
  reversed: 'separated the other way round',
  single: 'both on one node',
  replicated: 'mixed, with copies',
  custom: 'custom',
};

export const SCENARIO_WORDS: Readonly<Record<Scenario, string>> = {
  '60%': '60 % load',
  '100%': '100 % load',
  '200%': '200 % load',
  traversal: 'mostly walks',
  distance: 'mostly distances',
};

/** A store that did not fit the nodes of its readers is another one than the layout's name says. */
export const separationLabel = ({ layout, scenario, store }: SeparationCase): string =>
  `${LAYOUT_WORDS[layout]}${store && layout !== 'custom' ? ', store interleaved' : ''}, ${SCENARIO_WORDS[scenario]}`;
