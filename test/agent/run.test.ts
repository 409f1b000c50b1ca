/** The real agent starting programs: what they print and how they end, their pins, and that none outlives it. */
import assert from 'node:assert/strict';
import { mkdtempSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before, describe } from 'node:test';
import { parseCpuList } from '../../src/model/text/cpulist.ts';
import { Agent, agent, alive, assertDone, assertFails, haveAgent, linesOf, until } from './process.ts';
import type { Answer } from './process.ts';

const allowed = parseCpuList(/^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]!);
const first = allowed[0]!;
const last = allowed.at(-1)!;

let work = '';
before(async () => {
  await haveAgent();
  work = mkdtempSync(join(tmpdir(), 'numa-agent-'));
});
after(() => rmSync(work, { recursive: true, force: true }));

function printed(answer: Pick<Answer, 'lines'>, stream: 'stdout' | 'stderr'): Buffer {
  return Buffer.concat(
    linesOf(answer, 'output')
      .filter((line) => line.stream === stream)
      .map((line) => Buffer.from(line.data, 'base64')),
  );
}

/** The form in which arguments come on stdin. */
function framed(args: readonly (string | Buffer)[]): Buffer {
  const pieces = args
    .map((arg) => Buffer.from(arg as string))
    .flatMap((bytes) => [Buffer.from(`${bytes.length}\n`), bytes, Buffer.from('\n')]);
  return Buffer.concat([Buffer.from(`${args.length}\n`), ...pieces]);
}

void test('a program is passed on byte by byte, with its status and its costs', async () => {
  const answer = await agent('run', '--', 'sh', '-c', 'printf "a\\000\\377\\n"; printf oops >&2; exit 7');
  assertDone(answer);
  assert.deepEqual(printed(answer, 'stdout'), Buffer.from([97, 0, 255, 10]));
  assert.equal(printed(answer, 'stderr').toString(), 'oops');
  const [exited] = linesOf(answer, 'exited');
  assert.deepEqual([exited?.code, exited?.signal], [7, null]);
  assert.ok(exited!.value > 0 && exited!.maxResidentBytes > 0 && exited!.minorFaults > 0);
  assert.deepEqual(exited!.pins, []);
});

void test('much output arrives whole and in order', async () => {
  const answer = await agent(
    'run',
    '--',
    'sh',
    '-c',
    'i=0; while [ $i -lt 20000 ]; do echo "line number $i"; i=$((i+1)); done',
  );
  assertDone(answer);
  const lines = printed(answer, 'stdout').toString().trimEnd().split('\n');
  assert.equal(lines.length, 20000);
  assert.ok(lines.every((line, i) => line === `line number ${i}`));
});

void test('a program that a signal ends is said to have', async () => {
  const answer = await agent('run', '--', 'sh', '-c', 'kill -SEGV $$');
  assertDone(answer);
  const [exited] = linesOf(answer, 'exited');
  assert.deepEqual([exited?.code, exited?.signal], [null, 'SIGSEGV']);
});

void test('a program that is not there, or may not run, is that error', async () => {
  assertFails(await agent('run', '--', 'no-such-program-anywhere'), 4, 'not-found');
  assertFails(await agent('run', '--', join(work, 'absent')), 4, 'not-found');
  assertFails(await agent('run', '--', '/etc/passwd'), 4, 'permission');
  assertFails(await agent('run', '--pin', 'sh=8190', '--', 'sh'), 4, 'cpu-absent');
  assertFails(await agent('run', '--pin', `sh=${first}@999`, '--', 'sh'), 4, 'node-absent');
  assertFails(await agent('run', '--pin', `a=${first}`, '--pin', 'b=@0', '--', 'sh'), 4, 'unsupported');
});

void test('the only pin holds for the whole program, and is in force before it begins', async () => {
  const answer = await agent(
    'run',
    '--pin',
    `whatever=${last}`,
    '--',
    'sh',
    '-c',
    'grep Cpus_allowed_list: /proc/self/status; sleep 0.5',
  );
  assertDone(answer);
  assert.match(printed(answer, 'stdout').toString(), new RegExp(`Cpus_allowed_list:\\s*${last}\\n`));
  const [exited] = linesOf(answer, 'exited');
  assert.equal(exited?.pins[0]?.held, true);
  assert.ok(exited.pins[0].matched >= 1);
  const observed = linesOf(answer, 'observed');
  assert.ok(observed.length >= 1);
  for (const thread of observed.flatMap((line) => line.threads))
    assert.deepEqual([thread.allowed, thread.cpu], [String(last), last]);
});

void test('a thread is found by its name while it runs, and pinned', async () => {
  // Names a process rather than a thread, which is the same to the kernel, and needs no compiler.
  const program = `cp "$(command -v sleep)" ${work}/worker-of-mine; ${work}/worker-of-mine 60 & sleep 60`;
  const running = new Agent([
    'run',
    '--pin',
    `sh=${allowed.join(',')}`,
    '--pin',
    `worker-of-mine=${last}`,
    '--',
    'sh',
    '-c',
    program,
  ]);
  await running.line('started');
  const isPinned = (): boolean =>
    running.lines.some(
      (line) =>
        line.type === 'observed' &&
        line.threads.some((one) => one.name === 'worker-of-mine' && one.allowed === String(last)),
    );
  await until('the worker is pinned', isPinned);
  const worker = linesOf(running, 'observed')
    .at(-1)!
    .threads.find((one) => one.name === 'worker-of-mine')!;
  process.kill(worker.tid, 'SIGKILL');
  process.kill((await running.line('started')).pid, 'SIGKILL');
  const answer = await running.ended();
  assertDone(answer);
  const pins = linesOf(answer, 'exited')[0]!.pins;
  assert.deepEqual(
    pins.find((pin) => pin.name === 'worker-of-mine'),
    { name: 'worker-of-mine', matched: 1, held: true },
  );
});

