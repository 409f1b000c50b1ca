/** The agent's two guards: whichever of them, or the worker, is killed or stopped, nothing is left, and the words are true. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before, describe } from 'node:test';
import { descendantsOf, processName, signal } from '../support/process-table.mjs';
import { Agent, alive, haveAgent, linesOf, until } from './process.ts';

let work = '';
before(async () => {
  await haveAgent();
  work = mkdtempSync(join(tmpdir(), 'numa-guard-'));
});
after(() => {
  for (const end of ends) end();
  rmSync(work, { recursive: true, force: true });
});
/** Of tests that failed half-way. */
const ends: (() => void)[] = [];

/** Deaf to signals, with children that left session and parent, one of them by a double fork. */
const stubborn = `trap '' TERM HUP INT
  setsid sh -c 'trap "" TERM HUP INT; echo $$ >>"$0"; setsid sleep 1000 & echo $! >>"$0"; while :; do sleep 1; done' "$0" &
  (setsid sh -c 'sleep 1000 & echo $! >>"$0"; exec sleep 1000' "$0" & echo $! >>"$0")
  setsid env -i sleep 1000 >/dev/null 2>&1 & echo $! >>"$0"
  echo $$ >>"$0"
  while :; do sleep 1; done`;

interface Started {
  readonly agent: Agent;
  readonly outer: number;
  readonly inner: number;
  readonly worker: number;
  readonly programs: number[];
  readonly quiet: () => void;
}

async function start(name: string, ...before: string[]): Promise<Started> {
  const file = join(work, name);
  const agent = new Agent([...before, 'run', '--', 'sh', '-c', stubborn, file]);
  const beats = setInterval(() => agent.send('.'), 200);
  const quiet = (): void => clearInterval(beats);
  ends.push(quiet, () => agent.endStdin());
  const read = (): number[] => (existsSync(file) ? readFileSync(file, 'utf8').trim().split(/\s+/).map(Number) : []);
  await until('all of it has started', () => read().length === 6);
  const [inner, worker] = descendantsOf(agent.pid).filter((pid) => processName(pid).startsWith('numa-agent'));
  assert.ok(inner !== undefined && worker !== undefined, 'two guards and a worker');
  assert.ok(read().every(alive));
  return { agent, outer: agent.pid, inner, worker, programs: read(), quiet };
}

async function allGone({ outer, inner, worker, programs, quiet }: Started): Promise<void> {
  try {
    await until('everything is gone', () => ![outer, inner, worker, ...programs].some(alive), 60_000);
  } finally {
    quiet();
    for (const pid of [outer, inner, worker, ...programs]) signal(pid, 'SIGKILL');
  }
}

// They wait, each for its own.
void describe('the guards', { concurrency: 3 }, () => {
  void test('the outer guard is killed: the inner one ends everything', async () => {
    const started = await start('outer');
    signal(started.outer, 'SIGKILL');
    await allGone(started);
  });

  void test('the inner guard is killed: the outer one ends everything, and says what it saw', async () => {
    const started = await start('inner');
    signal(started.inner, 'SIGKILL');
    const answer = await started.agent.ended();
    await allGone(started);
    const error = linesOf(answer, 'error')[0];
    assert.match(error?.message ?? '', /^The inner guard of the measuring process was killed by SIGKILL/);
    assert.equal(answer.status, 4);
  });

  void test('the worker is killed: nobody says that memory ran out', async () => {
    const started = await start('worker');
    signal(started.worker, 'SIGKILL');
    const answer = await started.agent.ended();
    await allGone(started);
    const error = linesOf(answer, 'error')[0];
    assert.match(error?.message ?? '', /^The measuring process was killed by SIGKILL/);
    // On a machine where something else ran out of memory meanwhile, that is said, and only that.
    if (error?.code !== 'no-memory') assert.doesNotMatch(error?.message ?? '', /because memory ran out/);
  });

  void test('the outer guard is stopped, and the client silent: the inner one ends everything, the outer one too', async () => {
    const started = await start('stopped-outer', '--heartbeat-ms', '2000');
    signal(started.outer, 'SIGSTOP');
    await allGone(started);
  });

  void test('the inner guard is stopped: the end of stdin ends it all the same', async () => {
    const started = await start('stopped-inner');
    signal(started.inner, 'SIGSTOP');
    started.agent.endStdin();
    assert.equal((await started.agent.ended()).status, 5);
    await allGone(started);
  });

  void test('a worker that is stopped does not hang for ever', async () => {
    const started = await start('stopped-worker');
    signal(started.worker, 'SIGSTOP');
    const answer = await started.agent.ended();
    await allGone(started);
    assert.match(linesOf(answer, 'error')[0]?.message ?? '', /^The measuring process was stopped by a signal/);
  });
});
