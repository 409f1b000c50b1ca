// Ctrl-C while a host is being reached: the program ends at once, at whatever step the host is silent.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import { startStallingServer, STEPS, type StallingServer } from '../support/stalling-server.ts';
import { start } from './cli.ts';

/** Above what a loaded machine takes to end a program, and below every deadline that would end it without the signal. */
const BOUND_MS = 25_000;

void describe('an interrupt', { timeout: 300_000 }, () => {
  let server: StallingServer;
  let dir = '';
  before(async () => {
    dir = temporaryFolder('interrupt');
    server = await startStallingServer();
    writeFileSync(join(dir, 'config'), `${server.configText}  ConnectTimeout 600\n`);
  });
  after(() => {
    server.stop();
    removeFolder(dir);
  });
  for (const step of STEPS) {
    void it(`ends the program that waits at ${step}`, async () => {
      server.stallAt(step);
      const where = ['--host', 'stalling', '--ssh-config', join(dir, 'config'), '--no-prompt'];
      const program = await start(['topology', ...where]);
      try {
        await Promise.race([server.reached(), program.answer]);
        assert.ok(program.running(), program.stderr());
        const sent = performance.now();
        process.kill(program.pid, 'SIGINT');
        const { code, stderr } = await program.answer;
        assert.equal(code, 5, stderr);
        assert.match(stderr, /cancelled/);
        assert.ok(performance.now() - sent < BOUND_MS);
      } finally {
        await program.stop();
      }
    });
  }

  void it('ends the program whatever else of it still waits', async () => {
    server.stallAt('greeting');
    // As a name server that does not answer, whose look-up cannot be called off.
    writeFileSync(join(dir, 'hold.cjs'), 'setInterval(() => undefined, 1000);');
    const where = ['--host', 'stalling', '--ssh-config', join(dir, 'config'), '--no-prompt'];
    const program = await start(['topology', ...where], { NODE_OPTIONS: `--require ${join(dir, 'hold.cjs')}` });
    try {
      await server.reached();
      process.kill(program.pid, 'SIGINT');
      assert.equal((await program.answer).code, 5);
    } finally {
      await program.stop();
    }
  });
});
