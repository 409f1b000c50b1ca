/** A question put to the figures: a sentence that claims no more than its interval carries. */

import type { FindingKind } from '../../../run/finding.ts';
import type { Comparison } from '../../../run/run.ts';
import { formatBound, formatChange, formatFigure, formatMetric } from '../../../text/format.ts';
import { compareJointly, roundsNeeded } from '../../../run/jointly.ts';
import type { Taken } from '../compare.ts';
import type { Question, Statement } from './maker.ts';
import { roundsOf } from './rounds.ts';

const isTime = ({ result }: Taken): boolean => result.metric === 'ns';

const bounds = ({ interval: [low, high] }: Comparison): string => `${formatBound(low)} to ${formatBound(high)}`;

/** "… throughput changes by −58 % (−60.1 % to −55.3 %): 21.5 M items/s against 51.2 M items/s within the L3" */
function shownWords({ of, against, change, base }: Question, evidence: Comparison): string {
  const figure = ({ result }: Taken): string => formatMetric(result.median ?? NaN, result.metric);
  const [low, high] = evidence.interval;
  const changed = isTime(of)
    ? `a round trip takes ${formatFigure(1 + evidence.change)} × as long (${formatFigure(1 + low)} × to ${formatFigure(1 + high)} ×)`
    : `throughput changes by ${formatChange(evidence.change)} (${bounds(evidence)})`;
  return `${change} ${changed}: ${figure(of)}, against ${figure(against)} ${base}`;
}

/** @param comparisons of the run: all of their intervals hold together. */
export function answer(question: Question, comparisons: number): Statement {
  const { id, of, against, change, base, better, worse } = question;
  const finding = (kind: FindingKind, sentence: string, evidence: readonly Comparison[], advice: string | null) => {
    const emulated = of.result.emulated || against.result.emulated;
    const where = emulated ? ', on an emulated host' : '';
    return { id, kind, sentence: `${sentence}${where}.`, evidence, advice: emulated ? null : advice };
  };
  const subject = `${change} ${isTime(of) ? 'the round trip' : 'throughput'}`;
  const slipped = [of, against].find(({ result }) => !result.valid);
  if (slipped) {
    const why = (slipped.result.why ?? 'the placement slipped').replace(/\.$/, '');
    return finding('cannot-be-answered', `${subject}, against ${base}: no answer, ${why}`, [], null);
  }
  const evidence = compareJointly(of, against, comparisons);
  if (!evidence) {
    const [had, needed] = [roundsOf(question), roundsNeeded(comparisons)];
    const words = `${subject}, against ${base}: too few rounds, ${had} where ${comparisons} comparisons need ${needed}`;
    return finding('cannot-be-answered', words, [], null);
  }
  const noisy = of.result.noisy || against.result.noisy;
  if (!evidence.shown) {
    const loud = noisy ? '; the figures are noisy' : '';
    const words = `${subject}: no difference could be shown against ${base} (${bounds(evidence)}${loud})`;
    return finding(noisy ? 'noisy' : 'no-difference', words, [evidence], null);
  }
  if (noisy) {
    const words = `${subject} is too noisy for a figure: its change against ${base} lies between ${formatBound(evidence.interval[0])} and ${formatBound(evidence.interval[1])}`;
    return finding('noisy', words, [evidence], null);
  }
  const gain = evidence.change > 0 !== isTime(of);
  return finding('shown', shownWords(question, evidence), [evidence], gain ? better : worse);
}
