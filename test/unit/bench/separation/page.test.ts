// Two pools on a run's page: the table that decides as the decision has it, a table a measure, and every case told once, not once a measure.
import assert from 'node:assert/strict';
import test from 'node:test';
import { decide } from '../../../../src/model/bench/separation/decision.ts';
import { SIGN_HEAD } from '../../../../src/model/bench/separation/sign-words.ts';
import { MEASURES } from '../../../../src/model/bench/separation/measures.ts';
import { reportMarkdown } from '../../../../src/model/report/markdown.ts';
import { chartSvg } from '../../../../src/model/svg/chart.ts';
import { buildRun } from '../../../../src/model/verdict/build-run.ts';
import type { Run } from '../../../../src/model/run/run.ts';
import { emulated, twoSockets } from '../../topologies.ts';
import { measuredLayouts } from './measured.ts';

const CASES = 6 * 5;

function runOfLayouts(topology = twoSockets()): Run {
  const results = measuredLayouts(topology, {
    rate: (one, round) => (one.layout === 'separated' ? 1200 : 1000) + round,
    p99: ({ scenario }) => (scenario === '200%' ? 9e5 : 2e5),
  });
  return buildRun({
    ...{
      time: new Date('2026-01-02T03:04:05Z'),
      seconds: 60,
      random: 'abc123',
      repeat: 'numa-pinboard bench separation',
    },
    ...{ host: { name: 'paper', transport: 'ssh' }, topology, environment: {}, question: 'Apart?', partial: null },
    results: results.map((one) => ({ ...one, emulated: topology.machine.emulated })),
  });
}

const section = (page: string, heading: string): string[] =>
  page.split(`## ${heading}\n`)[1]?.split('\n## ')[0]?.split('\n') ?? [];
const rowsOf = (lines: readonly string[]): string[] => lines.filter((line) => /^\| (?!---)/.test(line));

test('the decision is a table with a row a sign: value, interval, thresholds and what each says, as decided', () => {
  const run = runOfLayouts();
  const page = reportMarkdown(run, []);
  const [head, ...rows] = rowsOf(section(page, 'The decision'));
  assert.equal(head, `| ${SIGN_HEAD.join(' | ')} |`);
  const { rows: decided, sentence } = decide(run.results);
  assert.ok(page.includes(sentence.slice(0, 15)));
  assert.equal(rows.length, decided.length);
  for (const [at, { title, says, why }] of decided.entries()) {
    assert.ok(rows[at]?.startsWith(`| ${title} | **`), rows[at]);
    assert.ok(rows[at]?.endsWith(says === null ? `| ${why ?? ''} |` : `| **${says}** |`), rows[at]);
  }
  assert.match(rows.join('\n'), /\| p99 at 200 % ÷ at 60 % \| \*\*4\.5 ×\*\* \| 4\.5 × … 4\.5 × \| 3 × \|/);
});

test('what is said against separating has a row an argument, each figure marked where the host is emulated', () => {
  const rows = rowsOf(
    section(
      reportMarkdown(runOfLayouts(emulated(twoSockets())), []),
      'Said against separating, held against mixed pools (emulated)',
    ),
  );
  assert.equal(rows.length, 8);
  assert.match(
    rows.join('\n'),
    /\| Less parallelism, 100 % load \| \*\*\\\+20 %\*\* \(emulated\) \| .* \| Does not hold: separated, more requests are served than mixed\. \|/,
  );
});

test('layouts are a table a measure; figures, placements and the chart have every case once', () => {
  const run = runOfLayouts(emulated(twoSockets()));
  const page = reportMarkdown(run, []);
  assert.match(page, /## The decision \(emulated\)/);
  const layouts = rowsOf(section(page, 'Layouts (emulated)'));
  const titles = layouts.filter((line) => line.startsWith('| **'));
  const measured = MEASURES.filter(({ benchmark }) =>
    run.results.some((one) => one.benchmark === benchmark && one.median !== null),
  );
  assert.ok(measured.length > 5);
  assert.deepEqual(
    titles.map((line) => /\*\*(.*?)\*\*/.exec(line)?.[1]?.replace(/, (?:[k ]*jobs\/s|ns|µs|ms)$/, '')),
    measured.map(({ title }) => title),
  );
  assert.equal(rowsOf(section(page, 'Figures')).length, 1 + CASES);
  assert.equal(rowsOf(section(page, 'Placement')).length, 1 + CASES);
  const labels = (chartSvg(run) ?? '').match(/<title>mixed, 100 % load<\/title>/g) ?? [];
  assert.equal(labels.length, 2, 'once among the rates, once among the percentiles');
});
