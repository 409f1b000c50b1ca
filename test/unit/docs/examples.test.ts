// The recorded runs of docs/examples open, say what their page there says, and make the page that `report` writes.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { momentsOf } from '../../../src/model/report/recorded/moments.ts';
import { recordingPage } from '../../../src/model/report/recorded/page.ts';
import { markdownText } from '../../../src/model/report/escape.ts';
import { reportMarkdown } from '../../../src/model/report/markdown.ts';
import { runText } from '../../../src/model/verdict/text.ts';
import { topologySvg } from '../../../src/model/svg/topology-svg.ts';
import { parseRun } from '../../../src/protocol/run.ts';
import { readRecordingFile } from '../../../src/remote/recording/reader.ts';
import { EXPORTERS } from '../../../src/remote/store/exporters.ts';
import { fencesOf, linksOf, ROOT, textOf } from '../../support/markdown.ts';

const FOLDER = join(ROOT, 'docs/examples');
const names = readdirSync(FOLDER).toSorted();
const runs = names.filter((name) => name.endsWith('.numa.json'));
const recordings = names.filter((name) => name.endsWith('.numarec'));
const listed = textOf('docs/examples/README.md');

/** So that a clone stays small, and an editor opens them at once. */
const MOST_BYTES = 128 * 1024;

test('every file of docs/examples is listed there with its link, and is small', () => {
  for (const name of [...runs, ...recordings]) {
    assert.ok(listed.includes(`](${name})`), `docs/examples/README.md does not list ${name}`);
    assert.ok(statSync(join(FOLDER, name)).size <= MOST_BYTES, name);
  }
  assert.ok(runs.length > 7 && recordings.length > 0);
});

for (const name of runs) {
  test(`${name}: opens, and its page can be made again`, () => {
    const run = parseRun(readFileSync(join(FOLDER, name), 'utf8'));
    assert.ok(run.verdict, 'a run that answers nothing is no example');
    assert.equal(run.partial, null);
    assert.ok(run.results.every(({ valid }) => valid));
    const files = EXPORTERS.flatMap(({ name: file, title, picture, write }) => {
      const text = write(run);
      return text === null ? [] : [{ name: file, title: title(run), picture, text }];
    });
    const page = reportMarkdown(run, files);
    assert.match(page, /^# /);
    assert.ok(page.includes(markdownText(run.verdict.sentence)), 'the page says the verdict');
    assert.equal(
      /emulated/i.test(page),
      run.topology.machine.emulated,
      'the page says where times are emulated, and only there',
    );
    assert.ok(topologySvg(run.topology, {}).includes('<svg'));
    const again = files.find(({ name: file }) => file === 'run.numa.json');
    assert.deepEqual(parseRun(again?.text ?? ''), run);
  });
}

for (const name of recordings) {
  test(`${name}: opens, and its page can be made again`, async () => {
    const recording = await readRecordingFile(join(FOLDER, name));
    assert.ok(recording.samples.length > 1);
    const [report] = recordingPage(recording, momentsOf(recording, []));
    assert.match(report?.text ?? '', /^# /);
  });
}

test('what a guide quotes beside a link to a run is what the program says of it', () => {
  const guides = readdirSync(join(ROOT, 'docs/guides')).map((name) => `docs/guides/${name}`);
  const shown = guides.flatMap((guide) =>
    linksOf(guide).flatMap(({ target }) =>
      target.endsWith('.numa.json') ? [[guide, target.split('/').at(-1) ?? ''] as const] : [],
    ),
  );
  assert.ok(shown.length > 5);
  for (const [guide, name] of shown) {
    const said = runText(parseRun(readFileSync(join(FOLDER, name), 'utf8'))).split('\n');
    const quoted = fencesOf(guide).flatMap(({ text }) => text.split('\n'));
    // Up to where it was shortened.
    const begins = quoted.map((line) => line.split('…', 1).join('').trim()).filter((line) => line.length > 30);
    assert.ok(
      begins.filter((line) => said.some((whole) => whole.trim().startsWith(line))).length > 1,
      `${guide} quotes nothing of ${name}`,
    );
  }
});

test('the programs that guides run compile without a warning', () => {
  const programs = readdirSync(join(FOLDER, 'programs')).map((name) => join(FOLDER, 'programs', name));
  assert.equal(programs.length, 2);
  execFileSync('gcc', ['-Wall', '-Wextra', '-Werror', '-O2', '-fsyntax-only', ...programs], { stdio: 'pipe' });
});
