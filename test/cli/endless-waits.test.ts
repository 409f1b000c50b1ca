// Every wait has an end: of itself where a file is none, and by the first interrupt wherever a peer, a program or a person is waited for.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { descendantsOf } from '../support/process-table.mjs';
import { removeFolder, startProcess, temporaryFolder, waitFor } from '../support/processes.ts';
import { runOf } from '../unit/topologies.ts';
import { CLI, cli, start, type Started } from './cli.ts';

const folder = temporaryFolder('endless-waits');
after(() => removeFolder(folder));

const PATIENT = { timeoutMs: 120_000 };
const pipe = join(folder, 'pipe');
execFileSync('mkfifo', [pipe]);
const run = join(folder, 'run.numa.json');
writeFileSync(run, JSON.stringify(runOf({ figures: [[1, 2, 3]] })));

test('folders that cannot be made are refused with words, at once', async () => {
  const plain = join(folder, 'plain');
  writeFileSync(plain, '');
  const astray = join(folder, 'astray');
  symlinkSync('/nowhere/at/all', astray);
  for (const to of [
    '/proc/x',
    '/proc/x/y/z',
    '/proc/self/fd/x',
    '/dev/null',
    '/dev/null/x',
    plain,
    join(plain, 'x'),
    pipe,
    astray,
    `/tmp/${'x'.repeat(300)}`,
  ]) {
    const answer = await cli(['report', run, '--to', to]);
    assert.equal(answer.code, 4, `${to}: ${answer.stderr}`);
    assert.match(answer.stderr, /cannot be (written|created): .+\.\n {2}Choose another folder/, to);
  }
  assert.ok(!existsSync('/nowhere'));
});

test(
  'a folder that may not be written is left as it was',
  { skip: process.getuid?.() === 0 && 'root may write anywhere' },
  async () => {
    const closed = join(folder, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o500);
    const answer = await cli(['report', run, '--to', closed]);
    chmodSync(closed, 0o700);
    assert.equal(answer.code, 4);
    assert.match(answer.stderr, /you do not have permission to write there/);
    assert.deepEqual(readdirSync(closed), []);
  },
);

test('a pipe that nobody writes to, or a file without an end, is waited for nowhere', async () => {
  for (const args of [
    ['check', pipe, '--max-penalty', '2'],
    ['check', run, '--baseline', pipe, '--max-regression', '5%'],
    ['compare', run, pipe],
    ['report', pipe, '--to', join(folder, 'none')],
    ['topology', '--from', pipe],
    ['topology', '--from', '/dev/zero'],
    ['topology', '--from', '/dev/stdin'],
    ['bench', 'matrix', '--from', 'pack:2 core:2 pu:1', '--simulate', pipe],
    ['bench', 'matrix', '--from', 'pack:2 core:2 pu:1', '--simulate', '/dev/zero'],
  ]) {
    const answer = await cli(args);
    assert.equal(answer.code, 2, `${args.join(' ')}: ${answer.stderr}`);
    assert.match(answer.stderr, /is not a file|cannot be read/);
  }
});

/** Takes connections and says nothing. */
async function silentServer(): Promise<{ port: number; clients: () => number; close: () => void }> {
  const sockets = new Set<Socket>();
  // Those that spoke as ssh does: the port may have been another program's before, and its clients still try.
  const clients = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      if (chunk.toString().startsWith('SSH-2.0')) clients.add(socket);
    });
    socket.on('close', () => clients.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    clients: () => clients.size,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** Interrupts once it stands where `ready` says, and gives its exit status. */
async function interruptAt(args: readonly string[], ready: (cli: Started) => boolean): Promise<number | null> {
  const running = await start(args);
  try {
    await waitFor(() => ready(running) || !running.running(), {
      what: () => `${args.join(' ')}:\n${running.output()}`,
      ...PATIENT,
    });
    assert.ok(running.running(), `${args.join(' ')} ended of itself:\n${running.output()}`);
    process.kill(running.pid, 'SIGINT');
    const timer = setTimeout(() => void running.stop(), 60_000);
    const { code, signal } = await running.ended;
    if (signal !== null) throw new Error(`ended by ${signal}: ${running.output()}`);
    clearTimeout(timer);
    return code;
  } finally {
    await running.stop();
  }
}

const hasChild = (of: Started): boolean => descendantsOf(of.pid).length > 0;

test('the first interrupt ends what is going on', async () => {
  const silent = await silentServer();
  const host = `nobody@127.0.0.1:${String(silent.port)}`;
  const reached = (): boolean => silent.clients() > 0;
  const sleeps = (of: Started): boolean => of.stdout().includes('asleep');
  const cut = 5;
  try {
    assert.equal(await interruptAt(['topology', '--host', host, '--no-prompt'], reached), cut);
    assert.equal(await interruptAt(['serve', '--no-open', '--host', host, '--no-prompt'], reached), cut);
    assert.equal(await interruptAt(['topology', '--host', 'x', '--ssh-config', pipe, '--no-prompt'], hasChild), cut);
    assert.equal(await interruptAt(['run', '--', 'sh', '-c', 'echo asleep; sleep 1000'], sleeps), cut);
    assert.equal(
      await interruptAt(['run', '--', 'sh', '-c', 'trap "" INT TERM; echo asleep; sleep 1000'], sleeps),
      cut,
    );
    assert.equal(
      await interruptAt(
        ['bench', 'memory', '--cpu', '0', '--node', '0', '--size', '64M', '--duration', '60s'],
        hasChild,
      ),
      cut,
    );
    assert.equal(await interruptAt(['watch', '--interval', '10m'], hasChild), 0);
    assert.equal(await interruptAt(['serve', '--no-open', '--no-prompt'], (of) => of.stdout().includes('token=')), 0);
    // Before or just after its page stands.
    assert.ok([0, cut].includes((await interruptAt(['serve', '--no-open', '--no-prompt'], hasChild)) ?? -1));
  } finally {
    silent.close();
  }
});

test('nobody reads any more: the words that are left end nothing', async () => {
  // The shell's status is that of the command line, not of `head`.
  const script = `"$0" "$1" topology --from 'pack:64 core:16 pu:2' | head -n 1; exec 2>&-; "$0" "$1" topology --from nothing; test $? = 2`;
  const shell = await startProcess('bash', ['-o', 'pipefail', '-c', script, process.execPath, CLI]);
  assert.equal((await shell.ended).code, 0, shell.output());
  assert.equal(shell.output().trimEnd().split('\n').length, 1);
});
