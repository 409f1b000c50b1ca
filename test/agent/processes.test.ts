/** The real agent listing what runs here: who is whose, how busy, how large, in an order that a person can choose from. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import test, { before } from 'node:test';
import { agent, assertDone, assertFails, haveAgent, linesOf, until } from './process.ts';

before(haveAgent);

void test('one\u2019s own processes come first, with what is known of each and whatever they are called', async () => {
  // A name of hostile bytes: controls, a bracket that looks like the end of the name in stat, and no UTF-8.
  const hostile = spawn(
    'sh',
    ['-c', 'printf "a) S 1\\033[2J\\377" >/proc/$$/comm; exec 1>&-; while :; do sleep 0.01; done'],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  try {
    await new Promise((resolve) => hostile.stdout.once('close', resolve).resume());
    const answer = await agent('processes');
    assertDone(answer);
    const [found] = linesOf(answer, 'processes');
    assert.ok(found && found.count >= 2);
    const row = found.processes.find(({ pid }) => pid === hostile.pid);
    assert.ok(row?.own && row.threads === 1 && row.residentBytes > 0);
    assert.match(row.name, /^a\) S 1/);
    assert.match(row.command, /^sh -c /);
    assert.ok(row.command.length <= 200);
    const me = found.processes.find(({ pid }) => pid === process.pid);
    assert.ok(me && me.threads > 1 && me.residentBytes > 1 << 20);
    const own = found.processes.map((one) => one.own);
    assert.deepEqual(
      own,
      [...own].sort((a, b) => Number(b) - Number(a)),
    );
    const busy = found.processes.filter((one) => one.own).map((one) => one.busy);
    assert.deepEqual(
      busy,
      [...busy].sort((a, b) => b - a),
    );
    // No worker of the kernel's.
    assert.ok(found.processes.every(({ pid, residentBytes }) => pid !== 2 && residentBytes >= 0));
    assert.ok(found.processes.some(({ onNodes }) => onNodes !== null));
  } finally {
    hostile.kill('SIGKILL');
    await until('its end', () => hostile.exitCode !== null || hostile.signalCode !== null);
  }
});

void test('it takes no words', async () => {
  assertFails(await agent('processes', '--all'), 2, 'usage');
});
