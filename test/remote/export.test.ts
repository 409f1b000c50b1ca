// Runs on disk: whole or not there, also when the exporting process is killed; and files that are no runs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { before, describe, it } from 'node:test';
import { pair } from '../../src/model/run/compare.ts';
import { formatMetric } from '../../src/model/text/format.ts';
import type { Run } from '../../src/model/run/run.ts';
import { exportFolderName } from '../../src/model/run/folder-name.ts';
import { MEASURED_SPSC } from '../../src/model/bench/spsc/measured.ts';
import { measure } from '../../src/remote/bench/benchmark.ts';
import type { Exporter } from '../../src/remote/store/exporters.ts';
import { exportIndex, exportRun, writeAtomically } from '../../src/remote/store/export.ts';
import { readRunFile } from '../../src/remote/store/run-file.ts';
import { startProcess, temporaryFolder, waitFor } from '../support/processes.ts';
import { guidedRun } from '../unit/bench/guide/guided.ts';
import { twoSockets } from '../unit/topologies.ts';
import { hasCode, localHost, shortWork, spscCase, twoCpus } from './measuring.ts';

const FILES = ['report.md', 'topology.svg', 'figures.svg', 'run.numa.json'];
const UNFINISHED = '.numa-pinboard-export-';

const unfinishedIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.startsWith(UNFINISHED));

/** Every folder that can be seen is a whole page. */
async function assertWhole(folder: string): Promise<number> {
  const pages = readdirSync(folder).filter((name) => !name.startsWith('.'));
  for (const page of pages) {
    assert.deepEqual(readdirSync(join(folder, page)).sort(), [...FILES].sort());
    for (const name of FILES) assert.ok(readFileSync(join(folder, page, name), 'utf8').endsWith('\n'));
    await readRunFile(join(folder, page, 'run.numa.json'));
  }
  return pages.length;
}

