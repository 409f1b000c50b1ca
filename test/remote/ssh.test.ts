// The transport over a real sshd: reaching, jumping, many shells, and every way a connection ends.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { readLines } from '../../src/remote/scripts/talk.ts';
import { openSsh } from '../../src/remote/ssh/open.ts';
import type { Transport } from '../../src/remote/transport.ts';
import { freePort, waitFor } from '../support/processes.ts';
import { startSshd, type Sshd } from '../support/sshd.ts';
import { configFile, open, person, problemOf } from './ssh-support.ts';

async function say(transport: Transport, script: string): Promise<string> {
  const channel = await transport.shell();
  channel.stdin.end(script);
  const output = await text(channel.stdout);
  assert.deepEqual(await channel.exited, { code: 0, signal: null });
  channel.close();
  return output;
}

void describe('ssh transport', { timeout: 240_000 }, () => {
  let sshd: Sshd;
  before(async () => {
    sshd = await startSshd();
  });
  after(() => sshd.stop());

  void it('gives the place of a shell back whose status came before the end of its output, and whose reader had stopped', async () => {
    const transport = await openSsh({ target: 'box', sshConfig: configFile(sshd), prompter: person() });
    // More one after the other than are open at once.
    for (let shell = 0; shell < 8; shell++) {
      const channel = await transport.shell(AbortSignal.timeout(60_000));
      // What is left behind holds the output open: the server tells the status now, the end later.
      channel.stdin.write('sleep 0.1 & echo done; exit 0\n');
      for await (const line of readLines(channel.stdout, 100)) if (line === 'done') break;
      channel.stdout.resume();
      await channel.exited;
      channel.close();
    }
    await transport.close();
  });

  void it('opens shells, more at once than the server allows, and says what is being done', async () => {
    const steps: string[] = [];
    const transport = await openSsh({
      target: 'box',
      sshConfig: configFile(sshd),
      prompter: person(),
      onStep: (words) => steps.push(words),
    });
    assert.deepEqual(steps, [`Connecting to 127.0.0.1:${sshd.port}`, 'Logging in to box']);
    const answers = await Promise.all(
      Array.from({ length: 25 }, (_, at) => say(transport, `sleep 0.05; echo ${at}\n`)),
    );
    assert.deepEqual(
      answers,
      Array.from({ length: 25 }, (_, at) => `${at}\n`),
    );
    const channel = await transport.shell();
    channel.stdin.write('exit 7\n');
    assert.deepEqual(await channel.exited, { code: 7, signal: null });
    const killed = await transport.shell();
    killed.stdin.write('kill -9 $$\n');
    assert.deepEqual(await killed.exited, { code: null, signal: 'SIGKILL' });
    await transport.close();
    await assert.rejects(transport.shell(), { code: 'connection-lost' });
    await waitFor(() => sshd.sessions().length === 0, { what: 'the session to end' });
  });

  void it('a shell whose output was not read to its end gives its place back when it is closed', async () => {
    const transport = await open(sshd);
    // More than are open at once: each stands for a reader that had its answer and asks no more.
    for (let at = 0; at < 8; at++) {
      const channel = await transport.shell(AbortSignal.timeout(20_000));
      const output = (channel.stdout as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
      channel.stdin.write('echo one; sleep 0.05; echo two; cat\n');
      assert.match(String((await output.next()).value), /^one/);
      channel.close();
    }
    await transport.close();
  });

  void it('says that the connection was lost, and ends what ran over it', async () => {
    const transport = await open(sshd);
    const channel = await transport.shell();
    channel.stdin.write('cat\n');
    const more = Array.from({ length: 9 }, () => transport.shell());
    const waiting = Promise.allSettled(more);
    await more[0];
    sshd.dropConnections();
    assert.equal((await transport.lost).code, 'connection-lost');
    assert.deepEqual(await channel.exited, { code: null, signal: null });
    await assert.rejects(transport.shell(), { code: 'connection-lost' });
    assert.equal((await waiting).at(-1)?.status, 'rejected');
    await transport.close();
    await waitFor(() => sshd.remoteProcesses().length === 0, { what: 'the shell to end' });
  });

  void it('jumps through a host whose key is checked, too', async () => {
    const inner = await startSshd();
    try {
      const config = join(sshd.dir, 'jump_config');
      const jump = sshd.configText('jump');
      writeFileSync(config, jump + inner.configText('box', { ProxyJump: 'jump' }));
      const transport = await openSsh({ target: 'box', sshConfig: config, prompter: person() });
      assert.equal(await say(transport, 'echo "$NUMA_PINBOARD_TEST_SSHD"\n'), `${inner.dir}\n`);
      await transport.close();
      await waitFor(() => sshd.sessions().length + inner.sessions().length === 0, { what: 'both sessions to end' });
      const strange = sshd.configText('jump', { UserKnownHostsFile: '/dev/null' });
      writeFileSync(config, strange + inner.configText('box', { ProxyJump: 'jump' }));
      const somebody = person({ trust: false });
      const problem = await problemOf(openSsh({ target: 'box', sshConfig: config, prompter: somebody }));
      assert.equal(problem.code, 'host-key-unknown');
      assert.equal(somebody.hostKeys[0]?.host, `[127.0.0.1]:${sshd.port}`);
      writeFileSync(config, jump + inner.configText('box', { ProxyJump: 'jump', Port: String(await freePort()) }));
      assert.equal(
        (await problemOf(openSsh({ target: 'box', sshConfig: config, prompter: person() }))).code,
        'unreachable',
      );
      writeFileSync(config, 'Host a\n  ProxyJump b\nHost b\n  ProxyJump a\n');
      assert.equal((await problemOf(openSsh({ target: 'a', sshConfig: config, prompter: person() }))).code, 'bad-file');
    } finally {
      await inner.stop();
    }
  });

  void it('names a ProxyCommand that it does not follow', async () => {
    const problem = await problemOf(open(sshd, person(), { ProxyCommand: 'nc %h %p' }));
    assert.equal(problem.code, 'unsupported');
    assert.match(problem.message, /nc /);
  });

  void it('says what could not be reached and why', async () => {
    const port = await freePort();
    const refused = await problemOf(open(sshd, person(), { Port: String(port) }));
    assert.equal(refused.code, 'unreachable');
    assert.ok(refused.message.includes(`127.0.0.1:${port}`));
    assert.match(refused.message, /nothing is listening there/);
    const unknown = await problemOf(open(sshd, person(), { HostName: 'nosuch.invalid' }));
    assert.equal(unknown.code, 'unreachable');
    assert.ok(unknown.message.includes('nosuch.invalid'));
  });

  void it('can be cancelled while it connects', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const port = String((silent.address() as AddressInfo).port);
    const abort = new AbortController();
    const opening = openSsh({
      target: 'box',
      sshConfig: configFile(sshd, { Port: port }),
      prompter: person(),
      signal: abort.signal,
      onStep: () => setTimeout(() => abort.abort(), 100),
    });
    assert.equal((await problemOf(opening)).code, 'cancelled');
    silent.close();
  });

  /** To be frozen: it goes on at the end. */
  async function withSshd(work: (own: Sshd) => Promise<void>): Promise<void> {
    const own = await startSshd();
    try {
      await work(own);
    } finally {
      own.freeze(false);
      await own.stop();
    }
  }

  // They wait, each for a server of its own.
  void describe('hosts that do not answer', { concurrency: true }, () => {
    void it('notices a host that freezes, and closes all the same', async () => {
      await withSshd(async (own) => {
        const transport = await open(own, person(), { ServerAliveInterval: '1', ServerAliveCountMax: '2' });
        own.freeze(true);
        const problem = await transport.lost;
        assert.match(problem.message, /did not respond for \d+ s/);
        await transport.close();
      });
    });

    void it('closes a frozen connection within seconds', async () => {
      await withSshd(async (own) => {
        const transport = await open(own);
        await transport.shell();
        own.freeze(true);
        const start = performance.now();
        await transport.close();
        assert.ok(performance.now() - start < 20_000);
      });
    });

    void it('gives a server that does not greet its time and no more; a person who is asked has all', async () => {
      const silent = createServer(() => undefined);
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
      const port = (silent.address() as AddressInfo).port;
      const problem = await problemOf(open(sshd, person(), { Port: String(port), ConnectTimeout: '1' }));
      assert.equal(problem.code, 'unreachable');
      assert.match(problem.message, /did not speak SSH within 1 s/);
      silent.close();
      const slow = {
        confirmHostKey: () => new Promise<boolean>((resolve) => setTimeout(resolve, 2500, true)),
        secret: () => Promise.resolve(null),
      };
      await (await open(sshd, slow, { UserKnownHostsFile: '/dev/null', ConnectTimeout: '1' })).close();
    });
  });
});
