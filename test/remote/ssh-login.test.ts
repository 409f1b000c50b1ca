// Logging in at a real sshd: which keys are tried, when a passphrase is asked for, and what is said when nobody gets in.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openSsh } from '../../src/remote/ssh/open.ts';
import { startProcess, waitFor } from '../support/processes.ts';
import { makeKey, publicKey } from '../support/ssh-keys.ts';
import { startSshd, type Sshd } from '../support/sshd.ts';
import { configFile, open, person, problemOf } from './ssh-support.ts';

void describe('login', { timeout: 240_000 }, () => {
  let sshd: Sshd;
  const accepted = (): number =>
    sshd.log().split('Accepted key').length + sshd.log().split('Postponed publickey').length;
  before(async () => {
    sshd = await startSshd({ config: ['LogLevel DEBUG1'] });
  });
  after(() => sshd.stop());

  void it('says which keys were tried and what the host takes', async () => {
    const stranger = join(sshd.dir, 'stranger');
    makeKey(stranger);
    const problem = await problemOf(open(sshd, person(), { IdentityFile: `"${stranger}"` }));
    assert.equal(problem.code, 'login-refused');
    assert.ok(problem.message.includes(stranger));
    assert.match(problem.message, /accepts publickey/);
  });

  void it('asks for a passphrase only once the host took the key, and again when it is wrong', async () => {
    const start = accepted();
    const somebody = person({
      secrets: ['wrong', sshd.passphrase],
      before: () => assert.ok(accepted() > start, 'the host had not taken the key yet'),
    });
    const transport = await open(sshd, somebody, { IdentityFile: `"${sshd.userKeyPathEncrypted}"` });
    await transport.close();
    assert.equal(somebody.secrets.length, 2);
    assert.ok(somebody.secrets[0]?.title.includes(sshd.userKeyPathEncrypted));
  });

  void it('does not ask for the passphrase of a key that the host does not take', async () => {
    const stranger = join(sshd.dir, 'stranger_encrypted');
    makeKey(stranger, { passphrase: 'secret' });
    const somebody = person();
    const problem = await problemOf(open(sshd, somebody, { IdentityFile: `"${stranger}"` }));
    assert.equal(problem.code, 'login-refused');
    assert.deepEqual(somebody.secrets, []);
  });

  void it('goes on with the next key when a passphrase is declined', async () => {
    const somebody = person({ secrets: [null] });
    const both = `"${sshd.userKeyPathEncrypted}"\n  IdentityFile "${sshd.userKeyPath}"`;
    await (await open(sshd, somebody, { IdentityFile: both })).close();
    assert.equal(somebody.secrets.length, 1);
  });

  void it('signs with RSA by SHA-2 and with ECDSA', async () => {
    for (const type of ['rsa', 'ecdsa'] as const) {
      const path = join(sshd.dir, `user_${type}`);
      makeKey(path, { type });
      appendFileSync(join(sshd.dir, 'authorized_keys'), `${publicKey(path)}\n`);
      await (await open(sshd, person(), { IdentityFile: `"${path}"` })).close();
    }
  });

  void it('uses the ssh-agent, and names the kinds of key that it passes over', async () => {
    const socket = join(sshd.dir, 'agent');
    const agent = await startProcess('ssh-agent', ['-D', '-a', socket]);
    try {
      const env = { ...process.env, SSH_AUTH_SOCK: socket };
      const add = (path: string): Buffer => execFileSync('ssh-add', ['-q', path], { env, stdio: 'pipe' });
      await waitFor(() => agent.output().includes('SSH_AUTH_SOCK'), { what: 'the ssh-agent' });
      for (const type of ['ed25519', 'rsa'] as const) {
        const path = join(sshd.dir, `agent_${type}`);
        makeKey(path, { type });
        appendFileSync(join(sshd.dir, 'authorized_keys'), `${publicKey(path)}\n`);
        add(path);
        const options = { IdentityAgent: socket, IdentityFile: `"${join(sshd.dir, 'none')}"`, IdentitiesOnly: 'no' };
        await (await open(sshd, person(), options)).close();
        // Only its public half is named: the agent's key is that one.
        await (await open(sshd, person(), { ...options, IdentityFile: `"${path}"`, IdentitiesOnly: 'yes' })).close();
        // The private half lies in the agent alone: hardware and password managers leave only `key.pub`.
        const moved = join(sshd.dir, `moved_${type}`);
        copyFileSync(`${path}.pub`, `${moved}.pub`);
        for (const named of [`${moved}.pub`, moved]) {
          const only = { ...options, IdentityFile: `"${named}"`, IdentitiesOnly: 'yes' };
          await (await open(sshd, person(), only)).close();
        }
        execFileSync('ssh-add', ['-q', '-D'], { env, stdio: 'pipe' });
        const gone = { ...options, IdentityFile: `"${moved}.pub"`, IdentitiesOnly: 'yes' };
        const problem = await problemOf(open(sshd, person(), gone));
        assert.match(problem.message, /moved_\w+\.pub: its private key is neither here nor in the ssh-agent/);
      }
      const path = join(sshd.dir, 'certified');
      makeKey(path);
      makeKey(join(sshd.dir, 'authority'));
      execFileSync('ssh-keygen', ['-q', '-s', join(sshd.dir, 'authority'), '-I', 'me', '-n', 'me', `${path}.pub`]);
      add(path);
      const none = { IdentityAgent: socket, IdentityFile: `"${join(sshd.dir, 'none')}"`, IdentitiesOnly: 'no' };
      const problem = await problemOf(open(sshd, person(), none));
      assert.equal(problem.code, 'login-refused');
      assert.match(problem.message, /Skipped: .*a certificate, which this program cannot use/);
    } finally {
      await agent.stop();
    }
  });

  void it('uses of the agent only the keys that are named, where the configuration says so', async () => {
    const socket = join(sshd.dir, 'agent2');
    const agent = await startProcess('ssh-agent', ['-D', '-a', socket]);
    try {
      await waitFor(() => agent.output().includes('SSH_AUTH_SOCK'), { what: 'the ssh-agent' });
      execFileSync('ssh-add', ['-q', sshd.userKeyPath], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
      const stranger = join(sshd.dir, 'stranger_only');
      makeKey(stranger);
      const options = { IdentityAgent: socket, IdentityFile: `"${stranger}.pub"` };
      const problem = await problemOf(open(sshd, person(), { ...options, IdentitiesOnly: 'yes' }));
      assert.equal(problem.code, 'login-refused');
      await (await open(sshd, person(), { ...options, IdentitiesOnly: 'no' })).close();
    } finally {
      await agent.stop();
    }
  });

  void it('ignores a private key that others may read, and warns, as ssh does', async () => {
    const path = join(sshd.dir, 'exposed');
    makeKey(path);
    appendFileSync(join(sshd.dir, 'authorized_keys'), `${publicKey(path)}\n`);
    for (const mode of [0o644, 0o640, 0o620, 0o604]) {
      chmodSync(path, mode);
      const warnings: string[] = [];
      const sshConfig = configFile(sshd, { IdentityFile: `"${path}"` });
      const opening = openSsh({
        target: 'box',
        sshConfig,
        prompter: person(),
        onWarning: (words) => warnings.push(words),
      });
      const problem = await problemOf(opening);
      assert.equal(problem.code, 'login-refused');
      assert.match(problem.message, /exposed: others can read it \(mode 06\d\d\), so it is ignored/);
      assert.match(warnings.join('\n'), /^The key .*exposed: others can read it .*chmod 600/);
      assert.equal(spawnSync('ssh', ['-F', sshConfig, '-o', 'BatchMode=yes', 'box', 'true']).status, 255);
    }
    chmodSync(path, 0o600);
    await (await open(sshd, person(), { IdentityFile: `"${path}"` })).close();
  });

  void it('says what a host offers that it has nothing in common with', async () => {
    const newer = await startSshd({ config: ['KexAlgorithms sntrup761x25519-sha512@openssh.com'] });
    const macs = await startSshd({ config: ['Ciphers aes128-ctr', 'MACs umac-128-etm@openssh.com'] });
    const older = await startSshd({ config: ['KexAlgorithms diffie-hellman-group14-sha1'] });
    try {
      const kex = await problemOf(open(newer));
      assert.equal(kex.code, 'unsupported');
      assert.match(
        kex.message,
        /key exchange method that this program can use: it offers sntrup761x25519-sha512@openssh.com\.$/,
      );
      assert.match(kex.hint ?? '', /KexAlgorithms \+curve25519-sha256$/);
      const mac = await problemOf(open(macs));
      assert.match(mac.message, /MAC that this program can use: it offers umac-128-etm@openssh.com\.$/);
      const old = await problemOf(open(older));
      assert.match(old.message, /no key exchange method that is still safe, only diffie-hellman-group14-sha1\.$/);
    } finally {
      await Promise.all([newer.stop(), macs.stop(), older.stop()]);
    }
  });

  void it('names files that it passes over', async () => {
    const path = join(sshd.dir, 'security_key');
    const type = Buffer.from('sk-ssh-ed25519@openssh.com');
    const blob = Buffer.concat([Buffer.from([0, 0, 0, type.length]), type, Buffer.alloc(40)]);
    writeFileSync(path, 'what a token wrote');
    writeFileSync(`${path}.pub`, `${type.toString()} ${blob.toString('base64')} me\n`);
    const problem = await problemOf(open(sshd, person(), { IdentityFile: `"${path}"` }));
    assert.match(problem.message, /security_key: a security key \(FIDO\)/);
  });
});
