// Every wait for a shell, a compiler or an agent ends: after its time, and at once when it is cancelled.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { machine } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { processesWith, signal } from '../support/process-table.mjs';
import { startAgent } from '../../src/remote/agent/agent.ts';
import { deployAgent } from '../../src/remote/agent/deploy.ts';
import type { Transport } from '../../src/remote/transport.ts';
import { removeFolder, temporaryFolder, waitFor } from '../support/processes.ts';
import { agentDir } from './ssh-support.ts';
import { through } from './shells.ts';

const MARK = 'NUMA_PINBOARD_TEST_PATIENCE';
const SHORT = 2000;
const hello = `{"type":"hello","version":2,"pid":1,"architecture":"${machine()}"}`;

void describe('patience', { timeout: 300_000 }, () => {
  let dir = '';
  let runtime = '';
  let tools = '';
  before(() => {
    dir = temporaryFolder('patience');
    [runtime, tools] = [join(dir, 'runtime'), join(dir, 'tools')];
    for (const folder of [runtime, tools]) mkdirSync(folder, { mode: 0o700 });
    writeFileSync(join(tools, 'cc'), '#!/bin/sh\nsleep 1000\n', { mode: 0o755 });
    cpSync(join(agentDir, 'src'), join(dir, 'sources', 'src'), { recursive: true });
  });
  after(() => {
    for (const pid of processesWith(MARK, dir)) signal(pid, 'SIGKILL');
    removeFolder(dir);
  });

  const environment = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
    ...process.env,
    XDG_RUNTIME_DIR: runtime,
    [MARK]: dir,
    ...more,
  });
  const host = (more: NodeJS.ProcessEnv = {}): Transport => through('/bin/sh', [], environment(more));
  const mute = (): Transport => through('sleep', ['1000'], environment());
  /** With patience for `ms` for a first answer. */
  const patient = (transport: Transport, ms: number): Transport => ({ ...transport, answerMs: ms });
  /** An agent's folder whose binary is this script. */
  function agents(name: string, script: string): string {
    const folder = join(dir, name);
    mkdirSync(folder);
    const file = `numa-agent-${machine()}`;
    const bytes = `#!/bin/sh\n${script}\n`;
    writeFileSync(join(folder, file), bytes, { mode: 0o755 });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const binaries = [{ architecture: machine(), file, sha256 }];
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ version: 1, binaries }));
    return folder;
  }
  const nothingLeft = (): Promise<unknown> =>
    waitFor(() => readdirSync(runtime).length === 0 && processesWith(MARK, dir).length === 0, {
      what: () => `the end of ${processesWith(MARK, dir).join(' ')}, ${readdirSync(runtime).join(' ')}`,
    });

  /** Both ends of one wait: it is late, and it is cancelled while it waits without a limit that matters. */
  async function ends(
    wait: (options: { signal?: AbortSignal; short: boolean }) => Promise<unknown>,
    late: { code: string; message: RegExp },
  ): Promise<void> {
    await assert.rejects(wait({ short: true }), late);
    await nothingLeft();
    const abort = new AbortController();
    const waiting = assert.rejects(wait({ signal: abort.signal, short: false }), { code: 'cancelled' });
    setTimeout(() => abort.abort(), 500);
    await waiting;
    await nothingLeft();
    await assert.rejects(wait({ signal: AbortSignal.abort(), short: false }), { code: 'cancelled' });
    await nothingLeft();
  }

  const deploying =
    (transport: () => Transport, folder: string) =>
    ({ signal: cancel, short }: { signal?: AbortSignal; short: boolean }): Promise<unknown> =>
      deployAgent(short ? patient(transport(), SHORT) : transport(), folder, cancel);

  void it('a shell that never answers', async () => {
    await ends(deploying(mute, agentDir), { code: 'unreachable', message: /its shell did not respond/ });
  });

  void it('a compiler that hangs', async () => {
    const transport = (): Transport => host({ PATH: `${tools}:${process.env['PATH'] ?? ''}` });
    await ends(deploying(transport, join(dir, 'sources')), {
      code: 'no-agent',
      message: /\(cc\) did not finish building the agent/,
    });
  });

  void it('an agent that starts and says nothing', async () => {
    const folder = agents('silent', 'sleep 1000');
    await ends(
      async ({ signal: cancel, short }) => {
        const deployed = await deployAgent(host(), folder);
        try {
          await startAgent(short ? patient(host(), SHORT) : host(), deployed, ['identify'], cancel);
        } finally {
          await deployed.remove();
        }
      },
      { code: 'agent-died', message: /was started on .* but did not respond/ },
    );
  });

  void it('an agent whose line never ends, and one that does not listen', async () => {
    for (const [name, script, code] of [
      ['endless', `echo '${hello}'; exec tr '\\0' x </dev/zero`, 'unsupported'],
      ['broken', `echo '${hello}'; echo '{'; exec sleep 1000`, 'agent-died'],
    ] as const) {
      const deployed = await deployAgent(host(), agents(name, script));
      const agent = await startAgent(host(), deployed, ['identify']);
      assert.ok(agent);
      for (let at = 0; at < 5000; at++) agent.ask('x'.repeat(100));
      const reading = (async () => {
        for await (const line of agent.lines) assert.fail(JSON.stringify(line));
      })();
      await assert.rejects(reading, { code });
      await deployed.remove();
      await nothingLeft();
    }
  });
});
