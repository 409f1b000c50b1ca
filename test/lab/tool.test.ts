// `npm run lab` as a person runs it: a host is booted, listed, found by name, ended; and what goes wrong ends with words, the
// console's last lines where there are any, and no emulator left. Hosts have aliases of their own: a developer's stay.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'node:net';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { shapes } from '../../scripts/lab/shapes.mjs';
import { boot } from '../../scripts/lab/boot.mjs';
import { ensureImage } from '../../scripts/lab/build.mjs';
import { control } from '../../scripts/lab/control.mjs';
import type { Emulator } from '../../scripts/lab/types.ts';
import { descendantsOf, processName, signal } from '../support/process-table.mjs';
import { topologySchema } from '../../src/protocol/topology.ts';
import { cli } from '../cli/cli.ts';
import { startProcess, temporaryFolder, waitFor, type StartedProcess } from '../support/processes.ts';

const tool = fileURLToPath(new URL('../../scripts/lab.mjs', import.meta.url));
const config = temporaryFolder('lab-tool');
const env = { ...process.env, XDG_CONFIG_HOME: config };
const alias = `lab-test-${String(process.pid)}`;
const patienceMs = 300_000;

function start(words: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<StartedProcess> {
  return startProcess(process.execPath, [tool, ...words], { env: { ...env, ...more } });
}

async function lab(
  words: readonly string[],
  more: NodeJS.ProcessEnv = {},
): Promise<{ code: number | null; said: string }> {
  const running = await start(words, more);
  const { code } = await running.ended;
  return { code, said: running.output() };
}

/** The emulator among what a command started, as soon as there is one. */
function emulatorOf(command: StartedProcess): Promise<number> {
  const find = (): number | undefined =>
    descendantsOf(command.pid).find((pid) => processName(pid).startsWith('qemu-system'));
  return waitFor(() => find() ?? 0, { what: () => `an emulator; ${command.output()}`, timeoutMs: patienceMs });
}

const isGone = (pid: number): boolean => !processName(pid).startsWith('qemu-system');
const gone = (pid: number): Promise<boolean> =>
  waitFor(() => isGone(pid), { what: `the end of emulator ${String(pid)}`, timeoutMs: 120_000 });

// What ends waits more than it works: it does so beside the rest, on hosts of its own.
void describe('npm run lab', { timeout: 900_000, concurrency: true }, () => {
  void describe('as a person runs it', { concurrency: false }, () => {
    after(() => lab(['stop', alias]));

    void it('boots a host of one’s own shape that is listed, found by its name alone, and ended by it', async () => {
      const own = join(config, 'numa-pinboard', 'ssh_config');
      const words = ['--sockets', '2', '--cores', '2', '--nodes', '4', '--distances', '12,32', '--name', alias];
      const [first, second] = await Promise.all([lab(words), lab(words)]);
      const booted = [first, second].filter(({ code }) => code === 0);
      assert.ok(booted.length > 0, `${first.said}\n${second.said}`);
      for (const { code, said } of [first, second])
        if (code !== 0) assert.match(said, /being booted by another command/);
      const list = await lab(['list']);
      const [, pid] = new RegExp(`^${alias}: .*process (\\d+)$`, 'm').exec(list.said) ?? [];
      assert.ok(pid, list.said);
      const again = await lab(words);
      assert.match(again.said, /already running/);
      for (const name of [alias, `${alias}-bench`]) {
        const seen = await cli(['topology', '--host', name, '--no-prompt', '--format', 'json'], {
          XDG_CONFIG_HOME: config,
        });
        assert.equal(seen.code, 0, seen.stderr);
        const { machine, packages, nodes } = v.parse(topologySchema, JSON.parse(seen.stdout));
        assert.deepEqual([machine.emulated, packages.length], [true, 2]);
        assert.deepEqual(
          nodes.map(({ distances }) => Object.values(distances)),
          [
            [10, 12, 32, 32],
            [12, 10, 32, 32],
            [32, 32, 10, 12],
            [32, 32, 12, 10],
          ],
        );
      }
      const stopped = await lab(['stop', alias]);
      assert.equal(stopped.code, 0, stopped.said);
      await gone(Number(pid));
      assert.doesNotMatch((await lab(['list'])).said, new RegExp(`^${alias}:`, 'm'));
      if (existsSync(own)) assert.doesNotMatch(readFileSync(own, 'utf8'), new RegExp(alias));
      const lost = await cli(['topology', '--host', alias, '--no-prompt'], { XDG_CONFIG_HOME: config });
      assert.equal(lost.code, 3, lost.stdout);
    });

    void it('a port in use is named, with what to do', async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      try {
        const address = server.address();
        assert.ok(address !== null && typeof address === 'object');
        const { code, said } = await lab(['min', '--name', alias, '--port', String(address.port)]);
        assert.equal(code, 1, said);
        assert.match(
          said,
          new RegExp(`port ${String(address.port)} of 127.0.0.1 is in use: choose another with --port`),
        );
      } finally {
        server.close();
      }
      assert.doesNotMatch((await lab(['list'])).said, new RegExp(`^${alias}:`, 'm'));
    });

    void it('a missing program is named, with its package', async () => {
      await ensureImage('amd64', () => undefined);
      const path = temporaryFolder('few-programs');
      // As on a system that is no Debian, with ssh and without an emulator.
      for (const name of ['ssh', 'ssh-keygen']) {
        const found = (process.env['PATH'] ?? '').split(':').map((folder) => join(folder, name));
        symlinkSync(found.find((file) => existsSync(file)) ?? name, join(path, name));
      }
      const { code, said } = await lab(['min', '--name', alias], { PATH: path });
      assert.equal(code, 1, said);
      assert.match(
        said,
        /needs qemu-system-x86_64\. Install it .*: sudo apt-get install --no-install-recommends qemu-system-x86$/m,
      );
    });

    void it('an emulator that dies while its host boots, with the last lines of the console', async () => {
      const command = await start(['min', '--name', alias]);
      signal(await emulatorOf(command), 'SIGKILL');
      const { code } = await command.ended;
      assert.equal(code, 1, command.output());
      assert.match(command.output(), /The emulator ended before its host was up[^]*console/);
      assert.doesNotMatch((await lab(['list'])).said, new RegExp(`^${alias}:`, 'm'));
    });

    void it('an interrupted boot leaves no emulator', async () => {
      const command = await start(['min', '--name', alias]);
      const pid = await emulatorOf(command);
      signal(command.pid, 'SIGINT');
      const { code } = await command.ended;
      assert.equal(code, 1, command.output());
      assert.match(command.output(), /Interrupted/);
      await gone(pid);
    });
  });

  void describe('hosts that end', { concurrency: true }, () => {
    void it('a boot that hangs is ended after its time, with the last lines of the console', async () => {
      const shape = shapes['4s'];
      assert.ok(shape);
      const image = await ensureImage(shape.architecture, () => undefined);
      const folder = temporaryFolder('hangs');
      let hung: Emulator | null = null;
      // Its CPUs are stopped as soon as it takes commands: long before a four-socket host is up.
      const started = (emulator: Emulator): void => {
        hung = emulator;
        const stop = (): Promise<unknown> => control(emulator.pid, 'stop').catch(() => false);
        void waitFor(stop, { what: 'the control socket' }).catch(() => undefined);
      };
      const say = (): void => undefined;
      await assert.rejects(
        boot(shape, { image, folder, hostName: alias, tied: true, timeoutMs: 6000, say, started }),
        /The host was not up after 6 s, and was ended\. .*console/,
      );
      const { pid } = hung as unknown as Emulator;
      await gone(pid);
    });

    for (const killed of ['the process that booted it', 'npm test']) {
      void it(`a host of a test goes with ${killed}, also when that is killed`, async () => {
        const runner = await startProcess('sleep', ['3600']);
        // While it boots: what ends it is there from its first moment.
        const booting = `import { bootLab } from ${JSON.stringify(new URL('../support/lab.ts', import.meta.url).href)};
      await bootLab('min'); setInterval(() => {}, 1000);`;
        const owner = await startProcess(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', booting], {
          env: { ...env, NUMA_PINBOARD_RUNNER: String(runner.pid) },
        });
        const pid = await emulatorOf(owner);
        assert.equal(isGone(pid), false);
        signal(killed === 'npm test' ? runner.pid : owner.pid, 'SIGKILL');
        await gone(pid);
        await runner.stop();
      });
    }
  });
});
