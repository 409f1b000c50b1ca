// Everything to be pasted survives the face that it is taken from: it is cut out of the finished page and out of the terminal's
// words, is what was put in, character by character, and is taken by what it is for.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import MarkdownIt from 'markdown-it';
import { withoutUnsafe } from '../../../src/model/text/clean.ts';
import { planHugePages } from '../../../src/model/hugepages/plan.ts';
import { readPools } from '../../../src/model/hugepages/pools.ts';
import { recommendHugePages } from '../../../src/model/recommend/hugepages/recommend.ts';
import { recommendFrom } from '../../../src/model/recommend/recommend.ts';
import { pasteBlock, recommendLines } from '../../../src/model/recommend/text.ts';
import { codeBlock } from '../../../src/model/report/escape.ts';
import { reportMarkdown } from '../../../src/model/report/markdown.ts';
import type { Run } from '../../../src/model/run/run.ts';
import { readTopology } from '../../../src/model/formats/sysfs/topology.ts';
import { runText } from '../../../src/model/verdict/text.ts';
import { parseRun } from '../../../src/protocol/run.ts';
import { EXPORTERS } from '../../../src/remote/store/exporters.ts';
import { checkShell, consume } from '../../support/consumers.ts';
import { needsLinux } from '../../support/linux.ts';
import { guidedRun } from '../bench/guide/guided.ts';
import { measuredNodes } from '../bench/nodes/measured.ts';
import { measuredPools } from '../bench/pool/measured.ts';
import { measuredLayouts } from '../bench/separation/measured.ts';
import { syntheticProbe } from '../machines.ts';
import { fourNodes, machine, runOf, twoSockets } from '../topologies.ts';

const FIXTURES = new URL('../../fixtures/runs/', import.meta.url);
/** What is pasted is given to shells and to tools of Linux hosts. */
const consumed = { skip: needsLinux };

/** A command whose words only stay what they are as long as nobody touches their blanks. */
const AWKWARD = ['awk', '  {a += $1}\tEND {print  "it\'s", a}', '--', 'x  y', '"', '$HOME `id`'];

function programRun(): Run {
  const whole = runOf({ figures: [[1], [2]] });
  const [result] = whole.results;
  assert.ok(result);
  const placement = {
    ...{ kind: 'program' as const, command: AWKWARD },
    pins: [{ name: 'awk', cpus: '0-3', node: 1 }],
  };
  return { ...whole, comparison: null, results: [{ ...result, benchmark: 'run', metric: 's', placement }] };
}

const layoutsRun = (rate: (layout: string) => number): Run => ({
  ...runOf({ figures: [[1], [2]] }),
  ...{ comparison: null, results: measuredLayouts(twoSockets(), { rate: ({ layout }) => rate(layout) }) },
});

const newest = (kernel: string): Run => {
  const run = measuredNodes(fourNodes());
  return { ...run, topology: { ...run.topology, machine: { ...run.topology.machine, kernel } } };
};

const RUNS: readonly (readonly [name: string, run: Run])[] = [
  ['a pair', runOf({ figures: [[1], [2]] })],
  ['a guided run', guidedRun(twoSockets(), { figure: ({ latency }) => (latency ? 300 : 5e7) })],
  ['a large machine', runOf({ topology: machine({ packages: 2, coresPerNode: 96 }), figures: [[1], [2]] })],
  ['a program', programRun()],
  ['two pools apart', layoutsRun((layout) => (layout === 'separated' ? 1200 : 1000))],
  ['two pools alike', layoutsRun(() => 1000)],
  ['worker pools', measuredPools(twoSockets(), { touches: ['worker', 'interleave'] })],
  ['nodes', newest('6.12.0')],
  ['nodes of an older kernel', newest('6.1.0')],
  ...readdirSync(FIXTURES).map((name) => [name, parseRun(readFileSync(new URL(name, FIXTURES), 'utf8'))] as const),
];

const blocksOf = (page: string): string[] =>
  new MarkdownIt('commonmark')
    .parse(page, {})
    .flatMap(({ type, content }) => (type === 'fence' ? [content.replace(/\n$/, '')] : []));

for (const [name, run] of RUNS) {
  const made = recommendFrom(run.topology, run);

  test(`${name}: every block of the page is what was put in, and is taken by what it is for`, consumed, () => {
    const blocks = blocksOf(reportMarkdown(run, []));
    assert.deepEqual(blocks, [...made.map(({ text }) => text), run.repeat]);
    for (const [at, { tool }] of made.entries()) consume(tool, blocks[at] ?? '');
    checkShell(run.repeat);
  });

  test(
    `${name}: what the terminal shows can be copied from there, from the edge on: the same that the page has`,
    consumed,
    () => {
      const lines = recommendLines(run);
      const shown = runText(run, lines);
      for (const { tool, title, text } of made) {
        const at = lines.indexOf(title);
        const from = lines.indexOf('', at);
        const copied = lines.slice(from + 1, from + 1 + text.split('\n').length).join('\n');
        assert.equal(copied, text);
        assert.ok(shown.includes(`\n\n${text}`), tool);
      }
      assert.ok(shown.includes(`To repeat it: ${run.repeat}`));
    },
  );

  test(`${name}: every file beside the page is taken by what it is for`, consumed, () => {
    for (const { name: file, write } of EXPORTERS) {
      const text = write(run);
      if (text === null) continue;
      if (file.endsWith('.sh')) checkShell(text);
      if (file.endsWith('.json')) assert.deepEqual(parseRun(text), JSON.parse(JSON.stringify(run)));
    }
  });
}

test('words of a command keep their blanks, for a shell and for YAML', consumed, () => {
  const [taskset, , , , , kubernetes] = recommendFrom(programRun().topology, programRun());
  assert.ok(taskset && kubernetes?.tool === 'kubernetes');
  assert.ok(taskset.text.includes("'  {a += $1}\tEND {print  \"it'\\''s\", a}'"), taskset.text);
  assert.ok(kubernetes.text.includes(JSON.stringify(AWKWARD)), kubernetes.text);
});

test('huge pages: from every face as they were made', consumed, () => {
  const files = syntheticProbe({ packages: 2, coresPerNode: 4, cpulessNodes: 1 });
  const state = readPools(files, readTopology(files, { name: 'paper' }));
  for (const sizeBytes of [2 ** 21, 2 ** 30]) {
    for (const made of recommendHugePages(state, planHugePages(state, { node: 1, sizeBytes, pages: 8 }))) {
      const [block = ''] = blocksOf(codeBlock(made.text));
      assert.equal(block, made.text);
      const lines = pasteBlock(made);
      const copied = lines.slice(-made.text.split('\n').length).join('\n');
      assert.equal(copied, made.text);
      consume(made.tool, copied);
    }
  }
});

test('here-documents, tabs and blank lines stay; what nobody can see goes', () => {
  const text = "cat <<-'END'\n\tone  two\n\n  \u202ethree\u200b\n\tEND\necho  done  ";
  assert.deepEqual(blocksOf(codeBlock(text, 'sh')), [withoutUnsafe(text)]);
  assert.doesNotMatch(codeBlock(text), /[\u202e\u200b]/);
});
