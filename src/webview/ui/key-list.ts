/** Owns how a list of keys is shown. */

import { el, kbd } from './dom.ts';

export type Keys = readonly [keys: readonly string[], words: string];

export const ARROWS = ['\u2190', '\u2191', '\u2192', '\u2193'];

export const keyList = (list: readonly Keys[]): HTMLElement =>
  el(
    'dl.keys',
    {},
    list.map(([keys, words]) => [
      el(
        'dt',
        {},
        keys.map((key) => [kbd(key), ' ']),
      ),
      el('dd', {}, words),
    ]),
  );
