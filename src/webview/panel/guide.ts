/** Owns what the panel shows of a guided run: its sentences by topic, and every case behind them. */

import type { RunSummary } from '../../model/run/run.ts';
import { formatMetric } from '../../model/text/format.ts';
import { guideFindings, TOGETHER_WORDS } from '../../model/bench/guide/findings/findings.ts';
import { byHeading, FINDING_KINDS } from '../../model/run/finding.ts';
import type { Finding } from '../../model/run/finding.ts';
import { resultLabels } from '../../model/verdict/text.ts';
import { el } from '../ui/dom.ts';
import type { Child } from '../ui/dom.ts';
import type { State } from '../state/store.ts';
import { note, section, table } from './elements.ts';

function sentence({ id, kind, sentence: words, advice }: Finding<unknown>): HTMLElement {
  const { tone } = FINDING_KINDS[kind];
  const line = note(tone, words, advice !== null && el(kind === 'shown' ? 'b.advice' : 'div.dim', {}, advice));
  line.dataset['finding'] = id;
  line.dataset['kind'] = kind;
  return line;
}

function cases(run: RunSummary): HTMLElement {
  const labels = resultLabels(run.results);
  const rows = run.results.map(({ median, interval, metric }, at): Child[] => [
    labels[at] ?? '',
    median === null
      ? 'not measured'
      : [
          el('b.strong', {}, formatMetric(median, metric)),
          interval &&
            el('div.dim.sm', {}, `${formatMetric(interval[0], metric)} \u2026 ${formatMetric(interval[1], metric)}`),
        ],
  ]);
  const columns = [{ name: 'case' }, { name: 'median, 95 %', num: true }];
  return el(
    'details.in',
    { 'data-key': 'guide-cases' },
    el('summary', { 'data-action': 'guide-cases' }, `Every case (${run.results.length})`),
    el('div.wide', {}, table('Cases of the guided run', columns, rows)),
  );
}

/** Nothing for a run that is not guided. */
export function found(state: State, run: RunSummary): HTMLElement[] {
  const topology = state.board?.topology;
  if (!run.guide || !topology) return [];
  const findings = guideFindings(topology, run.results);
  const { leftOut } = run.guide;
  return [
    ...[...byHeading(findings)].map(([heading, own]) => section(heading, own.map(sentence))),
    section(
      null,
      el(
        'div.in.dim.sm',
        {},
        findings.some(({ evidence }) => evidence.length > 0) && el('div', {}, TOGETHER_WORDS),
        leftOut.length > 0 && el('div', {}, `Left out to keep the time: ${leftOut.join(' \u00b7 ')}.`),
      ),
      cases(run),
    ),
  ];
}
