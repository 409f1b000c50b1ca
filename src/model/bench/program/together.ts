/** What a program of the user's own printed, how long it took, what changed, where its pages lay: in a sentence and in lines. */

import { formatBytes, formatFigure, formatMetric, plural } from '../../text/format.ts';
import type { Result } from '../../run/run.ts';
import type { Together } from '../bench.ts';
import { changeWords, marksWords, markWords, stepSentences, steps } from './course.ts';

/** Where its pages lay over time: first, in the middle, last. */
function residentLines({ resident = [], placement }: Result): string[] {
  const looks = [...new Set([resident[0], resident[Math.floor(resident.length / 2)], resident.at(-1)])];
  const whose = placement.kind === 'program' && placement.name !== undefined ? ` of ${placement.name}` : '';
  return looks.flatMap((look) => {
    const nodes = Object.entries(look?.nodes ?? {}).map(([node, held]) => `${formatBytes(held)} on node ${node}`);
    return look ? [`  pages${whose} after ${formatFigure(look.seconds)} s: ${nodes.join(', ')}`] : [];
  });
}

/** What was done to it, and what changed. */
function courseLines({ course, emulated }: Result): string[] {
  return course ? stepSentences(course, emulated).map((words) => `  ${words}`) : [];
}

/** Figures of its own that stand in one sentence. */
const FEW = 3;

/** "812 queries/s (800 to 824)"; of a noisy one only between what it lies. */
function figureWords({ median, interval, noisy, metric }: Result): string {
  if (median === null) return `no ${metric}`;
  const range = interval?.map((end) => formatMetric(end, metric)).join(' to ');
  if (range === undefined) return formatMetric(median, metric);
  return noisy ? `${range} (noisy)` : `${formatMetric(median, metric)} (95 % ${range})`;
}

/** What was shown to change with what was done to it: then medians over all of it say nothing. Null where nothing was done. */
function changeSentence(results: readonly Result[]): string | null {
  const all = results.flatMap(({ course }) => (course ? steps(course) : []));
  if (all.length === 0) return null;
  const shown = all.flatMap((step) => {
    const own = step.changes.filter(({ weight }) => weight === 'shown');
    // The sentence as a whole is marked where it is emulated.
    const words = own.map((change) => `${change.metric} ${changeWords(change, false)}`);
    return own.length > 0 ? [`${marksWords(step.marks)}: ${words.join(', ')}.`] : [];
  });
  const rest = shown.length > FEW ? [`${plural(shown.length - FEW, 'more change')} below.`] : [];
  if (shown.length > 0) return [...shown.slice(0, FEW), ...rest].join(' ');
  const [first, ...others] = all.flatMap(({ marks }) => marks);
  if (first && others.length === 0) return `${markWords(first)}: no change could be shown.`;
  return `Of ${others.length + 1} moves none could be shown to change anything.`;
}

/** How long it ran, and what it printed or what changed. Null where the placement of one slipped, or one failed: then that is the answer. */
export function programTogether(results: readonly Result[]): Together | null {
  if (results.some(({ valid, benchmark }) => !valid || benchmark !== 'run')) return null;
  const sentences = results
    .filter(({ metric, median }) => metric === 's' && median !== null)
    .map(({ placement, median, stopped }) => {
      const who = placement.kind === 'program' && placement.name !== undefined ? placement.name : 'It';
      return `${who} ${stopped ? 'was stopped after' : 'took'} ${formatMetric(median ?? 0, 's')}.`;
    });
  const changed = changeSentence(results);
  if (changed !== null) return { sentence: [changed, ...sentences].join(' '), lines: null };
  const printed = results.filter(({ metric }) => metric !== 's').map(figureWords);
  const more = printed.length > FEW ? ` and ${plural(printed.length - FEW, 'more figure')}` : '';
  const words = printed.length === 0 ? [] : [`Printed: ${printed.slice(0, FEW).join(', ')}${more}.`];
  return sentences.length === 0 ? null : { sentence: [...sentences, ...words].join(' '), lines: null };
}

export const programLines = (result: Result): string[] => [...residentLines(result), ...courseLines(result)];
