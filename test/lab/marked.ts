// A time that was measured where software plays the CPU says nothing about hardware: every figure from such a host says so, in JSON, on
// the terminal, on the page of a report and in its pictures.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../../src/model/run/run.ts';
import { runText } from '../../src/model/verdict/text.ts';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import { askHere } from './asking.ts';

/** @param more what else is to be true of the run's file. */
export async function assertEmulated(run: Run, more?: (file: string) => Promise<void>): Promise<void> {
  assert.equal(run.topology.machine.emulated, true);
  assert.ok(run.results.length > 0);
  for (const { emulated, benchmark } of run.results) assert.ok(emulated, benchmark);
  if (run.verdict) assert.match(run.verdict.sentence, /emulated/);
  const text = runText(run, []);
  const said = text.split('\n').filter((line) => /\d (M |k )?items\/s/.test(line));
  if (text.includes('items/s')) assert.ok(said.length >= run.results.length, text);
  for (const line of said) assert.match(line, /emulated/);

  const folder = temporaryFolder('emulated');
  try {
    const [file, report] = [join(folder, 'run.numa.json'), join(folder, 'report')];
    writeFileSync(file, JSON.stringify(run));
    const reported = await askHere(['report', file, '--to', report]);
    assert.equal(reported.code, 0, reported.stderr);
    assertMarked(report);
    await more?.(file);
  } finally {
    removeFolder(folder);
  }
}

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
