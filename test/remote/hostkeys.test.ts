// Host keys over a real sshd: nothing is authenticated before the key is trusted, and a changed one is the end.
import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { PinboardError } from '../../src/model/problem.ts';
import { resolveHost } from '../../src/remote/ssh/config.ts';
import { HostKeyCheck } from '../../src/remote/ssh/host-key.ts';
import { makeKey, publicKey } from '../support/ssh-keys.ts';
import { startSshd, type Sshd } from '../support/sshd.ts';
import { configFile, open, person, problemOf } from './ssh-support.ts';

void describe('host keys', { timeout: 240_000 }, () => {
  let sshd: Sshd;
  before(async () => {
    sshd = await startSshd({ hostKeyTypes: ['ed25519', 'rsa', 'ecdsa'] });
  });
  after(() => sshd.stop());

  void it('asks for an unknown key by its fingerprint, remembers it, and does not ask again', async () => {
    const file = join(sshd.dir, 'new', 'known_hosts');
    const options = { UserKnownHostsFile: `"${file}"` };
    const logins = (): number => sshd.log().split('Accepted publickey').length;
    const loginsBefore = logins();
    const somebody = person({ trust: true, before: () => assert.equal(logins(), loginsBefore) });
    await (await open(sshd, somebody, options)).close();
    assert.deepEqual(somebody.hostKeys, [
      { host: `[127.0.0.1]:${sshd.port}`, keyType: 'ED25519', fingerprint: sshd.hostFingerprint },
    ]);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(statSync(join(sshd.dir, 'new')).mode & 0o777, 0o700);
    assert.ok(readFileSync(file, 'utf8').startsWith(`[127.0.0.1]:${sshd.port} ssh-ed25519 `));
    const again = person();
    await (await open(sshd, again, options)).close();
    assert.deepEqual(again.hostKeys, []);
  });

  void it('remembers under a hash where the configuration says so', async () => {
    const file = join(sshd.dir, 'hashed');
    writeFileSync(file, '# no newline at its end');
    const options = { UserKnownHostsFile: `"${file}"`, HashKnownHosts: 'yes' };
    await (await open(sshd, person({ trust: true }), options)).close();
    assert.match(readFileSync(file, 'utf8'), /^# no newline at its end\n\|1\|/);
    await (await open(sshd, person(), options)).close();
  });

  void it('ends when the key is declined, when strict, and when nobody can be asked', async () => {
    const options = { UserKnownHostsFile: '/dev/null' };
    const declined = await problemOf(open(sshd, person({ trust: false }), options));
    assert.equal(declined.code, 'host-key-unknown');
    const asked = person({ trust: true });
    const strict = await problemOf(open(sshd, asked, { ...options, StrictHostKeyChecking: 'yes' }));
    assert.equal(strict.code, 'host-key-unknown');
    assert.deepEqual(asked.hostKeys, []);
    const silent = {
      confirmHostKey: (): never => {
        throw new PinboardError('prompt-needed', 'nobody can be asked');
      },
      secret: () => Promise.resolve(null),
    };
    assert.equal((await problemOf(open(sshd, silent, options))).code, 'prompt-needed');
  });

  void it('takes StrictHostKeyChecking no for accept-new: remembered unasked', async () => {
    const file = join(sshd.dir, 'accepted');
    const nobody = person();
    const options = { UserKnownHostsFile: `"${file}"`, StrictHostKeyChecking: 'no' };
    await (await open(sshd, nobody, options)).close();
    assert.deepEqual(nobody.hostKeys, []);
    assert.match(readFileSync(file, 'utf8'), /ssh-ed25519/);
  });

  void it('asks the host for the type that is known', async () => {
    const file = join(sshd.dir, 'rsa-only');
    writeFileSync(file, `${sshd.knownHostsLine.split('\n').find((line) => line.includes('ssh-rsa')) ?? ''}\n`);
    await (await open(sshd, person(), { UserKnownHostsFile: `"${file}"` })).close();
  });

  void it('refuses a revoked key', async () => {
    const file = join(sshd.dir, 'revoked');
    writeFileSync(file, `${sshd.knownHostsLine}\n@revoked * ${sshd.hostPublicKey}\n`);
    const problem = await problemOf(open(sshd, person({ trust: true }), { UserKnownHostsFile: `"${file}"` }));
    assert.equal(problem.code, 'host-key-revoked');
    assert.ok(problem.message.includes(`${file}:4`));
    const list = join(sshd.dir, 'revoked-keys');
    writeFileSync(list, `${sshd.hostPublicKey}\n`);
    const listed = await problemOf(open(sshd, person({ trust: true }), { RevokedHostKeys: `"${list}"` }));
    assert.equal(listed.code, 'host-key-revoked');
  });

  void it('refuses an address that is known by another key, where addresses are checked', async () => {
    const file = join(sshd.dir, 'addresses');
    const lines = ['box', '[box]:2222', '10.1.2.3'].map((name) => `${name} ${sshd.hostPublicKey}\n`);
    const stranger = join(sshd.dir, 'stranger');
    makeKey(stranger);
    writeFileSync(file, `${lines.join('')}[10.1.2.3]:2222 ${publicKey(stranger)}\n`);
    const check = async (port: string, checkHostIp: string, address: string | null): Promise<string> => {
      const options = { HostName: 'box', Port: port, CheckHostIP: checkHostIp, UserKnownHostsFile: `"${file}"` };
      const settings = await resolveHost('box', configFile(sshd, options));
      const keys = await HostKeyCheck.of(settings, { warn: () => undefined });
      const blob = Buffer.from(sshd.hostPublicKey.split(' ')[1] ?? '', 'base64');
      const shown = { confirm: () => Promise.resolve(false), address };
      return keys.check(blob, shown).then(
        () => 'trusted',
        (error: unknown) => (error instanceof PinboardError ? error.code : String(error)),
      );
    };
    assert.equal(await check('22', 'yes', '10.1.2.3'), 'trusted');
    assert.equal(await check('2222', 'yes', '10.1.2.3'), 'host-key-changed');
    assert.equal(await check('2222', 'no', '10.1.2.3'), 'trusted');
    assert.equal(await check('2222', 'yes', null), 'trusted');
    assert.equal(await check('2222', 'yes', '10.9.9.9'), 'trusted');
  });

  void it('says that it cannot ask a KnownHostsCommand, and trusts nothing', async () => {
    const problem = await problemOf(open(sshd, person({ trust: true }), { KnownHostsCommand: '/bin/true %H' }));
    assert.equal(problem.code, 'unsupported');
  });

  void it('refuses a changed key before any authentication, even where the configuration checks nothing', async () => {
    await sshd.rotateHostKey();
    const logStart = sshd.log().length;
    for (const strict of ['ask', 'no', 'accept-new']) {
      const somebody = person({ trust: true });
      const problem = await problemOf(open(sshd, somebody, { StrictHostKeyChecking: strict }));
      assert.equal(problem.code, 'host-key-changed');
      assert.ok(problem.message.includes(sshd.hostFingerprint));
      assert.ok(problem.message.includes(`${sshd.knownHostsPath}:1`));
      assert.ok(problem.hint?.includes(`ssh-keygen -f '${sshd.knownHostsPath}' -R '[127.0.0.1]:${sshd.port}'`));
      assert.deepEqual(somebody.hostKeys, []);
    }
    assert.doesNotMatch(sshd.log().slice(logStart), /Accepted|Failed|Postponed|authenticating user/);
  });
});
