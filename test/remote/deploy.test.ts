// The agent on a host: brought or compiled there, checked before each start, and gone afterwards, however it ends.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { writeFileSync } from 'node:fs';
import { machine } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { processName, signal } from '../support/process-table.mjs';
import { connectHost } from '../../src/remote/connect/connect.ts';
import type { AgentProcess, Host } from '../../src/remote/host.ts';
import { openLocal } from '../../src/remote/connect/local.ts';
import type { AgentLine } from '../../src/protocol/agent.ts';
import { removeFolder, temporaryFolder, waitFor } from '../support/processes.ts';
import { startSshd, type Sshd } from '../support/sshd.ts';
import { SHELLS, has, through } from './shells.ts';
import { agentDir, open } from './ssh-support.ts';

const own = `numa-agent-${machine()}`;

async function collect(agent: AgentProcess): Promise<AgentLine[]> {
  const lines: AgentLine[] = [];
  for await (const line of agent.lines) lines.push(line);
  return lines;
}

void describe('agent on a host', { timeout: 400_000 }, () => {
  let dir = '';
  let runtime = '';
  let sshd: Sshd;
  before(async () => {
    dir = temporaryFolder('deploy');
    runtime = join(dir, 'runtime');
    mkdirSync(runtime, { mode: 0o700 });
    // The host's compiler is a real one that optimizes nothing: a third of the work, to the same end.
    const compilers = join(dir, 'compilers');
    mkdirSync(compilers);
    writeFileSync(join(compilers, 'cc'), '#!/bin/sh\nexec gcc "$@" -O0\n', { mode: 0o755 });
    const PATH = `${compilers}:${process.env['PATH'] ?? ''}`;
    sshd = await startSshd({ environment: { XDG_RUNTIME_DIR: runtime, PATH } });
  });
  after(async () => {
    await sshd.stop();
    removeFolder(dir);
  });
  const connect = async (agents = agentDir, server = sshd): Promise<Host> =>
    connectHost(await open(server), { agentDir: agents });
  const nothingLeft = async (server = sshd): Promise<void> => {
    await waitFor(() => readdirSync(runtime).length === 0, { what: 'the directory to go' });
    await waitFor(() => server.remoteProcesses().length === 0, { what: 'the processes to end' });
  };
  const agentsPid = (): number => sshd.remoteProcesses().find((pid) => processName(pid) === 'numa-agent') ?? 0;
  /** The agent's folder, with the manifest and what else is named. */
  const agentsWith = (name: string, ...files: string[]): string => {
    const to = join(dir, name);
    for (const file of files) cpSync(join(agentDir, file), join(to, file), { recursive: true });
    return to;
  };
  /** Folders of the programs that sessions of the server run. */
  const agentsFolders = (): string[] =>
    sshd.remoteProcesses().flatMap((pid) => {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] ?? '';
      return command.endsWith('/numa-agent') ? [dirname(command)] : [];
    });
  const deployed = (): string => join(runtime, readdirSync(runtime)[0] ?? '', 'numa-agent');

  void it('is brought into a private directory, used several times, and removed', async () => {
    const host = await connect();
    assert.equal(host.agentSha256, null);
    const lines = await collect(await host.startAgent(['identify']));
    assert.deepEqual(
      lines.map(({ type }) => type),
      ['identify'],
    );
    const manifest = readFileSync(join(agentDir, 'manifest.json'), 'utf8');
    assert.ok(manifest.includes(`"${String(host.agentSha256)}"`));
    assert.equal(statSync(join(deployed(), '..')).mode & 0o777, 0o700);
    const samples = await collect(await host.startAgent(['sample', '--interval-ms', '20', '--count', '3']));
    assert.equal(samples.length, 3);
    assert.equal(readdirSync(runtime).length, 1);
    const [identity] = lines;
    assert.ok(identity?.type === 'identify');
    const { machine: found } = (await host.discover()).topology;
    assert.deepEqual([found.hypervisor, found.emulated], [identity.hypervisor, identity.emulated]);
    await host.close();
    await nothingLeft();
  });

  void it('takes arguments as data', async () => {
    const host = await connect();
    const odd = ['a b', "'", '"', '$(touch /tmp/x)', 'new\nline', '', 'ü', '-'];
    const lines = await collect(await host.startAgent(['run', '--', 'printf', '<%s>', ...odd]));
    const output = lines.map((line) => (line.type === 'output' ? Buffer.from(line.data, 'base64').toString() : ''));
    assert.equal(output.join(''), odd.map((arg) => `<${arg}>`).join(''));
    await assert.rejects(host.startAgent(['sample', '--interval-ms', 'x']).then(collect), { code: 'usage' });
    await host.close();
    await nothingLeft();
  });

  void it('runs several at once and ends one when it is told to', async () => {
    const host = await connect();
    const agents = await Promise.all([1, 2, 3].map(() => host.startAgent(['sample', '--interval-ms', '20'])));
    assert.equal(readdirSync(runtime).length, 1);
    const reading = agents.map(collect);
    await agents[0]?.stop();
    assert.ok((await reading[0])!.length >= 0);
    for await (const line of (await host.startAgent(['sample', '--interval-ms', '20'])).lines) {
      assert.equal(line.type, 'sample');
      break;
    }
    await host.close();
    await Promise.all(reading);
    await nothingLeft();
  });

  void it('is not started when it was changed, and brought again when it is gone', async () => {
    const host = await connect();
    await collect(await host.startAgent(['identify']));
    const file = deployed();
    const bytes = readFileSync(file);
    rmSync(file);
    writeFileSync(file, Buffer.concat([bytes, Buffer.from('x')]), { mode: 0o700 });
    await assert.rejects(host.startAgent(['identify']), { code: 'no-agent' });
    rmSync(join(file, '..'), { recursive: true });
    await collect(await host.startAgent(['identify']));
    await host.close();
    await nothingLeft();
  });

  void it('says so when it dies half-way', async () => {
    const host = await connect();
    const agent = await host.startAgent(['sample', '--interval-ms', '20']);
    const reading = (async () => {
      let seen = 0;
      for await (const line of agent.lines) if (line.type === 'sample' && ++seen === 2) signal(agentsPid(), 'SIGKILL');
    })();
    await assert.rejects(reading, { code: 'agent-died' });
    await collect(await host.startAgent(['identify']));
    await host.close();
    await nothingLeft();
  });

  void it('ends with the connection, and says that', async () => {
    const host = await connect();
    const agent = await host.startAgent(['sample', '--interval-ms', '20']);
    const reading = (async () => {
      for await (const line of agent.lines) if (line.type === 'sample') sshd.dropConnections();
    })();
    await assert.rejects(reading, { code: 'connection-lost' });
    await nothingLeft();
    await host.close();
  });

  void it('is compiled on a host that no binary fits', async () => {
    const host = await connect(agentsWith('sources', 'src'));
    const [identity] = await collect(await host.startAgent(['identify']));
    assert.equal(identity?.type, 'identify');
    assert.match(host.agentSha256 ?? '', /^[0-9a-f]{64}$/);
    // Nothing of the sources: the program, and what the second shell of the watch hangs on.
    assert.deepEqual(readdirSync(join(deployed(), '..')).sort(), ['held', 'numa-agent']);
    await host.close();
    await nothingLeft();
    const broken = agentsWith('broken', 'src');
    // The others would be compiled once more, with and without -static.
    for (const name of readdirSync(join(broken, 'src')).filter((file) => file.endsWith('.c')))
      rmSync(join(broken, 'src', name));
    writeFileSync(join(broken, 'src', 'main.c'), '#error "it does not compile"\n');
    const failing = await connect(broken);
    await assert.rejects(failing.startAgent(['identify']), (error: Error & { code?: string }) => {
      return error.code === 'no-agent' && error.message.includes('it does not compile');
    });
    await failing.close();
    await nothingLeft();
  });

  void it('names the package where there is no compiler, and discovers all the same', async () => {
    const bin = join(dir, 'bin');
    mkdirSync(bin);
    for (const tool of ['sh', 'grep', 'sed', 'uname', 'cat', 'mkdir', 'chmod', 'rm', 'head', 'sha256sum']) {
      symlinkSync(execFileSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim(), join(bin, tool));
    }
    const bare = await startSshd({ environment: { XDG_RUNTIME_DIR: runtime, PATH: bin } });
    try {
      const host = await connect(agentsWith('sources', 'src'), bare);
      await assert.rejects(host.startAgent(['identify']), (error: Error & { code?: string; hint?: string }) => {
        return error.code === 'no-agent' && error.hint?.includes('sudo apt install gcc') === true;
      });
      assert.ok((await host.discover()).topology.cpus.length > 0);
      await host.close();
      await nothingLeft(bare);
    } finally {
      await bare.stop();
    }
  });

  void it('is not sent when it is not what was built', async () => {
    const agents = agentsWith('damaged', 'manifest.json', own);
    writeFileSync(join(agents, own), 'something else');
    const host = await connect(agents);
    await assert.rejects(host.startAgent(['identify']), { code: 'no-agent' });
    await host.close();
    await nothingLeft();
  });

  void it('goes elsewhere where programs may not run', async (context) => {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'noexec,size=4m', 'none', runtime], { stdio: 'ignore' });
    } catch {
      context.skip('this account may not mount');
      return;
    }
    try {
      const host = await connect();
      await host.startAgent(['sample', '--interval-ms', '50']);
      assert.deepEqual(readdirSync(runtime), []);
      const elsewhere = agentsFolders();
      assert.ok(elsewhere.length > 0 && elsewhere.every(existsSync));
      await host.close();
      await nothingLeft();
      assert.deepEqual(elsewhere.filter(existsSync), []);
    } finally {
      execFileSync('umount', [runtime]);
    }
  });

  for (const [shell, ...args] of SHELLS) {
    void it(
      `is brought by ${[shell, ...args].join(' ')}`,
      { skip: !has(shell, args) && 'not installed here' },
      async () => {
        const transport = through(shell, args, { ...process.env, XDG_RUNTIME_DIR: runtime });
        const host = connectHost(transport, { agentDir });
        const lines = await collect(await host.startAgent(['run', '--', 'printf', '%s', shell]));
        assert.ok(
          lines.some((line) => line.type === 'output' && Buffer.from(line.data, 'base64').toString() === shell),
        );
        assert.equal(readdirSync(runtime).length, 1);
        await host.close();
        await nothingLeft();
      },
    );
  }

  void it('runs where it lies on this machine, and elsewhere when it may not', async () => {
    const host = connectHost(openLocal(), { agentDir });
    await collect(await host.startAgent(['identify']));
    assert.deepEqual(readdirSync(runtime), []);
    await host.close();
    const agents = agentsWith('unpacked', 'manifest.json', own);
    chmodSync(join(agents, own), 0o644);
    const other = connectHost(openLocal(), { agentDir: agents });
    assert.equal((await collect(await other.startAgent(['identify']))).length, 1);
    await other.close();
  });
});
