// Hosts that allow one session a connection (MaxSessions 1): read, measured and sampled all the same.
import assert from 'node:assert/strict';
import { appendFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { MEASURED_SPSC } from '../../src/model/bench/spsc/measured.ts';
import { measure } from '../../src/remote/bench/benchmark.ts';
import { connectHost } from '../../src/remote/connect/connect.ts';
import { waitFor } from '../support/processes.ts';
import { startSshd, type Sshd } from '../support/sshd.ts';
import { shortWork, spscCase, twoCpus } from './measuring.ts';
import { agentDir, open, person } from './ssh-support.ts';

void describe('one session a connection', { timeout: 240_000 }, () => {
  let sshd: Sshd;
  before(async () => {
    sshd = await startSshd({ config: ['MaxSessions 1'] });
  });
  after(() => sshd.stop());

  void it('measures over a further connection, asks nothing twice, and leaves none behind', async () => {
    // Nothing is remembered of the host: it is the same one that was accepted a moment ago.
    const somebody = person({ trust: true, secrets: [sshd.passphrase] });
    const options = { UserKnownHostsFile: '/dev/null', IdentityFile: `"${sshd.userKeyPathEncrypted}"` };
    const host = connectHost(await open(sshd, somebody, options), { agentDir });
    const cases = [spscCase(await twoCpus(host))];
    const run = await measure(host, { bench: MEASURED_SPSC, cases, ...shortWork, onProgress: () => undefined });
    assert.equal(run.partial, null);
    assert.equal(run.results[0]?.repetitions.length, shortWork.rounds);
    assert.equal(somebody.hostKeys.length, 1);
    assert.equal(somebody.secrets.length, 1);
    const several = await Promise.all(Array.from({ length: 3 }, () => host.transport.shell()));
    for (const channel of several) channel.close();
    await host.close();
    await waitFor(() => sshd.sessions().length === 0, { what: 'all connections to end' });
    await waitFor(() => sshd.remoteProcesses().length === 0, { what: 'what ran there to end' });
  });

  void it('names the setting where no further connection can be had', async () => {
    const keys = join(sshd.dir, 'authorized_keys');
    const transport = await open(sshd);
    const first = await transport.shell();
    renameSync(keys, `${keys}.away`);
    appendFileSync(keys, '');
    try {
      await assert.rejects(transport.shell(), {
        code: 'connection-lost',
        message: /refused another session on this connection, and logging in again failed: .*refused the login/,
        hint: /set MaxSessions 10 in the host's \/etc\/ssh\/sshd_config/,
      });
    } finally {
      rmSync(keys);
      renameSync(`${keys}.away`, keys);
    }
    first.close();
    (await transport.shell()).stdin.end('exit\n');
    await transport.close();
  });
});
