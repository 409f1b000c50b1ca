// `watch` for people: a table on a real terminal with the keys of top, which is left as it was; CSV and blocks elsewhere; recordings.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { readRecordingFile } from '../../src/remote/recording/reader.ts';
import { descendantsOf, processName } from '../support/process-table.mjs';
import { removeFolder, startProcess, temporaryFolder, waitFor } from '../support/processes.ts';
import { openTerminal } from '../support/terminal.ts';
import type { Terminal } from '../support/terminal.ts';
import { CLI, cli } from './cli.ts';

const folder = temporaryFolder('watch');
after(() => removeFolder(folder));
const PATIENT = { timeoutMs: 120_000 };

const watching = (
  words: readonly string[] = [],
  columns = 100,
  rows = 30,
  env: NodeJS.ProcessEnv = {},
): Promise<Terminal> =>
  openTerminal([process.execPath, CLI, 'watch', '--interval', '200ms', ...words], { columns, rows }, env);

/** The terminal is as before: line editing, echo, cursor, wrapping, and the screen that stood there. */
function assertRestored({ settings, sent }: { settings: string; sent: string }): void {
  assert.match(settings, /(?<!-)\bicanon\b/);
  assert.match(settings, /(?<!-)\becho\b/);
  for (const [back, gone] of [
    ['?1049l', '?1049h'],
    ['?25h', '?25l'],
    ['?7h', '?7l'],
  ] as const)
    assert.ok(sent.lastIndexOf(`\x1b[${back}`) > sent.lastIndexOf(`\x1b[${gone}`), back);
}

test('a terminal gets a table with the keys of top; a small one gets what fits', async () => {
  const hostile = await startProcess(process.execPath, [
    '-e',
    'process.title = "a\\u001b[31mred"; setInterval(() => {}, 1000)',
  ]);
  const terminal = await watching();
  try {
    await terminal.shows(/^NODE +CPUS BUSY/m);
    await terminal.shows(/^ +PID +NAME +CPU▼ +MEMORY/m);
    terminal.press('M');
    await terminal.shows(/CPU +MEMORY▼/);
    terminal.press('1');
    await terminal.shows(/^node 0 +P#0/m);
    terminal.press('1p');
    await terminal.shows(/^PAUSED/);
    terminal.press('p');
    await waitFor(() => !terminal.lines().join('').includes('PAUSED'), { ...PATIENT, what: 'it goes on' });
    terminal.press('d');
    await terminal.shows(/Interval \(such as/);
    terminal.press('1ms\r');
    await terminal.shows(/must be at least 10 ms/);
    terminal.press('300ms\r');
    await terminal.shows('every 300 ms');
    terminal.press('?');
    await terminal.shows('sort processes by memory');
    terminal.press('x');
    await terminal.shows(/^NODE/m);
    terminal.press('D');
    await terminal.shows(/^(?:NUMA is not your problem|Nothing was found|\d+ findings?\b)/m);
    terminal.press('D');
    await waitFor(() => !/^(?:NUMA is|Nothing was|\d+ finding)/m.test(terminal.lines().join('\n')), {
      ...PATIENT,
      what: 'what it found is put away',
    });
    terminal.resize(60, 12);
    await waitFor(() => terminal.lines().length === 12, { ...PATIENT, what: 'twelve lines' });
    await terminal.shows(/^NODE +CPUS BUSY/m);
    for (const line of terminal.lines()) assert.ok(line.trimEnd().length <= 60, line);
    terminal.resize(20, 4);
    await waitFor(() => terminal.lines().length === 4, { ...PATIENT, what: 'four lines' });
    terminal.press('q');
    const ended = await terminal.end();
    assert.equal(ended.code, 0);
    assertRestored(ended);
    assert.ok(!ended.sent.includes('\x1b[31mred'), 'no name reaches the terminal as it is');
  } finally {
    await terminal.process.stop();
    await hostile.stop();
  }
});

test('colour is never the only sign, and NO_COLOR leaves it out', async () => {
  const coloured = await watching(['--count', '1']);
  await coloured.end();
  const plain = await watching(['--count', '1'], 100, 30, { NO_COLOR: '1' });
  const { sent } = await plain.end();
  assert.doesNotMatch(sent, /\x1b\[(?:\d;)*3\dm/);
  assert.match(sent, /\x1b\[1m/);
});

const programOf = (terminal: Terminal): number =>
  descendantsOf(terminal.process.pid).find((pid) => !/^(?:script|sh|bash|dash)$/.test(processName(pid))) ?? 0;

for (const [what, how] of [
  ['Ctrl+C', (terminal: Terminal) => terminal.press('\x03')],
  ['SIGTERM', (terminal: Terminal) => void process.kill(programOf(terminal), 'SIGTERM')],
] as const)
  test(`the terminal is as it was after ${what}`, async () => {
    const terminal = await watching();
    try {
      await terminal.shows(/^NODE/m);
      how(terminal);
      const ended = await terminal.end();
      assert.equal(ended.code, 0);
      assertRestored(ended);
    } finally {
      await terminal.process.stop();
    }
  });

test('where nobody sits: JSON lines unless asked, a block a sample, or CSV with a row a node', async () => {
  const json = await cli(['watch', '--interval', '100ms', '--count', '1']);
  assert.equal((JSON.parse(json.stdout) as { schema: string }).schema, 'numa-pinboard/sample/1');
  const block = await cli([
    'watch',
    '--interval',
    '100ms',
    '--count',
    '2',
    '--format',
    'table',
    '--pid',
    String(process.pid),
  ]);
  assert.equal(block.code, 0, block.stderr);
  assert.equal(block.stdout.match(/^NODE +CPUS BUSY/gm)?.length, 2);
  assert.match(block.stdout, new RegExp(`^ *${process.pid} `, 'm'));
  assert.doesNotMatch(block.stdout, /\x1b/);
  const nobody = ['--cgroup', '/no/such/group'];
  const csv = await cli(['watch', '--interval', '100ms', '--count', '2', '--format', 'csv', ...nobody]);
  assert.equal(csv.stderr.match(/Nothing that runs was selected/g)?.length, 1, csv.stderr);
  const [head = '', ...rows] = csv.stdout.trimEnd().split('\n');
  assert.match(head, /^time,interval_ms,node,busy,/);
  assert.ok(rows.length >= 2);
  for (const row of rows) assert.equal(row.split(',').length, head.split(',').length);
});

test('--record writes what opens again, and a connection that is lost is said in it', async () => {
  const path = join(folder, 'here.numarec');
  const answer = await cli(['watch', '--interval', '100ms', '--count', '5', '--format', 'csv', '--record', path]);
  assert.equal(answer.code, 0, answer.stderr);
  assert.match(answer.stderr, /^Recorded 5 samples in \S+here\.numarec \(/m);
  const { samples, cutOff } = await readRecordingFile(path);
  assert.deepEqual([samples.length, cutOff], [5, null]);
  const tree = await cli(['topology', '--from', path]);
  assert.match(tree.stdout, /^Machine /);
  const again = await cli(['watch', '--count', '1', '--record', path]);
  assert.equal(again.code, 4);
  assert.match(again.stderr, /exists already\./);
  const nowhere = await cli(['watch', '--count', '1', '--record', join(folder, 'no/such/x.numarec')]);
  assert.match(nowhere.stderr, /cannot be written: there is no such folder/);
  assert.equal(existsSync(join(folder, 'no')), false);
});
