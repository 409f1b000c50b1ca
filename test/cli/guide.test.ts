// `bench spsc --guide` on this machine with the real agent: what it says beforehand, what it answers, what it keeps when it is cut.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { guideFindings } from '../../src/model/bench/guide/findings/findings.ts';
import { parseRun } from '../../src/protocol/run.ts';
import { descendantsOf } from '../support/process-table.mjs';
import { cpuSeconds } from '../support/cpu-time.ts';
import { removeFolder, temporaryFolder, waitFor } from '../support/processes.ts';
import { cli, start } from './cli.ts';

const GUIDE = ['bench', 'spsc', '--guide'];

test('a guided run: its length beforehand, a normal run with sentences, what cannot be answered here', async () => {
  const answer = await cli([...GUIDE, '--budget', '3s', '--format', 'json']);
  assert.equal(answer.code, 0, answer.stderr);
  assert.match(answer.stderr, /\d+ cases in \d+ rounds, about \d+(\.\d)? s/);
  const run = parseRun(answer.stdout);
  assert.equal(run.partial, null);
  assert.equal(run.guide?.budgetMs, 3000);
  assert.equal(run.verdict?.question, 'What does crossing sockets cost?');
  assert.match(run.repeat, /^numa-pinboard bench spsc --guide --budget 3000ms$/);
  assert.ok(run.results.some(({ benchmark }) => benchmark === 'spsc-latency'));
  for (const { repetitions } of run.results) assert.ok(repetitions.length >= 1);
  const rounds = run.results.map(({ repetitions }) => repetitions.length);
  // On a slow machine the least telling cases are given up for the others.
  assert.ok(Math.max(...rounds) - (rounds[0] ?? 0) <= 1, 'the first case is measured to the end');
  const nodes = run.topology.nodes.filter(({ cpus }) => cpus !== '').length;
  const alone = guideFindings(run.topology, run.results).find(({ id }) => id === 'one-node');
  assert.equal(alone !== undefined, nodes <= 1 && run.topology.packages.length <= 1);
});

test('in words: sentences, where to ask what cannot be answered here, and what to paste', async () => {
  const answer = await cli([...GUIDE, '--budget', '3s']);
  assert.equal(answer.code, 0, answer.stderr);
  assert.match(answer.stdout, /^What does crossing sockets cost\?$/m);
  if (answer.stdout.includes('one NUMA node')) assert.match(answer.stdout, /npm run lab -- 4s/);
  assert.match(answer.stdout, /^taskset --cpu-list \S+ \.\/your-program$/m);
  assert.match(answer.stdout, /^NUMAMask=\d+$/m);
  assert.match(answer.stdout, /Kubernetes does not accept CPU numbers/);
});

test('--recommend writes down what bench spsc placed', async () => {
  const short = ['--duration', '100ms', '--repeat', '3'];
  const answer = await cli([
    'bench',
    'spsc',
    '--producer',
    '0',
    '--consumer',
    '1',
    '--memory',
    '0',
    '--recommend',
    ...short,
  ]);
  assert.equal(answer.code, 0, answer.stderr);
  assert.match(answer.stdout, /^numactl --physcpubind=0-1 --membind=0 /m);
});

test('what does not go together, and a queue without ends: exit 2 with what to give', async () => {
  const both = await cli([...GUIDE, '--producer', '0']);
  assert.equal(both.code, 2);
  assert.match(both.stderr, /--guide/);
  const none = await cli(['bench', 'spsc', '--producer', '0']);
  assert.equal(none.code, 2);
  assert.match(none.stderr, /--guide to have them chosen/);
  const hasty = await cli([...GUIDE, '--budget', '10ms']);
  assert.equal(hasty.code, 2);
  assert.match(hasty.stderr, /at least 1s/);
});

test('an interrupt keeps what was measured, its sentences say what is missing, and it opens again', async () => {
  const running = await start([...GUIDE, '--budget', '10m', '--format', 'json']);
  // Throughput and round trips are an agent each: once the second works, the first has measured.
  const worked = new Set<number>();
  const twoAgents = (): boolean => {
    for (const pid of descendantsOf(running.pid)) if (cpuSeconds(pid) > 0.15) worked.add(pid);
    return worked.size > 1;
  };
  await waitFor(twoAgents, { what: 'two agents to have measured', timeoutMs: 240_000 });
  process.kill(running.pid, 'SIGINT');
  const answer = await running.answer;
  assert.equal(answer.code, 5, answer.stderr);
  const run = parseRun(answer.stdout);
  assert.ok(run.partial !== null);
  const folder = temporaryFolder('guide');
  try {
    const file = join(folder, 'cut.numa.json');
    writeFileSync(file, answer.stdout);
    const report = await cli(['report', file, '--to', join(folder, 'out')]);
    assert.equal(report.code, 0, report.stderr);
  } finally {
    removeFolder(folder);
  }
});
