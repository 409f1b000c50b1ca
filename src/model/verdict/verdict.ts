/** The answer in one sentence. Nothing is claimed that the data do not carry. */

import { formatBound, formatFigure, formatMetric, formatPercent, plural } from '../text/format.ts';
import { matrixSentence } from '../bench/matrix/result.ts';
import { crossing, differing } from '../bench/spsc/plan.ts';
import type { Comparison, Result, Verdict } from '../run/run.ts';
import type { Topology } from '../topology/topology.ts';

export { held } from './conditions.ts';

/** An interval that stays within this share around zero: nobody acts on what may be left. */
const NEGLIGIBLE = 0.02;

type Answer = Omit<Verdict, 'question'>;

const neutral = (sentence: string): Answer => ({ tone: 'neutral', sentence });

export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What was found of the first against the second, as the end of a sentence. */
export function found(change: number, time: boolean): string {
  if (time) return `takes ${formatFigure(1 + change)} × as long`;
  return change < 0 ? `keeps ${formatPercent(1 + change)} of its rate` : `is ${formatPercent(change)} faster`;
}

/** A difference that was shown, in the words of the question that the two placements ask. */
function compared(topology: Topology, one: Result, two: Result, { change, interval }: Comparison): Answer {
  const time = one.metric === 'ns';
  const better = time ? change < 0 : change > 0;
  const tone = better ? 'gain' : 'loss';
  const even = Math.max(Math.abs(interval[0]), Math.abs(interval[1])) < NEGLIGIBLE;
  const [a, b] = [one.placement, two.placement];
  if (a.kind !== 'spsc' || b.kind !== 'spsc')
    return {
      tone,
      sentence: `The first ${time ? found(change, time) : `has ${formatPercent(1 + change)} of the second’s rate`}.`,
    };
  const keys = differing(a, b);
  if (keys.length === 1 && keys[0] === 'pin') {
    const pays = a.pin ? better : !better;
    if (even) return { tone: 'even', sentence: 'No. Pinned or not differ by less than 2 %.' };
    return { tone, sentence: `${pays ? 'Yes' : 'No'}. ${a.pin ? 'Pinned' : 'Not pinned'} it ${found(change, time)}.` };
  }
  if (!keys.includes('producer') && !keys.includes('consumer')) {
    if (even) return { tone: 'even', sentence: 'No. The two differ by less than 2 %.' };
    return { tone, sentence: `Yes. It ${found(change, time)}.` };
  }
  if (even) return { tone: 'even', sentence: 'Yes. The two differ by less than 2 %.' };
  return { tone, sentence: `${better ? 'Yes' : 'No'}. ${capital(crossing(topology, a))} it ${found(change, time)}.` };
}

/** For results that are not held against each other. */
function alone(results: readonly Result[], one: Result): Answer {
  if (one.median === null) return neutral('Nothing was measured.');
  if (results.length === 2 && results[1]?.metric === one.metric && results[1].median !== null) {
    return neutral('Too few rounds for an answer: take at least three.');
  }
  const more = results.length > 1 ? ` and ${plural(results.length - 1, 'more figure')}` : '';
  const noisy = one.noisy ? ', but the figure is noisy' : '';
  return neutral(`${formatMetric(one.median, one.metric)}${more}${noisy}.`);
}

function answer(topology: Topology, results: readonly Result[], comparison: Comparison | null): Answer {
  const [first] = results;
  if (!first || results.every(({ median, repetitions }) => median === null && repetitions.length === 0))
    return neutral('Nothing was measured.');
  const matrix = first.classes ? matrixSentence(first) : null;
  if (matrix !== null) return neutral(matrix);
  const slipped = results.find((result) => !result.valid);
  if (slipped) return neutral(`No answer: ${(slipped.why ?? 'the placement slipped').replace(/\.$/, '')}.`);
  const [one, two] = comparison ? [results[comparison.of], results[comparison.against]] : [];
  if (!comparison || !one || !two) return alone(results, first);
  const [low, high] = comparison.interval;
  if (!comparison.shown) {
    const small = Math.max(-low, high) < NEGLIGIBLE ? ', and stays within 2 % of it' : '';
    return { tone: 'even', sentence: `Not shown: the interval spans zero${small}.` };
  }
  if (one.noisy || two.noisy) {
    return neutral(`Too noisy for a verdict: the change lies between ${formatBound(low)} and ${formatBound(high)}.`);
  }
  return compared(topology, one, two, comparison);
}

/** On an emulated host the sentence itself says so: it gets quoted without its badge. */
export function verdict(
  topology: Topology,
  question: string,
  results: readonly Result[],
  comparison: Comparison | null,
): Verdict {
  const { tone, sentence } = answer(topology, results, comparison);
  const emulated = results.some((result) => result.emulated);
  return { question, tone, sentence: emulated ? sentence.replace(/\.$/, ', on an emulated host.') : sentence };
}