describe('runs on disk', { timeout: 300_000 }, () => {
  const folder = temporaryFolder('export');
  let snapshot: Run;

  before(async () => {
    const host = localHost();
    const pair = await twoCpus(host);
    const cases = [spscCase(pair), spscCase(pair, { pin: false })];
    snapshot = await measure(host, { bench: MEASURED_SPSC, cases, ...shortWork });
    await host.close();
  });

  it('writes a page, and never over another one', async () => {
    const to = join(folder, 'not', 'there', 'yet');
    const name = exportFolderName(snapshot.time, snapshot.host.name);
    const first = await exportRun(snapshot, to);
    assert.equal(first.folder, join(to, name));
    assert.deepEqual([...first.files], FILES);
    const report = readFileSync(join(first.folder, 'report.md'), 'utf8');
    for (const file of FILES.slice(1)) assert.ok(report.includes(`](${file})`), file);
    assert.match(readFileSync(join(first.folder, 'topology.svg'), 'utf8'), /<svg[^>]* viewBox="/);
    assert.deepEqual(await readRunFile(join(first.folder, 'run.numa.json')), snapshot);
    writeFileSync(join(to, `${name}-2`), 'a file of somebody else');
    mkdirSync(join(to, `${name}-3`));
    assert.equal(basename((await exportRun(snapshot, to)).folder), `${name}-4`);
    const several = await Promise.all([1, 2, 3].map(() => exportRun(snapshot, to)));
    assert.deepEqual(several.map((one) => basename(one.folder)).sort(), [`${name}-5`, `${name}-6`, `${name}-7`]);
    assert.deepEqual(unfinishedIn(to), []);
    assert.equal(readdirSync(join(to, `${name}-3`)).length, 0);
  });

  it('writes, shows and lists what the table of exporters has for the run, and nothing else', async () => {
    const own: readonly Exporter[] = [
      { name: 'note.txt', title: ({ host }) => `A note on ${host.name}`, write: ({ id }) => `${id}\n` },
      { name: 'seen.svg', title: () => 'A picture', picture: 'figures', write: () => '<svg/>\n' },
      { name: 'lacking.txt', title: () => 'Nothing', write: () => null },
    ];
    const { folder: page, files } = await exportRun(snapshot, join(folder, 'own'), undefined, { exporters: own });
    assert.deepEqual([...files], ['report.md', 'note.txt', 'seen.svg']);
    assert.deepEqual(readdirSync(page).sort(), ['note.txt', 'report.md', 'seen.svg']);
    assert.equal(readFileSync(join(page, 'note.txt'), 'utf8'), `${snapshot.id}\n`);
    const report = readFileSync(join(page, 'report.md'), 'utf8');
    assert.ok(report.includes(`- [note.txt](note.txt): A note on ${snapshot.host.name}.`));
    assert.match(report, /!\[A picture\]\(seen\.svg\)/);
    assert.doesNotMatch(report, /lacking|topology\.svg|run\.numa/);
  });

  it('draws the pair that a guided run is about, not the one it began with', async () => {
    const made = guidedRun(twoSockets(), { figure: ({ label }) => (label.startsWith('across') ? 2e7 : 5e7) });
    assert.ok(made.comparison);
    const last = made.results.length - 1;
    const { of: first, against } = made.comparison;
    const comparison = { ...made.comparison, of: last - first, against: last - against };
    const guided = { ...made, results: [...made.results].reverse(), comparison };
    const { of } = pair(guided);
    assert.notEqual(of, guided.results[0]);
    assert.ok(of?.placement.kind === 'spsc');
    const { folder: page } = await exportRun(guided, join(folder, 'guided'));
    const svg = readFileSync(join(page, 'topology.svg'), 'utf8');
    assert.ok(
      svg.includes(formatMetric(of.median ?? NaN, of.metric)),
      'the figure beside the change is of the same result',
    );
    const name = await exportIndex([guided, guided], [page, page], join(folder, 'guided'));
    assert.equal(basename(name), 'runs.md');
    assert.equal(basename(await exportIndex([guided, guided], [page, page], join(folder, 'guided'))), 'runs-2.md');
  });

  it('says where it cannot write, and leaves nothing there', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await assert.rejects(exportRun(snapshot, join(file, 'below')), hasCode('unsupported'));
    await assert.rejects(exportRun(snapshot, file), hasCode('unsupported'));
    await assert.rejects(writeAtomically(join(file, 'x'), ''), hasCode('unsupported'));
    await assert.rejects(writeAtomically(join(folder, 'absent', 'x'), ''), hasCode('unsupported'));
  });

  it('replaces a file whole', async () => {
    const path = join(folder, 'replaced');
    await writeAtomically(path, 'one');
    await writeAtomically(path, 'two');
    assert.equal(readFileSync(path, 'utf8'), 'two');
    mkdirSync(join(folder, 'in-the-way'));
    await assert.rejects(writeAtomically(join(folder, 'in-the-way'), ''), hasCode('unsupported'));
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('leaves no half-written page when it is killed, and clears up later', async () => {
    const to = join(folder, 'killed');
    mkdirSync(to);
    // Large enough to be caught in the middle of it.
    const [result] = snapshot.results;
    assert.ok(result);
    const large = { ...snapshot, results: [{ ...result, repetitions: Array.from({ length: 50_000 }, (_, i) => i) }] };
    const run = join(folder, 'large.numa.json');
    writeFileSync(run, JSON.stringify(large));
    const module = (name: string): string =>
      JSON.stringify(new URL(`../../src/remote/store/${name}`, import.meta.url).href);
    const script = `
      import { exportRun } from ${module('export.ts')};
      import { readRunFile } from ${module('run-file.ts')};
      const snapshot = await readRunFile(${JSON.stringify(run)});
      for (;;) await exportRun(snapshot, ${JSON.stringify(to)});`;
    for (let kills = 0; unfinishedIn(to).length === 0; kills++) {
      assert.ok(kills < 50, 'it was never caught in the middle');
      const child = await startProcess(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
      await waitFor(() => unfinishedIn(to).length > 0 || !child.running(), { what: 'an export under way', everyMs: 1 });
      assert.ok(child.running(), child.output());
      process.kill(child.pid, 'SIGKILL');
      await child.ended;
      await assertWhole(to);
    }
    const [left = ''] = unfinishedIn(to);
    await exportRun(snapshot, to);
    assert.deepEqual(unfinishedIn(to), [left], 'what may still be under way is let be');
    const longAgo = Date.now() / 1000 - 3600;
    utimesSync(join(to, left), longAgo, longAgo);
    await exportRun(snapshot, to);
    assert.deepEqual(unfinishedIn(to), []);
    assert.ok((await assertWhole(to)) >= 2);
  });

  it('refuses in words what is no run', async () => {
    const text = JSON.stringify(snapshot);
    const files: Record<string, string | Buffer> = {
      'empty.numa.json': '',
      'cut.numa.json': text.slice(0, text.length / 2),
      'other.numa.json': '{"schema": "something/else/1"}',
      'list.numa.json': '[]',
      'newer.numa.json': text.replace('snapshot/1', 'snapshot/2'),
      'damaged.numa.json': text.replace('"median":', '"medium":'),
      'binary.numa.json': Buffer.from([0x1f, 0x8b, 0xff, 0xfe, 0x00]),
    };
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, name);
      writeFileSync(path, content);
      await assert.rejects(readRunFile(path), hasCode('bad-file'));
    }
    await assert.rejects(readRunFile(join(folder, 'newer.numa.json')), /newer NUMA Pinboard/);
    await assert.rejects(readRunFile(folder), hasCode('bad-file'));
    await assert.rejects(readRunFile(join(folder, 'absent')), /does not exist/);
    const huge = join(folder, 'huge.numa.json');
    writeFileSync(huge, '');
    truncateSync(huge, 2 ** 31);
    await assert.rejects(readRunFile(huge), /larger than a run can be/);
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await assert.rejects(readRunFile(pipe), /is not a file/);
    assert.ok(existsSync(pipe));
  });
});
