// Discovery: the same machine over SSH as from here, in every shell there is, through noise, within bounds.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { PinboardError } from '../../src/model/problem.ts';
import { readTopology } from '../../src/model/formats/sysfs/topology.ts';
import { connectHost } from '../../src/remote/connect/connect.ts';
import { probeHost } from '../../src/remote/connect/discovery.ts';
import { openLocal } from '../../src/remote/connect/local.ts';
import type { Transport } from '../../src/remote/transport.ts';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import { startSshd, type Sshd } from '../support/sshd.ts';
import { SHELLS, has, through } from './shells.ts';
import { agentDir, open } from './ssh-support.ts';

void describe('discovery', { timeout: 240_000 }, () => {
  let sshd: Sshd;
  let dir = '';
  before(async () => {
    sshd = await startSshd();
    dir = temporaryFolder('discovery');
  });
  after(async () => {
    await sshd.stop();
    removeFolder(dir);
  });
  const topologyFrom = async (transport: Transport): Promise<unknown> => {
    const { files, architecture } = await probeHost(transport);
    const { nodes, ...rest } = readTopology(files, { architecture });
    // Free memory changes while one looks.
    return { ...rest, nodes: nodes.map((node) => ({ ...node, freeBytes: 0 })) };
  };

  void it('finds the same over SSH as from here', async () => {
    const local = openLocal();
    const remote = await open(sshd);
    assert.deepEqual(await topologyFrom(remote), await topologyFrom(local));
    await remote.close();
    await local.close();
  });

  void it('finds its tools where the PATH of the account is empty or leads elsewhere', async () => {
    const local = openLocal();
    const here = await topologyFrom(local);
    await local.close();
    for (const PATH of ['', '/nowhere']) {
      assert.deepEqual(await topologyFrom(through('/bin/sh', [], { ...process.env, PATH })), here);
    }
  });

  void it('says that there is no uname rather than that the host is no Linux', async () => {
    // As on a host without it, wherever it is looked for.
    const shell = through('/bin/sh', ['-c', 'uname() { return 127; }; eval "$(cat)"']);
    await assert.rejects(probeHost(shell), (error: unknown) => {
      assert.ok(error instanceof PinboardError);
      assert.equal(error.code, 'unsupported');
      return error.message.includes("neither in the account's PATH nor in /usr/bin or /bin");
    });
  });

  void it('describes this machine, with what its CPU says of itself', async () => {
    const host = connectHost(openLocal(), { agentDir });
    const { topology, environment, files } = await host.discover();
    const online = execFileSync('getconf', ['_NPROCESSORS_ONLN'], { encoding: 'utf8' }).trim();
    assert.equal(topology.cpus.filter((cpu) => cpu.online).length, Number(online));
    assert.equal(topology.machine.architecture, execFileSync('uname', ['-m'], { encoding: 'utf8' }).trim());
    assert.equal(environment['kernel'], execFileSync('uname', ['-r'], { encoding: 'utf8' }).trim());
    assert.ok(files.size > 20);
    await host.close();
  });

  void it('brings along where the links of devices lead, of those that are hardware', async () => {
    const host = connectHost(openLocal(), { agentDir });
    const { files } = await host.discover();
    const folder = '/sys/class/net';
    const links = readdirSync(folder, { withFileTypes: true }).filter((one) => one.isSymbolicLink());
    for (const { name } of links) {
      const target = readlinkSync(join(folder, name));
      const expected = target.includes('/virtual/') ? undefined : target;
      assert.equal(files.get(`sys/class/net/${name}`), expected);
    }
    await host.close();
  });

  void it('stands without any agent', async () => {
    const host = connectHost(openLocal(), { agentDir: join(dir, 'none') });
    assert.ok((await host.discover()).topology.cpus.length > 0);
    assert.equal(host.agentSha256, null);
    await assert.rejects(host.startAgent(['identify']), { code: 'no-agent' });
    await host.close();
  });

  for (const [shell, ...args] of SHELLS) {
    void it(`reads in ${[shell, ...args].join(' ')}`, { skip: !has(shell, args) && 'not installed here' }, async () => {
      assert.deepEqual(await topologyFrom(through(shell, args)), await topologyFrom(openLocal()));
    });
  }

  void it('needs neither gzip nor xargs', async () => {
    const bin = join(dir, 'bin');
    const tools = ['grep', 'sed', 'uname', 'cat', 'ls'];
    execFileSync('mkdir', [bin]);
    for (const tool of tools) execFileSync('sh', ['-c', `ln -s "$(command -v ${tool})" ${bin}/`]);
    const bare = through('/bin/sh', [], { PATH: bin });
    assert.deepEqual(await topologyFrom(bare), await topologyFrom(openLocal()));
  });

  void it('is not confused by a login that talks', async () => {
    const noise = ['echo "Welcome! /sys/devices/system/cpu/online:0-9999"', 'printf "no newline"', 'echo hush >&2'];
    const noisy = through('/bin/sh', ['-c', `${noise.join('; ')}; exec /bin/sh`]);
    assert.deepEqual(await topologyFrom(noisy), await topologyFrom(openLocal()));
    const echoing = through('/bin/sh', ['-c', 'exec /bin/sh -v 2>&1']);
    assert.ok((await probeHost(echoing)).files.size > 20);
  });

  void it('says when the host is no Linux, gives no shell, or stops half-way', async () => {
    const bin = join(dir, 'darwin');
    execFileSync('mkdir', [bin]);
    writeFileSync(join(bin, 'uname'), '#!/bin/sh\necho Darwin\n', { mode: 0o755 });
    const darwin = through('/bin/sh', [], { PATH: `${bin}:${process.env['PATH'] ?? ''}` });
    await assert.rejects(probeHost(darwin), { code: 'not-linux' });
    const refusing = through('/bin/sh', ['-c', 'echo This account is not available >&2; exit 1']);
    await assert.rejects(probeHost(refusing), (error: Error) => error.message.includes('not available'));
    const nologin = through('/bin/sh', ['-c', 'echo This account has no shell; exit 1']);
    await assert.rejects(probeHost(nologin), (error: Error) => error.message.includes('has no shell'));
    const dying = through('/bin/sh', ['-c', 'head -c 100 >/dev/null; exit 9']);
    await assert.rejects(probeHost(dying), { code: 'unsupported' });
  });

  void it('bounds what it reads', async () => {
    await assert.rejects(probeHost(through('/bin/sh', ['-c', 'yes nonsense'])), { code: 'unsupported' });
  });

  void it('can be cancelled, and tells a lost connection', async () => {
    const abort = new AbortController();
    const reading = probeHost(through('/bin/sh', ['-c', 'sleep 60']), abort.signal);
    setTimeout(() => abort.abort(), 100);
    await assert.rejects(reading, { code: 'cancelled' });
    const remote = await open(sshd);
    sshd.freeze(true);
    const hanging = probeHost(remote);
    const ending = assert.rejects(hanging, { code: 'connection-lost' });
    sshd.dropConnections();
    sshd.freeze(false);
    await ending;
    await remote.close();
  });
});
