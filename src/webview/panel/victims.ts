/** Owns the panel while victims are numbered: class by class, in their order. */

import { placesOf } from '../../model/steal/victim-class.ts';
import type { VictimClass } from '../../model/steal/victim-class.ts';
import { plural } from '../../model/text/format.ts';
import type { Actions } from '../state/actions.ts';
import { poolAt, sentenceOf, victimsNow } from '../state/stealing.ts';
import type { State } from '../state/store.ts';
import { el, kbd } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import { section, table, verdict } from './elements.ts';

/** Victims of a class that are named at once. */
const NAMED = 8;

const named = ({ cpus }: VictimClass): string =>
  `${cpus.slice(0, NAMED).join(', ')}${cpus.length > NAMED ? ' \u2026' : ''}`;

export function victims(state: State, actions: Actions): HTMLElement[] {
  const found = victimsNow(state);
  if (!found) return [];
  const { thief, classes } = found;
  const pool = poolAt(state, thief);
  const of = pool ? `the ${pool.spoken}, ${plural(pool.cpus.length, 'worker')}` : 'a worker on every usable CPU';
  const rows = classes.map((one) => [placesOf(one), one.words, named(one)]);
  const [first] = classes;
  const headline = first ? `cpu ${thief} steals first from cpu ${first.cpus[0] ?? ''}.` : sentenceOf(found);
  const whole = classes.flatMap(({ cpus }) => cpus);
  return [
    section(
      null,
      el(
        'div.in.victims',
        {},
        verdict(`Steal order of cpu ${thief}, of ${of}`, headline),
        table('Victims by class', [{ name: 'place' }, { name: 'class' }, { name: 'cpu, in order' }], rows),
        whole.length > NAMED &&
          el(
            'details',
            { 'data-key': 'victims-all' },
            el('summary', { 'data-action': 'victims-all' }, 'The whole order'),
            el('div.dim.sm', {}, whole.join(', ')),
          ),
        el('div.hint', {}, 'Point at another CPU, or go there with the arrows.'),
        el(
          'div.acts',
          {},
          button('victims-close', 'secondary', () => actions.victims.end(), ['Close', kbd('N')]),
        ),
      ),
    ),
  ];
}
