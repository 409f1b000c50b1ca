/**
 * Results of which no two alone are the question: which of them is best, and how much worse the others are, as far as their
 * intervals round by round carry it. A sentence for each figure that was taken.
 */

import { figureOf } from '../bench/index.ts';
import { isNegligible } from '../bench/negligible.ts';
import { betterOf } from '../run/better.ts';
import { pairedRatio } from '../run/statistics.ts';
import type { Result } from '../run/run.ts';
import { capital, formatFigure, formatMetric, listed } from '../text/format.ts';
import { resultNames } from './names.ts';

interface Named {
  readonly name: string;
  readonly result: Result;
}

/** Others told one by one. */
const FEW = 3;

/** In the middle of a sentence; "P#0" and "THP" stay. */
const inside = (name: string): string => name.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());

interface Held {
  readonly name: string;
  /** Times as long, or as much; null: no difference to the best could be shown. */
  readonly times: readonly [value: number, low: number, high: number] | null;
}

/** Null where too few rounds tell. */
function held({ name, result }: Named, best: Named): Held | null {
  const ratio = pairedRatio(result.repetitions, best.result.repetitions);
  if (!ratio?.interval) return null;
  const [low, high] = ratio.interval;
  const open = (low <= 0 && high >= 0) || isNegligible(ratio.interval) || result.noisy || best.result.noisy;
  return { name, times: open ? null : [1 + ratio.change, 1 + low, 1 + high] };
}

function worse({ name, times }: Held, time: boolean): string {
  const [value, low, high] = (times ?? []).map(formatFigure);
  return `${inside(name)} ${time ? 'takes' : 'gives'} ${value ?? ''} × as ${time ? 'long' : 'much'} (${low ?? ''} to ${high ?? ''})`;
}

/** Of results of one figure. Null: nothing to hold against each other. */
function ranked(all: readonly Named[], title: string | null): string | null {
  const better = betterOf(all[0]?.result.metric ?? '');
  const known = all.filter(({ result }) => result.valid && result.median !== null);
  if (better === null || known.length < 2) return null;
  const time = better === 'less';
  const middle = ({ result }: Named): number => result.median ?? 0;
  const [best, ...others] = [...known].sort((a, b) => (time ? middle(a) - middle(b) : middle(b) - middle(a)));
  if (!best) return null;
  const told = others.map((one) => held(one, best));
  const head = title === null ? '' : `${title}: `;
  if (told.every((one) => one === null))
    return `${capital(`${head}too few rounds for an answer`)}; take at least three.`;
  const rated = told.filter((one) => one !== null);
  const open = rated.filter(({ times }) => times === null).map(({ name }) => inside(name));
  const shown = rated.filter(({ times }) => times !== null);
  if (shown.length === 0) {
    const names = [inside(best.name), ...open];
    return `${capital(`${head}no difference could be shown between ${listed(names)}`)}.`;
  }
  const figure = formatMetric(middle(best), best.result.metric);
  const first = `${head}${inside(best.name)} ${time ? 'takes the least' : 'gives the most'}, ${figure}`;
  const last = shown.at(-1);
  const rest =
    shown.length <= FEW || !last
      ? shown.map((one) => worse(one, time))
      : [`of ${String(shown.length)} others the worst, ${worse(last, time)}`];
  const same = open.length === 0 ? [] : [`no difference to it could be shown for ${listed(open)}`];
  return `${capital([first, ...rest, ...same].join('; '))}.`;
}

/** Null for fewer than two results, or where none can be held against another. */
export function severalSentence(results: readonly Result[]): string | null {
  if (results.length < 2) return null;
  const kinds = new Map<string, Result[]>();
  for (const result of results) {
    const key = `${result.benchmark} ${result.metric}`;
    kinds.set(key, [...(kinds.get(key) ?? []), result]);
  }
  const sentences = [...kinds.values()].map((own) => {
    const [first] = own;
    const labels = resultNames(own);
    const named = own.map((result, at): Named => ({ name: labels[at] ?? '', result }));
    const title = kinds.size > 1 && first ? (figureOf(first.benchmark)?.title ?? null) : null;
    const answer = ranked(named, title);
    if (answer !== null || first?.median == null) return answer;
    return `${capital(`${title === null ? '' : `${title}: `}${formatMetric(first.median, first.metric)}`)}.`;
  });
  const found = sentences.filter((one) => one !== null);
  return found.length === 0 ? null : found.join(' ');
}
