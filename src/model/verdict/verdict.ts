/** The answer in one sentence. Nothing is claimed that the data do not carry. */

import { formatBound, formatMetric, formatPercent, found } from '../text/format.ts';
import { answersOf } from '../bench/answers/index.ts';
import type { Answer } from '../bench/bench.ts';
import { isNegligible } from '../bench/negligible.ts';
import { weightOf } from '../run/compare.ts';
import type { Comparison, Result, Run, Verdict } from '../run/run.ts';
import type { Topology } from '../topology/topology.ts';
import { severalSentence } from './several.ts';
import { unsureBecause } from './unsure.ts';

const neutral = (sentence: string): Answer => ({ tone: 'neutral', sentence });

/** A difference that was shown: in the words of the benchmark where the two ask one question. */
function compared(topology: Topology, one: Result, two: Result, comparison: Comparison): Answer {
  const own = one.placement.kind === two.placement.kind ? answersOf(one.placement).answer : undefined;
  if (own) return own(topology, one.placement, two.placement, comparison, one);
  const { change } = comparison;
  const time = one.metric === 'ns';
  return {
    tone: (time ? change < 0 : change > 0) ? 'gain' : 'loss',
    sentence: `The first ${time ? found(change, time) : `has ${formatPercent(1 + change)} of the second’s rate`}.`,
  };
}

/** A figure of which nothing is asked but what it is: with what keeps it from being one to rely on. */
function alone(one: Result): Answer {
  if (one.median === null) return neutral('Nothing was measured.');
  const figure = formatMetric(one.median, one.metric);
  if (!one.noisy) return neutral(`${figure}.`);
  if (!one.interval)
    return neutral(`${figure}, measured ${one.repetitions.length === 1 ? 'once' : 'too seldom for an interval'}.`);
  const [low, high] = one.interval.map((end) => formatMetric(end, one.metric));
  return neutral(`Too noisy for one figure: it lies between ${low ?? ''} and ${high ?? ''}.`);
}

/** Nothing that can be told of the two as one figure. */
function untold({ interval }: Comparison, weight: 'no-difference' | 'noisy'): Answer {
  if (isNegligible(interval))
    return { tone: 'even', sentence: 'No measurable difference: the change stays within 2 % either way.' };
  const between = `the change lies between ${interval.map(formatBound).join(' and ')}`;
  return weight === 'noisy'
    ? neutral(`Too noisy for a verdict: ${between}.`)
    : { tone: 'even', sentence: `No difference could be shown: ${between}.` };
}

/** @returns whether its figures leave open what was asked: then it is worth saying why. */
function answer(
  topology: Topology,
  results: readonly Result[],
  comparison: Comparison | null,
  thresholds: Run['thresholds'],
): Answer & { readonly unsure?: true } {
  const [first] = results;
  if (!first || results.every(({ median, repetitions }) => median === null && repetitions.length === 0))
    return neutral('Nothing was measured.');
  const slipped = results.find((result) => !result.valid);
  const why = slipped && (slipped.why ?? 'the placement slipped').replace(/\.$/, '');
  const whole = answersOf(first.placement).sentence?.(first) ?? null;
  // What is left of it stands by itself.
  if (whole !== null)
    return neutral(why === undefined ? whole : `${whole.replace(/\.$/, '')}; pairs were left out: ${why}.`);
  const together = answersOf(first.placement).together?.(topology, results, thresholds) ?? null;
  if (together) return neutral(together.sentence);
  if (why !== undefined) return neutral(`No answer: ${why}.`);
  const weight = weightOf({ results, comparison });
  const [one, two] = comparison ? [results[comparison.of], results[comparison.against]] : [];
  if (!comparison || !one || !two) {
    const several = severalSentence(results);
    return several === null ? { ...alone(first), ...(first.noisy ? { unsure: true } : {}) } : neutral(several);
  }
  if (weight === 'shown') return compared(topology, one, two, comparison);
  const said = untold(comparison, weight === 'noisy' ? 'noisy' : 'no-difference');
  return isNegligible(comparison.interval) ? said : { ...said, unsure: true };
}

/** On an emulated host the sentence itself says so: it gets quoted without its badge. */
export function verdict(
  { topology, results, environment, thresholds }: Pick<Run, 'topology' | 'results' | 'environment' | 'thresholds'>,
  question: string,
  comparison: Comparison | null,
): Verdict {
  const { tone, sentence, unsure } = answer(topology, results, comparison, thresholds);
  const emulated = results.some((result) => result.emulated);
  const told = emulated ? sentence.replace(/\.$/, ', on an emulated host.') : sentence;
  const why = unsure ? unsureBecause(results, environment, topology.cpus.length) : null;
  return { question, tone, sentence: why === null ? told : `${told} ${why}` };
}
