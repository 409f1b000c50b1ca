import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { codeBlock, markdownText } from '../../../src/model/report/escape.ts';
import { reportIndex, reportMarkdown } from '../../../src/model/report/markdown.ts';
import type { ReportFile } from '../../../src/model/report/markdown.ts';
import { runText } from '../../../src/model/verdict/text.ts';
import type { Run } from '../../../src/model/run/run.ts';
import { parseRun } from '../../../src/protocol/run.ts';
import { emulated, runOf, spscCase, twoSockets } from '../topologies.ts';

const FILES: readonly ReportFile[] = [
  { name: 'topology.svg', title: 'Topology of paper', picture: 'topology' },
  { name: 'figures.svg', title: 'Every repetition', picture: 'figures' },
  { name: 'run.numa.json', title: 'Raw <figures>' },
];
const FIGURES = [
  [21, 22, 21.5, 21.2, 21.8],
  [50, 52, 51, 50.5, 51.5],
];
const HOSTILE = '<script>alert(1)</script> | `x` [a](http://b) **c** @d &amp; ![e](f) \u202e www.g.h\n# i\n| j |';

const report = (run: Run): string => reportMarkdown(run, FILES);
/** The lines of the section under a heading. */
const section = (page: string, heading: string): string[] =>
  page
    .split(`## ${heading}\n`)[1]
    ?.split('\n## ')[0]
    ?.split('\n')
    .filter((line) => line !== '') ?? [];

