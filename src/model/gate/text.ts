/** Comparisons and checks for the terminal. */

import { clean } from '../text/clean.ts';
import { formatBound, formatChange, formatFigure, formatMetric } from '../text/format.ts';
import { isTold } from './between.ts';
import type { Between, CaseChange } from './between.ts';
import type { Checked, GateOutcome } from './check.ts';

/** A file's text may hold what a terminal would obey. Indentation is ours and stays. */
const safe = (lines: readonly string[]): string =>
  lines.map((line) => (/^ */.exec(line)?.[0] ?? '') + clean(line, 2000)).join('\n');

const VERDICT = {
  better: 'better',
  worse: 'worse',
  different: 'different; its unit does not tell whether that is better',
  'not shown': 'no difference could be shown',
} as const;

function caseLine(
  { name, metric, before, after, change, interval, verdict, marks }: CaseChange,
  width: number,
): string {
  const figures = `${formatMetric(before, metric)} → ${formatMetric(after, metric)}`;
  const bounds = interval ? `95 % ${interval.map(formatBound).join(' to ')}` : 'too few repetitions for an interval';
  const tail = marks.length === 0 ? '' : `  [${marks.join('; ')}]`;
  // Of a difference that was not shown, or by noisy figures, the interval is all that is known.
  const told = isTold({ verdict, marks });
  const figure = told ? `${formatChange(change)}  ` : '';
  const words = told || verdict === 'not shown' ? VERDICT[verdict] : 'too noisy for a verdict';
  return `  ${name.padEnd(width)}  ${figures}  ${figure}${bounds}: ${words}${tail}`;
}

export function betweenText({ before, after, cases, onlyBefore, onlyAfter, differences }: Between): string {
  const width = Math.max(0, ...cases.map(({ name }) => name.length));
  const listed = (title: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [title, ...names.map((name) => `  ${name}`)];
  return safe([
    `before: ${before.host}, ${before.time}`,
    `after:  ${after.host}, ${after.time}`,
    ...(cases.length === 0 ? ['The two runs have no case in common.'] : cases.map((one) => caseLine(one, width))),
    ...listed('Only before:', onlyBefore),
    ...listed('Only after:', onlyAfter),
    ...listed('Other differences, which may explain a change:', differences),
  ]);
}

const figure = (gate: GateOutcome['gate'], value: number): string =>
  gate === 'penalty'
    ? `${formatFigure(value)} ×`
    : `${formatBound(value)}${value === 0 ? '' : value > 0 ? ' worse' : ''}`;

function findingLine({ gate, name, outcome, value, interval, limit, why }: GateOutcome): string {
  const most = gate === 'penalty' ? `at most ${formatFigure(limit)} ×` : `at most ${formatBound(limit)} worse`;
  if (value === null) return `  ${outcome}: ${gate}, ${name}${why === null ? '' : `: ${why}`}`;
  const bounds = interval ? `, 95 % ${interval.map((end) => figure(gate, end)).join(' to ')}` : '';
  const reason = why === null ? '' : ` (${why})`;
  return `  ${outcome}: ${gate}, ${name}: ${figure(gate, value)}${bounds}; ${most}${reason}`;
}

/** What broke comes first. */
export function checkText({ run, host, ok, findings, partial, differences }: Checked): string {
  const order: readonly GateOutcome['outcome'][] = ['broke', 'not shown', 'held', 'skipped'];
  const sorted = [...findings].sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome));
  const broke = findings.filter(({ outcome }) => outcome === 'broke').length;
  const told = findings.filter(({ outcome }) => outcome !== 'skipped');
  const passed = told.every(({ outcome }) => outcome === 'held')
    ? 'held'
    : 'nothing broke, but not everything could be shown';
  const head = ok ? (told.length === 0 ? 'skipped' : passed) : `${String(broke)} broke`;
  return safe([
    `${host}, run ${run}: ${head}`,
    ...(partial === null ? [] : [`  cut short: ${partial}`]),
    ...sorted.map(findingLine),
    ...(differences.length === 0
      ? []
      : ['Other differences from the baseline:', ...differences.map((line) => `  ${line}`)]),
  ]);
}
