/** The answer in one sentence. Nothing is claimed that the data do not carry. */

import { formatBound, formatMetric, formatPercent, found, plural } from '../text/format.ts';
import type { Answer } from '../bench/bench.ts';
import { benchOf } from '../bench/index.ts';
import { isNegligible } from '../bench/negligible.ts';
import type { Comparison, Result, Verdict } from '../run/run.ts';
import type { Topology } from '../topology/topology.ts';

const neutral = (sentence: string): Answer => ({ tone: 'neutral', sentence });

/** A difference that was shown: in the words of the benchmark where the two ask one question. */
function compared(topology: Topology, one: Result, two: Result, comparison: Comparison): Answer {
  const bench = benchOf(one.placement);
  if (bench.answer && bench.kind === two.placement.kind)
    return bench.answer(topology, one.placement, two.placement, comparison, one);
  const { change } = comparison;
  const time = one.metric === 'ns';
  return {
    tone: (time ? change < 0 : change > 0) ? 'gain' : 'loss',
    sentence: `The first ${time ? found(change, time) : `has ${formatPercent(1 + change)} of the second’s rate`}.`,
  };
}

/** For results that are not held against each other. */
function alone(results: readonly Result[], one: Result): Answer {
  if (one.median === null) return neutral('Nothing was measured.');
  if (results.length === 2 && results[1]?.metric === one.metric && results[1].median !== null) {
    return neutral('Too few rounds for an answer; take at least three.');
  }
  const more = results.length > 1 ? ` and ${plural(results.length - 1, 'more figure')}` : '';
  const noisy = one.noisy ? ', but the figure is noisy' : '';
  return neutral(`${formatMetric(one.median, one.metric)}${more}${noisy}.`);
}

function answer(topology: Topology, results: readonly Result[], comparison: Comparison | null): Answer {
  const [first] = results;
  if (!first || results.every(({ median, repetitions }) => median === null && repetitions.length === 0))
    return neutral('Nothing was measured.');
  const whole = benchOf(first.placement).sentence?.(first) ?? null;
  if (whole !== null) return neutral(whole);
  const together = benchOf(first.placement).together?.(topology, results) ?? null;
  if (together) return neutral(together.sentence);
  const slipped = results.find((result) => !result.valid);
  if (slipped) return neutral(`No answer: ${(slipped.why ?? 'the placement slipped').replace(/\.$/, '')}.`);
  const [one, two] = comparison ? [results[comparison.of], results[comparison.against]] : [];
  if (!comparison || !one || !two) return alone(results, first);
  const [low, high] = comparison.interval;
  if (!comparison.shown) {
    const small = isNegligible([low, high]) ? ' and stays within 2 % of it' : '';
    return { tone: 'even', sentence: `No measurable difference: the interval includes zero${small}.` };
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