test('what was not measured is no figure in any face, and the reason stands there', () => {
  const why = 'no round trip was completed in the measured time';
  const figures = [
    [1, 2, 3],
    [4, 5, 6],
  ];
  const nothing = runOf({ figures, more: { value: null, valid: false, why } });
  assert.equal(nothing.verdict?.sentence, `No answer: ${why}; 3 of 3 repetitions have no figure.`);
  assert.match(runText(nothing), /not measured: no round trip was completed/);
  assert.match(report(nothing), /not measured \(.*not valid: no round trip was completed/);
  assert.equal(nothing.comparison, null);
  const whole = runOf({ figures });
  const [one] = whole.results;
  assert.ok(one);
  const part = { ...whole, results: [{ ...one, repetitions: [1e6, null, 3e6], valid: false, why }] };
  assert.match(section(report(part), 'Figures')[2] ?? '', /\| 1 · none · 3 M items\/s \|$/);
  assert.deepEqual(parseRun(JSON.stringify(part)).results[0]?.repetitions, [1e6, null, 3e6]);
});

test('the page answers first, then shows figures, placement, place and the way to repeat it', () => {
  const page = report(
    runOf({
      figures: FIGURES,
      environment: { governor: 'performance', boost: { unavailable: 'no switch' }, agentSha256: 'abc' },
    }),
  );
  const lines = page.split('\n');
  assert.equal(lines[0], '# Does the queue hold its rate across sockets?');
  assert.equal(lines[2], '**No. Across sockets it keeps 42 % of its rate.**');
  assert.match(lines[4] ?? '', /^Change of the median over rounds: −58 %, 95 % interval −58 % to −57.7 %\.$/);
  assert.deepEqual(section(page, 'Figures').slice(0, 4), [
    '| run | median | 95 % interval of the median | every repetition |',
    '| --- | --- | --- | --- |',
    '| P\\#0 → P\\#4 | **21.5 M items/s** | 21 … 22 M items/s | 21 · 22 · 21.5 · 21.2 · 21.8 M items/s |',
    '| P\\#0 → P\\#1 | **51 M items/s** | 50 … 52 M items/s | 50 · 52 · 51 · 50.5 · 51.5 M items/s |',
  ]);
  assert.ok(section(page, 'Where').includes('| boost | unavailable: no switch |'));
  assert.match(
    section(page, 'Placement')[2] ?? '',
    /\| producer 0, .*padding 128.*producer on cpu 0.*16 pages on node 0/,
  );
  assert.match(section(page, 'How to repeat it')[1] ?? '', /^numa-pinboard bench spsc/);
  assert.match(
    section(page, 'How to repeat it')[3] ?? '',
    /agent sha256 abc; bootstrap of 2,000 resamples, seed \d+\./,
  );
  assert.ok(page.indexOf('![Topology of paper](topology.svg)') < page.indexOf('## Figures'));
  assert.ok(section(page, 'Figures').includes('![Every repetition](figures.svg)'));
  assert.deepEqual(section(page, 'Files'), [
    '- [topology.svg](topology.svg): Topology of paper.',
    '- [figures.svg](figures.svg): Every repetition.',
    String.raw`- [run.numa.json](run.numa.json): Raw &lt;figures&gt;.`,
  ]);
});

test('a run that was built opens again as the same run', () => {
  const run = runOf({ figures: FIGURES });
  assert.deepEqual(parseRun(JSON.stringify(run)), run);
});

test('counters say once why they are lacking, however many and of however many cases, polls how the ring ran', () => {
  const why = { unavailable: 'no PMU | none' };
  const counters = { cycles: why, instructions: why, 'node-loads': { unavailable: 'no right' }, migrations: 1234 };
  const page = report(runOf({ figures: FIGURES, more: { counters } }));
  const lines = section(page, 'Counters');
  const held = section(page, 'Held while measuring');
  assert.ok(held.includes('- **Note:** cycles, instructions: unavailable, no PMU \\| none'), page);
  assert.ok(held.includes('- **Note:** node-loads: unavailable, no right'));
  assert.equal(page.split('no PMU').length, 2);
  assert.equal(page.split('no right').length, 2);
  assert.ok(!lines.some((line) => line.startsWith('| cycles')));
  assert.ok(lines.includes('| migrations | 6,170 | 6,170 |'));
  assert.ok(lines.includes('| polls of an empty ring, per item | 0.1 | 0.1 |'));
});

test('on an emulated host every figure carries that word', () => {
  const page = report(runOf({ figures: FIGURES, topology: emulated(twoSockets()) }));
  for (const line of section(page, 'Figures').slice(2, 4)) {
    for (const cell of line.split(' | ').slice(1)) assert.match(cell, /\(emulated\)/);
  }
  assert.match(page.split('\n')[4] ?? '', /−58 % \(emulated\), 95 % interval .* \(emulated\)\./);
  assert.match(page, /> \*\*Emulated host\.\*\*/);
});

test('two cases of one pair are told apart', () => {
  const page = report(runOf({ figures: FIGURES, cases: [spscCase(0, 1, { padding: 0 }), spscCase(0, 1)] }));
  assert.match(page, /\| P\\#0 → P\\#1, padding 0 \|[^]*\| P\\#0 → P\\#1, padding 128 \|/);
});

test('what was cut short says so', () => {
  const page = report({ ...runOf({ figures: FIGURES }), partial: 'The connection was lost.' });
  assert.match(page, /> \*\*Cut short:\*\* The connection was lost\. What was measured before that is below\./);
});

test('no text of a host becomes markup, HTML, a link or another cell', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constant(HOSTILE)), (text) => {
      const safe = markdownText(text);
      // What is left without escapes and entities holds nothing that means anything.
      const rest = safe.replace(/\\[!-/:-@[-`{-~]/g, '').replace(/&(?:amp|lt|gt|#\d+);/g, '');
      assert.doesNotMatch(rest, /[<>|`*_[\]{}!#~$&@\\\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]|:\/\/|www\./u);
      assert.doesNotMatch(rest, /^[-=]/);
    }),
    { numRuns: 500 },
  );
});

test('a code block is ended by nothing in it', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('`', '```', '````', '~~~', 'x', '\n', ' '), { maxLength: 20 }), (parts) => {
      const lines = codeBlock(parts.join(''), 'sh').split('\n');
      const fence = /^`+/.exec(lines[0] ?? '')?.[0] ?? '';
      assert.equal(lines.at(-1), fence);
      for (const line of lines.slice(1, -1)) {
        assert.ok((/^ {0,3}(`+)\s*$/.exec(line)?.[1]?.length ?? 0) < fence.length);
      }
    }),
  );
});

