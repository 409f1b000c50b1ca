/** The answer in one sentence, and what held while it was measured. Nothing is claimed that the data do not carry. */

import { formatCpuList, parseCpuList } from './cpulist.ts';
import { formatBytes, formatCpus, formatFigure, formatMetric, formatPercent, plural } from './format.ts';
import { crossing, isSpscCase } from './plan.ts';
import { isUnavailable } from './run.ts';
import type { Comparison, Environment, Result, Verdict } from './run.ts';
import type { Topology } from './topology.ts';

/** Below this relative change two figures are called equal in words, however narrow the interval: nobody acts on it. */
const NEGLIGIBLE = 0.02;

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function compared(topology: Topology, one: Result, two: Result, comparison: Comparison): Omit<Verdict, 'question'> {
  const { change } = comparison;
  const better = one.metric === 'ns' ? change < 0 : change > 0;
  const [a, b] = [one.placement, two.placement];
  const pinning = isSpscCase(a) && isSpscCase(b) && a.pin && !b.pin;
  const samePair = isSpscCase(a) && isSpscCase(b) && a.producer === b.producer && a.consumer === b.consumer;
  const even = Math.abs(change) < NEGLIGIBLE;
  const tone = even ? 'even' : better ? 'gain' : 'loss';
  const much = one.metric === 'ns' ? `takes ${formatFigure(1 + change)} × as long` : `keeps ${formatPercent(1 + change)} of its rate`;
  if (even) return { tone, sentence: `${pinning ? 'No. ' : samePair ? 'No. ' : 'Yes. '}The two differ by less than 2 %.` };
  if (pinning) {
    const word = better ? 'faster' : 'slower';
    return { tone, sentence: `${better ? 'Yes' : 'No'}. Pinned it is ${formatPercent(Math.abs(change))} ${word}.` };
  }
  if (samePair) return { tone, sentence: `Yes. It ${much.replace('its rate', 'the baseline’s rate')}.` };
  const where = isSpscCase(a) ? capital(crossing(topology, a)) : 'There';
  return { tone, sentence: `${better ? 'Yes' : 'No'}. ${where} it ${much}.` };
}

function answer(topology: Topology, results: readonly Result[], comparison: Comparison | null): Omit<Verdict, 'question'> {
  const [one, two] = results;
  if (!one || one.median === null) return { tone: 'neutral', sentence: 'Nothing was measured.' };
  const slipped = results.find((result) => !result.valid);
  if (slipped) return { tone: 'neutral', sentence: `No answer: ${slipped.why ?? 'the placement slipped'}.` };
  if (!comparison) {
    if (two && results.length === 2 && two.metric === one.metric) {
      return { tone: 'neutral', sentence: 'Too few rounds for an answer: take at least three.' };
    }
    const noisy = one.noisy ? ', but the figure is noisy' : '';
    const more = results.length > 1 ? ` and ${plural(results.length - 1, 'more figure')}` : '';
    return { tone: 'neutral', sentence: `${formatMetric(one.median, one.metric)}${more}${noisy}.` };
  }
  if (!comparison.shown) return { tone: 'even', sentence: 'Not shown: the interval spans zero.' };
  return two ? compared(topology, one, two, comparison) : { tone: 'neutral', sentence: 'Nothing to compare with.' };
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

export interface Held {
  readonly kind: 'ok' | 'warn';
  readonly text: string;
}

function heldPlaces(result: Result): Held[] {
  const { cpus, nodes, pageBytes, migrations } = result.seen;
  const lines: Held[] = [];
  const all = formatCpuList(Object.values(cpus).flatMap((list) => parseCpuList(list)));
  if (all !== '') {
    const pinned = !('pin' in result.placement) || result.placement.pin;
    lines.push({ kind: result.valid ? 'ok' : 'warn', text: `Threads seen on ${formatCpus(all)}${pinned && result.valid ? ' only' : ''}` });
  }
  if (migrations !== null && migrations > 0) lines.push({ kind: 'warn', text: `Threads moved ${plural(migrations, 'time')}` });
  const total = Object.values(nodes).reduce((sum, pages) => sum + pages, 0);
  for (const [node, pages] of Object.entries(nodes)) {
    const size = pageBytes === null ? '' : `, ${formatBytes(pageBytes)} each`;
    lines.push({ kind: 'ok', text: `Memory on node ${node}: ${pages} of ${plural(total, 'page')}${size}` });
  }
  return lines;
}

function heldAround(environment: Environment): Held[] {
  const { governor, numaBalancing, loadBefore } = environment;
  const lines: Held[] = [];
  if (numaBalancing === 1) lines.push({ kind: 'warn', text: 'numa_balancing was on: remote can look local' });
  if (typeof governor === 'string') {
    const kind = governor === 'performance' ? 'ok' : 'warn';
    lines.push({ kind, text: `Governor ${governor}${kind === 'ok' ? '' : ': the clock may have moved'}` });
  }
  if (typeof loadBefore === 'number' && loadBefore >= 1) {
    lines.push({ kind: 'warn', text: `Load before the run was ${formatFigure(loadBefore)}: others were at work` });
  }
  return lines;
}

/** The lines of "Held while measuring". */
export function held(result: Result, environment: Environment): Held[] {
  const lines = heldPlaces(result);
  if (!result.valid) lines.unshift({ kind: 'warn', text: `Not valid: ${result.why ?? 'the placement slipped'}` });
  if (result.noisy && result.spread !== null) {
    lines.push({ kind: 'warn', text: `Spread ${formatPercent(result.spread)} of the median: take more rounds` });
  }
  const lost = Object.entries(result.counters).filter(([, value]) => isUnavailable(value));
  const [first] = lost;
  if (first && isUnavailable(first[1])) {
    const names = lost.map(([name]) => name).join(', ');
    lines.push({ kind: 'warn', text: `${names}: unavailable, ${first[1].unavailable}` });
  }
  return [...lines, ...heldAround(environment)];
}
