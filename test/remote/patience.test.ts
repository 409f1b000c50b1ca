// Every wait for a shell, a compiler or an agent ends: after its time, and at once when it is cancelled.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { machine } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { processesWith, signal } from '../support/process-table.mjs';
import { startAgent } from '../../src/remote/agent/agent.ts';
import { deployAgent } from '../../src/remote/agent/deploy.ts';
import type { Transport } from '../../src/remote/transport.ts';
import { removeFolder, temporaryFolder, waitFor } from '../support/processes.ts';
import { agentDir } from './ssh-support.ts';
import { through } from './shells.ts';

const MARK = 'NUMA_PINBOARD_TEST_PATIENCE';
const SHORT = 2000;
const hello = `{"type":"hello","version":3,"pid":1,"architecture":"${machine()}"}`;

interface Ground {
  readonly dir: string;
  host(more?: NodeJS.ProcessEnv): Transport;
  /** One whose shell never answers. */
  mute(): Transport;
  /** An agent's folder whose binary is this script. */
  agents(name: string, script: string): string;
  nothingLeft(): Promise<unknown>;
}

type Waiting = (options: { signal?: AbortSignal; short: boolean }) => Promise<unknown>;

/** With patience for `ms` for a first answer. */
const patient = (transport: Transport, ms: number): Transport => ({ ...transport, answerMs: ms });

/** Folders and processes of one test, so that several run side by side; what it leaves is ended. */
async function withGround(work: (ground: Ground) => Promise<void>): Promise<void> {
  const dir = temporaryFolder('patience');
  const runtime = join(dir, 'runtime');
  mkdirSync(runtime, { mode: 0o700 });
  const environment = { ...process.env, XDG_RUNTIME_DIR: runtime, [MARK]: dir };
  try {
    await work({
      dir,
      host: (more = {}) => through('/bin/sh', [], { ...environment, ...more }),
      mute: () => through('sleep', ['1000'], environment),
      agents(name, script) {
        const folder = join(dir, name);
        mkdirSync(folder);
        const file = `numa-agent-${machine()}`;
        const bytes = `#!/bin/sh\n${script}\n`;
        writeFileSync(join(folder, file), bytes, { mode: 0o755 });
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        const binaries = [{ architecture: machine(), file, sha256 }];
        writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ version: 1, binaries }));
        return folder;
      },
      nothingLeft: () =>
        waitFor(() => readdirSync(runtime).length === 0 && processesWith(MARK, dir).length === 0, {
          what: () => `the end of ${processesWith(MARK, dir).join(' ')}, ${readdirSync(runtime).join(' ')}`,
        }),
    });
  } finally {
    for (const pid of processesWith(MARK, dir)) signal(pid, 'SIGKILL');
    removeFolder(dir);
  }
}

/** Both ends of one wait: it is late, and it is cancelled while it waits without a limit that matters. */
async function ends(ground: Ground, wait: Waiting, late: { code: string; message: RegExp }): Promise<void> {
  await assert.rejects(wait({ short: true }), late);
  await ground.nothingLeft();
  const abort = new AbortController();
  const waiting = assert.rejects(wait({ signal: abort.signal, short: false }), { code: 'cancelled' });
  setTimeout(() => abort.abort(), 500);
  await waiting;
  await ground.nothingLeft();
  await assert.rejects(wait({ signal: AbortSignal.abort(), short: false }), { code: 'cancelled' });
  await ground.nothingLeft();
}

const deploying =
  (transport: () => Transport, folder: string): Waiting =>
  ({ signal: cancel, short }) =>
    deployAgent(short ? patient(transport(), SHORT) : transport(), folder, cancel);

void describe('patience', { timeout: 300_000, concurrency: 4 }, () => {
  void it('a shell that never answers', () =>
    withGround(async (ground) => {
      const late = { code: 'unreachable', message: /its shell did not respond/ };
      await ends(ground, deploying(ground.mute, agentDir), late);
    }));

  void it('a compiler that hangs', () =>
    withGround(async (ground) => {
      const tools = join(ground.dir, 'tools');
      mkdirSync(tools);
      writeFileSync(join(tools, 'cc'), '#!/bin/sh\nsleep 1000\n', { mode: 0o755 });
      const sources = join(ground.dir, 'sources');
      cpSync(join(agentDir, 'src'), join(sources, 'src'), { recursive: true });
      const transport = (): Transport => ground.host({ PATH: `${tools}:${process.env['PATH'] ?? ''}` });
      const late = { code: 'no-agent', message: /\(cc\) did not finish building the agent/ };
      await ends(ground, deploying(transport, sources), late);
    }));

  void it('an agent that starts and says nothing', () =>
    withGround(async (ground) => {
      const folder = ground.agents('silent', 'sleep 1000');
      const wait: Waiting = async ({ signal: cancel, short }) => {
        const deployed = await deployAgent(ground.host(), folder);
        try {
          await startAgent(short ? patient(ground.host(), SHORT) : ground.host(), deployed, ['identify'], cancel);
        } finally {
          await deployed.remove();
        }
      };
      await ends(ground, wait, { code: 'agent-died', message: /was started on .* but did not respond/ });
    }));

  for (const [name, script, code] of [
    ['whose line never ends', `echo '${hello}'; exec tr '\\0' x </dev/zero`, 'unsupported'],
    ['that does not listen', `echo '${hello}'; echo '{'; exec sleep 1000`, 'agent-died'],
  ] as const) {
    void it(`an agent ${name}`, () =>
      withGround(async ({ host, agents, nothingLeft }) => {
        const deployed = await deployAgent(host(), agents('broken', script));
        const agent = await startAgent(host(), deployed, ['identify']);
        assert.ok(agent);
        for (let at = 0; at < 5000; at++) agent.ask('x'.repeat(100));
        const reading = (async () => {
          for await (const line of agent.lines) assert.fail(JSON.stringify(line));
        })();
        await assert.rejects(reading, { code });
        await deployed.remove();
        await nothingLeft();
      }));
  }
});