function hostile(): Run {
  const run = runOf({
    figures: FIGURES,
    question: HOSTILE,
    environment: { [HOSTILE]: HOSTILE, lacking: { unavailable: HOSTILE } },
    more: { counters: { [HOSTILE]: { unavailable: HOSTILE } }, valid: false, why: HOSTILE },
  });
  return {
    ...run,
    host: { name: HOSTILE, transport: 'ssh' },
    tool: { ...run.tool, version: HOSTILE },
    repeat: `numa-pinboard ${HOSTILE}\n\`\`\``,
    partial: HOSTILE,
    results: run.results.map((result) => ({ ...result, metric: HOSTILE })),
    topology: {
      ...run.topology,
      machine: { ...run.topology.machine, name: HOSTILE, architecture: HOSTILE, hypervisor: HOSTILE },
    },
  };
}

test('a page of a wholly hostile file keeps its shape', () => {
  const page = report(hostile());
  const outside = (whole: string): string => whole.replace(/^(`{3,})[a-z]*\n[^]*?\n\1$/gm, '');
  const text = outside(page);
  assert.notEqual(text, page);
  assert.doesNotMatch(text, /<|>(?! \*\*)|javascript:|http:\/\//);
  assert.doesNotMatch(page, /\u202e/);
  const shape = (lines: readonly string[]): string[] =>
    lines.filter((line) => line.startsWith('#')).map((line) => line.split(' ')[0] ?? '');
  assert.deepEqual(
    shape(text.split('\n')).slice(1),
    shape(outside(report(runOf({ figures: FIGURES, more: { counters: { a: 1 } } }))).split('\n')).slice(1),
  );
  for (const line of text.split('\n').filter((one) => one.startsWith('|'))) {
    const cells = line.replace(/\\\|/g, '').split('|').length - 2;
    assert.ok([2, 3, 4].includes(cells), line);
  }
});

test('the terminal gets no character that it would obey', () => {
  const escape = '\u001b[31m\u202e\u0007';
  const run = { ...hostile(), repeat: escape, host: { name: escape, transport: 'ssh' as const } };
  assert.doesNotMatch(runText(run).replaceAll('\n', ''), /[\p{Cc}\u202e]/u);
  const plain = runText(runOf({ figures: FIGURES })).split('\n');
  assert.equal(plain[2], '  No. Across sockets it keeps 42 % of its rate.');
  assert.match(plain[3] ?? '', /P#0 → P#4 +21\.5 M items\/s {2}95 % 21 M items\/s … 22 M items\/s, 5 repetitions/);
});

test('several runs have one page that leads to theirs', () => {
  const lines = reportIndex([runOf({ figures: FIGURES }), hostile()], ['a/report.md', 'b/report.md']).split('\n');
  assert.match(lines[4] ?? '', /^\| \[Does the queue hold its rate across sockets\?\]\(a\/report\.md\) \| No\. Across/);
  assert.equal(lines.filter((line) => line.startsWith('|')).length, 4);
});

test('what stays on a node is held against what crosses, with a factor', () => {
  const [, , , row] = section(report(runOf({ figures: FIGURES })), 'Same node against across nodes');
  const [head] = section(report(runOf({ figures: FIGURES })), 'Same node against across nodes');
  assert.match(head ?? '', /within a node \| across nodes \| crossing costs/);
  assert.equal(row, 'For a rate, the factor is within ÷ across, for a time, across ÷ within, round by round.');
  assert.ok(report(runOf({ figures: FIGURES })).includes('**2.37 ×**'));
});
