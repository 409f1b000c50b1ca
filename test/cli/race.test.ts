// `race` with programs whose best placement is known by count, never by time: who wins, who is dropped, what a cut leaves.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parseRun } from '../../src/protocol/run.ts';
import { removeFolder, temporaryFolder, waitFor } from '../support/processes.ts';
import { cli, start } from './cli.ts';

let folder: string;
before(() => (folder = temporaryFolder('race')));
after(() => removeFolder(folder));

/** A rate by the CPUs that it was given: 2 with one of them, 1 with both; with the second alone it fails. */
const COUNTS = `cpus=$(sed -n 's/^Cpus_allowed_list:[[:blank:]]*//p' /proc/self/status)
case $cpus in 1) exit 3;; *-*|*,*) rate=1;; *) rate=2;; esac
echo "{\\"metric\\": \\"turns/s\\", \\"value\\": $rate}"`;

test('the placement with the best figure wins, one that fails is dropped by name, and report and check read the run', async () => {
  const words = [
    'race',
    '--budget',
    '5m',
    '--candidates',
    'unpinned',
    '--also',
    'second=1',
    '--also',
    'first=0',
    '--format',
    'json',
  ];
  // It lives until its threads were looked at.
  const answer = await cli([...words, '--', 'sh', '-c', `${COUNTS}; sleep 0.3`]);
  assert.equal(answer.code, 0, answer.stderr);
  assert.match(answer.stderr, /judged by turns\/s, more is better/);
  const run = parseRun(answer.stdout);
  assert.deepEqual(
    run.race?.candidates.map(({ name }) => name),
    ['unpinned', 'second', 'first'],
  );
  assert.equal(run.winner, 2);
  assert.match(
    run.verdict?.sentence ?? '',
    /^first beats unpinned: 2 turns\/s against 1 turns\/s \(\+100 % to \+100 %\)/,
  );
  assert.match(run.race.candidates[1]?.out ?? '', /status 3/);
  const [unpinned, second, first] = run.results;
  assert.deepEqual(second?.repetitions, [null]);
  // What held is seen from inside, not what was asked for.
  assert.deepEqual(new Set(Object.values(first?.seen.cpus ?? {})), new Set(['0']));
  const rounds = (run.race.final?.from ?? NaN) + 8;
  assert.equal(first?.repetitions.length, rounds);
  assert.equal(unpinned?.repetitions.length, rounds);

  const file = join(folder, 'race.numa.json');
  writeFileSync(file, answer.stdout);
  const report = await cli(['report', file, '--to', folder]);
  assert.equal(report.code, 0, report.stderr);
  const page = readFileSync(join(report.stdout.trim(), 'report.md'), 'utf8');
  assert.match(page, /## Candidates[^]*\*\*first\*\*: Your own placement\. \*winner\*/);
  assert.match(page, /taskset --cpu-list 0 sh -c/);
  const check = await cli(['check', file, '--baseline', file, '--max-regression', '5%']);
  assert.equal(check.code, 0, check.stdout);
  assert.match(check.stdout, /first/);
});

test('a server is started anew for each window, and judged by what it prints in it', async () => {
  const server = `${COUNTS}; while :; do echo "{\\"metric\\": \\"turns/s\\", \\"value\\": $rate}"; sleep 0.05; done`;
  const words = [
    'race',
    '--candidates',
    'unpinned',
    '--also',
    'first=0',
    '--window',
    '600ms',
    '--settle',
    '50ms',
    '--format',
    'json',
  ];
  const answer = await cli([...words, '--', 'sh', '-c', server]);
  assert.equal(answer.code, 0, answer.stderr);
  const run = parseRun(answer.stdout);
  assert.equal(run.winner, 1);
  assert.deepEqual(run.race?.window, { settleMs: 50, windowMs: 600 });
});

test('an interrupt keeps what was measured so far and ends with 5', async () => {
  const file = join(folder, 'turns');
  writeFileSync(file, '');
  const script = `echo turn >>'${file}'; sleep 0.1`;
  const running = await start([
    'race',
    '--candidates',
    'unpinned',
    '--also',
    'first=0',
    '--format',
    'json',
    '--',
    'sh',
    '-c',
    script,
  ]);
  // The first is no repetition; the fourth has begun when the third has ended.
  const turns = (): number => readFileSync(file, 'utf8').split('\n').length - 1;
  await waitFor(() => turns() >= 4, { what: 'four runs', timeoutMs: 120_000 });
  process.kill(running.pid, 'SIGINT');
  const answer = await running.answer;
  assert.equal(answer.code, 5, answer.stderr);
  const run = parseRun(answer.stdout);
  assert.ok(run.partial !== null);
  assert.equal(run.winner, null);
  assert.ok((run.results[0]?.repetitions.length ?? 0) >= 1);
});

test('what cannot be raced is refused with what to do', async () => {
  const unknown = await cli(['race', '--candidates', 'node:99', '--', 'true']);
  assert.equal(unknown.code, 2, unknown.stderr);
  assert.match(unknown.stderr, /no candidate "node:99"[^]*unpinned: No placement/);
  const recall = await cli([
    'race',
    '--candidates',
    'unpinned',
    '--also',
    'first=0',
    '--',
    'echo',
    '{"metric": "recall", "value": 1}',
  ]);
  assert.equal(recall.code, 2, recall.stderr);
  assert.match(recall.stderr, /--better more/);
  const failing = await cli(['race', '--candidates', 'unpinned', '--also', 'first=0', '--', 'sh', '-c', 'exit 3']);
  assert.equal(failing.code, 1, failing.stderr);
  assert.match(failing.stderr, /failed without any placement: .* status 3/);
  const long = await cli([
    'race',
    '--budget',
    '2s',
    '--candidates',
    'unpinned',
    '--also',
    'first=0',
    '--',
    'sleep',
    '60',
  ]);
  assert.equal(long.code, 2, long.stderr);
  assert.match(long.stderr, /--window/);
});