void test('a pin that matches nothing did not hold', async () => {
  const answer = await agent('run', '--pin', `sh=${first}`, '--pin', `nobody=${first}`, '--', 'sh', '-c', 'sleep 0.2');
  assertDone(answer);
  assert.deepEqual(linesOf(answer, 'exited')[0]!.pins[1], { name: 'nobody', matched: 0, held: false });
});

void test('arguments on stdin meet no shell, whatever they hold', async () => {
  const hostile = [
    '$(touch pwned)',
    '`id`',
    '"; rm -rf /; \'',
    '-',
    '--pin',
    'line\nbreak',
    '',
    '\\',
    'ä€😀',
    '*',
    '\u0001\u001b[31m',
  ];
  const running = new Agent(['-']);
  running.send(framed(['run', '--', 'printf', '%s|', ...hostile]));
  const answer = await running.ended();
  assertDone(answer);
  assert.equal(printed(answer, 'stdout').toString(), `${hostile.join('|')}|`);
});

void test('arguments on stdin that are malformed are usage', async () => {
  for (const bytes of [
    'x\n',
    '-1\n',
    '1\nx\n',
    '1\n3\nabcd\n',
    '1\n8\nidentifyX',
    '1\n3\na\0b\n',
    '99999999\n',
    '1\n99999999999\n',
  ]) {
    const running = new Agent(['-']);
    running.send(bytes);
    assertFails(await running.ended(), 2, 'usage');
  }
  const cut = new Agent(['-']);
  cut.send('2\n8\nidentify\n');
  cut.endStdin();
  assertFails(await cut.ended(), 2, 'usage');
});

/** A program with a child in a session of its own, a stubborn one in it, and itself stubborn: their pids in a file. */
const stubborn = (file: string): string[] => [
  ...['run', '--', 'sh', '-c'],
  `trap '' TERM HUP INT
   setsid sh -c 'trap "" TERM HUP INT; echo $$ >>"$0"; setsid sleep 1000 & echo $! >>"$0"; while :; do sleep 1; done' "$0" &
   setsid nohup sleep 1000 >/dev/null 2>&1 & echo $! >>"$0"
   echo $$ >>"$0"
   while :; do sleep 1; done`,
  file,
];

async function startStubborn(file: string, ...before: string[]): Promise<{ running: Agent; pids: number[] }> {
  const running = new Agent([...before, ...stubborn(file)]);
  const beats = setInterval(() => running.send('.'), 100);
  const read = (): number[] => (existsSync(file) ? readFileSync(file, 'utf8').trim().split(/\s+/).map(Number) : []);
  await until('all of it has started', () => read().length === 4);
  assert.ok(read().every(alive));
  clearInterval(beats);
  return { running, pids: read() };
}

async function assertAllGone(answer: Promise<Answer>, pids: number[]): Promise<void> {
  assert.equal((await answer).status, 5);
  assert.deepEqual(pids.filter(alive), [], 'a process outlived the agent');
}

// They wait, each for its own.
void describe('the end of the agent', { concurrency: true }, () => {
  void test('the end of stdin takes everything along, also what left the session or ignores SIGTERM', async () => {
    const { running, pids } = await startStubborn(join(work, 'eof'));
    running.endStdin();
    await assertAllGone(running.ended(30_000), pids);
  });

  void test('silence takes everything along', async () => {
    const { running, pids } = await startStubborn(join(work, 'silence'), '--heartbeat-ms', '5000');
    await assertAllGone(running.ended(30_000), pids);
  });

  void test('a signal to the agent takes everything along', async () => {
    const { running, pids } = await startStubborn(join(work, 'signal'));
    running.signal('SIGTERM');
    await assertAllGone(running.ended(30_000), pids);
  });

  void test('a heartbeat keeps it alive; its end ends it in the middle of a measurement', async () => {
    const running = new Agent([
      '--heartbeat-ms',
      '2000',
      'spsc',
      '--duration-ms',
      '600000',
      '--case',
      `producer=${first},consumer=${first}`,
    ]);
    const beats = setInterval(() => running.send('.'), 200);
    await running.line('hello');
    await new Promise((resolve) => setTimeout(resolve, 4500));
    assert.ok(alive(running.pid));
    clearInterval(beats);
    assert.equal((await running.ended(30_000)).status, 5);
  });
});

void test('a program leaves nothing behind it either', async () => {
  const file = join(work, 'left');
  const answer = await agent('run', '--', 'sh', '-c', 'setsid sleep 1000 >/dev/null 2>&1 & echo $! >"$0"', file);
  assertDone(answer);
  assert.ok(!alive(Number(readFileSync(file, 'utf8'))));
});
