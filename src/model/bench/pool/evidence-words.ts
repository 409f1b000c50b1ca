/** What one order or first touch is worth against another, as a row: the same words wherever it is shown. */

import { formatBound, formatChange } from '../../text/format.ts';
import type { Aspect, PoolEvidence, PoolFound, Standing } from './evidence.ts';
import { LOAD_WORDS, touchWords } from './labels.ts';
import { orderName } from './told.ts';

const SAYS: Readonly<Record<Standing, string>> = {
  better: 'pays',
  worse: 'costs',
  negligible: 'alike',
  open: 'not shown',
  invalid: 'does not count',
  'too-few': 'too few rounds',
};

export interface EvidenceWords {
  readonly load: string;
  /** What it is held against, and on how many nodes. */
  readonly against: string;
  /** Empty where there is none. */
  readonly change: string;
  readonly interval: string;
  readonly says: string;
  readonly standing: Standing;
}

function wordsOf({ aspect, of, against, comparison, standing, noisy }: PoolEvidence, several: boolean): EvidenceWords {
  const other = aspect === 'order' ? orderName(against.one.order) : touchWords(against.one.touch, against.one.node);
  const counts = comparison !== null && standing !== 'invalid';
  return {
    load: LOAD_WORDS[of.one.load],
    against: `${other}${several ? `, ${String(of.nodes)} ${of.nodes === 1 ? 'node' : 'nodes'}` : ''}`,
    change: counts && !noisy ? formatChange(comparison.change) : '',
    interval: counts ? comparison.interval.map(formatBound).join(' \u2026 ') : '',
    ...{ says: SAYS[standing], standing },
  };
}

export interface EvidenceTable {
  /** "The nearest first, against". */
  readonly title: string;
  readonly rows: readonly EvidenceWords[];
}

/** Of what is asked; null: nothing is held against anything. */
export function evidenceTable({ all }: PoolFound, aspect: Aspect): EvidenceTable | null {
  const own = all.filter((one) => one.aspect === aspect);
  const [first] = own;
  if (!first) return null;
  const { order, touch, node } = first.of.one;
  const several = new Set(own.map(({ of }) => of.nodes)).size > 1;
  const name = aspect === 'order' ? orderName(order) : touchWords(touch, node);
  return { title: `${name}, against`, rows: own.map((one) => wordsOf(one, several)) };
}
