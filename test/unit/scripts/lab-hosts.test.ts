// What two commands of the lab can do to each other, and what a host that is just coming up can do to one: each lost a boot now and
// then, on loaded machines.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { greets } from '../../../scripts/lab/boot.mjs';
import { runningHosts, startHost } from '../../../scripts/lab/hosts.mjs';
import { freeShape } from '../../../scripts/lab/shapes.mjs';
import { needsLinux } from '../../support/linux.ts';
import { temporaryFolder } from '../../support/processes.ts';

void describe('hosts of the lab', { skip: needsLinux }, () => {
  const cache = process.env['NUMA_PINBOARD_CACHE'];
  const own = temporaryFolder('lab-hosts');
  let started = '';
  const folder = join(own, 'lab', 'hosts', 'mine');
  before(() => {
    process.env['NUMA_PINBOARD_CACHE'] = own;
    started = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ')[19] ?? '';
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'claim.json'), JSON.stringify({ pid: process.pid, started }));
  });
  after(() => {
    if (cache === undefined) delete process.env['NUMA_PINBOARD_CACHE'];
    else process.env['NUMA_PINBOARD_CACHE'] = cache;
  });
  const state = (pid: number, more: object): void =>
    writeFileSync(join(folder, 'state.json'), JSON.stringify({ alias: 'mine', pid, ...more }));

  void it('one whose first emulator died while its command boots another keeps its folder', () => {
    state(process.pid, { started: '1', ready: false });
    assert.deepEqual(runningHosts(), []);
    assert.ok(existsSync(folder));
  });

  void it('one that is still being booted is not handed out as one that runs', async () => {
    state(process.pid, { started, ready: false });
    const shape = freeShape({});
    await assert.rejects(
      startHost(shape, { alias: 'mine', say: () => undefined }),
      /is being booted by another command/,
    );
  });

  void it('one that died later is forgotten', () => {
    state(process.pid, { started: '1', ready: true });
    assert.deepEqual(runningHosts(), []);
    assert.equal(existsSync(folder), false);
  });

  void it('an SSH server that binds its socket after the host said that it is up is waited for', async () => {
    let refused = 0;
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      if (++refused <= 2) socket.destroy();
      else socket.end('SSH-2.0-test\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const address = server.address();
      assert.ok(address !== null && typeof address === 'object');
      assert.equal(await greets(address.port, 60_000), true);
      assert.equal(refused, 3);
    } finally {
      server.close();
    }
  });
});
