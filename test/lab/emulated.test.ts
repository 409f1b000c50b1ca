// A time that was measured where software plays the CPU says nothing about hardware: every figure from such a host says so,
// in JSON, on the terminal, on the page of a report and in its pictures.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Topology } from '../../src/model/topology/topology.ts';
import { cli } from '../cli/cli.ts';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import type { LabHost } from '../support/lab.ts';
import { ask, measure, users } from './asking.ts';
import { sharedLab } from './shared.ts';

const short = ['--repeat', '3', '--duration', '300ms'];
const memory = ['--cpu', '0', '--node', '0-1', '--size', '16M'];
const commands: readonly (readonly string[])[] = [
  ['bench', 'spsc', '--producer', '0', '--consumer', '4', '--against', 'consumer=1', ...short],
  ['bench', 'spsc', '--producer', '0', '--consumer', '4', '--latency', ...short],
  ['bench', 'spsc-alternate', '--cpu', '0', ...short],
  ['bench', 'memory', ...memory, '--repeat', '1', '--duration', '300ms'],
  ['run', '--', 'echo', '{"metric": "queries/s", "value": 812.5}'],
];

describe('figures of an emulated host', { timeout: 900_000 }, () => {
  const shared = sharedLab('4s');
  let lab: LabHost;
  const folder = temporaryFolder('emulated');
  before(async () => {
    lab = await shared.open();
  });
  after(async () => {
    await shared.leave();
    removeFolder(folder);
  });

  for (const user of users) {
    it(`${user}: the machine is called emulated`, async () => {
      const json = await ask(lab, user, ['topology', '--format', 'json']);
      assert.equal((JSON.parse(json.stdout) as Topology).machine.emulated, true);
    });
  }

  for (const [index, words] of commands.entries()) {
    const user = users[index % users.length] ?? 'bench';
    it(`${user}: ${words.slice(0, 2).join(' ')}${words.includes('--latency') ? ' --latency' : ''}`, async () => {
      const run = await measure(lab, user, words);
      assert.equal(run.topology.machine.emulated, true);
      assert.ok(run.results.length > 0);
      for (const { emulated, benchmark } of run.results) assert.ok(emulated, benchmark);
      if (run.verdict) assert.match(run.verdict.sentence, /emulated/);

      const file = join(folder, `${String(index)}.numa.json`);
      writeFileSync(file, JSON.stringify(run));
      const reported = await cli(['report', file, '--to', join(folder, `report-${String(index)}`)]);
      assert.equal(reported.code, 0, reported.stderr);
      assertMarked(join(folder, `report-${String(index)}`));
      if (index > 0) return;
      const tree = await cli(['topology', '--from', file]);
      assert.match(tree.stdout.split('\n')[0] ?? '', /EMULATED/);
      const svg = await cli(['topology', '--from', file, '--format', 'svg']);
      assert.match(svg.stdout, />emulated</);
    });
  }

  it('the terminal marks each line with a figure', async () => {
    const [words] = commands;
    const answer = await ask(lab, 'bench', words ?? []);
    assert.equal(answer.code, 0, answer.stderr);
    const figures = answer.stdout.split('\n').filter((line) => /\d (M |k )?items\/s/.test(line));
    assert.ok(figures.length >= 2, answer.stdout);
    for (const line of figures) assert.match(line, /emulated/);
  });
});

/** Of a report: each row of its tables that has a figure with a unit of its own, its heading, and its picture. */
function assertMarked(report: string): void {
  const files = readdirSync(report, { recursive: true }).map(String);
  const read = (name: string): string => readFileSync(join(report, name), 'utf8');
  const pages = files.filter((name) => name.endsWith('.md'));
  const pictures = files.filter((name) => name.endsWith('.svg'));
  assert.ok(pages.length > 0 && pictures.length > 0, files.join(' '));
  for (const name of pictures) assert.match(read(name), /[> ]emulated[<:]/, name);
  for (const name of pages) {
    const page = read(name);
    assert.match(page, /emulated/i);
    const lines = page.split('\n');
    const figures = lines.filter((line) =>
      /\d\s?(M |k |G)?(items\/s|ops\/s|queries\/s|GB\/s|MB\/s|ns|µs)\b/.test(line),
    );
    for (const line of figures) {
      if (/^(To repeat|```|numa-pinboard|\| (Distance|Rated))/.test(line) || line.startsWith('    ')) continue;
      assert.match(line, /emulated/, `${name}: ${line}`);
    }
  }
}
