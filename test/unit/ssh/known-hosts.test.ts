// known_hosts lines against what sshd(8) says of them, and against ssh-keygen where it is here.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fingerprint, hostKeyFrom, rsaBits, type HostKey } from '../../../src/remote/ssh/host-key-blob.ts';
import { formatKnownHost, judge, knownName, knownTypes, parseKnownHosts } from '../../../src/remote/ssh/known-hosts.ts';
import { temporaryFolder } from '../../support/processes.ts';
import { fingerprint as opensshFingerprint, makeKey, publicKey } from '../../support/ssh-keys.ts';

const part = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
function keyOf(type: string, seed: string): HostKey {
  return hostKeyFrom(Buffer.concat([part(Buffer.from(type)), part(Buffer.from(seed.repeat(32)))]));
}
const A = keyOf('ssh-ed25519', 'a');
const B = keyOf('ssh-ed25519', 'b');
const RSA = keyOf('ssh-rsa', 'r');
const text = (key: HostKey): string => `${key.type} ${key.base64}`;
const kind = (lines: string, key: HostKey, host = 'box', port = 22): string =>
  judge(parseKnownHosts(lines, 'f'), knownName(host, port), knownName(host, 22), key).kind;

void describe('known hosts', () => {
  void it('knows, does not know, and tells a changed key with file and line', () => {
    assert.equal(kind(`box ${text(A)}`, A), 'known');
    assert.equal(kind(`box,10.0.0.1 ${text(A)} a comment`, A, '10.0.0.1'), 'known');
    assert.equal(kind(`other ${text(A)}`, A), 'unknown');
    const verdict = judge(parseKnownHosts(`# list\n\nbox ${text(A)}\n`, '/k'), 'box', 'box', B);
    assert.deepEqual(verdict, { kind: 'changed', where: { file: '/k', line: 3 } });
  });
  void it('takes any of several keys of one type', () => {
    assert.equal(kind(`box ${text(A)}\nbox ${text(B)}`, B), 'known');
  });
  void it('measures an RSA key by its modulus', () => {
    const modulus = (bytes: number[]): HostKey =>
      hostKeyFrom(Buffer.concat([Buffer.from('ssh-rsa'), Buffer.from([1, 0, 1]), Buffer.from(bytes)].map(part)));
    assert.equal(rsaBits(modulus([0, 0x80, 0, 0])), 24);
    assert.equal(rsaBits(modulus([0x01, 0])), 9);
    assert.equal(rsaBits(A), null);
  });
  void it('ignores case of names and does not take a part of a name', () => {
    assert.equal(kind(`Box ${text(A)}`, A, 'bOX'), 'known');
    assert.equal(kind(`box.example ${text(A)}`, A, 'box'), 'unknown');
    assert.equal(kind(`b.x ${text(A)}`, A, 'box'), 'unknown');
  });
  void it('matches ports, and falls back to the bare name only for the same key', () => {
    assert.equal(kind(`[box]:2222 ${text(A)}`, A, 'box', 2222), 'known');
    assert.equal(kind(`[box]:2222 ${text(A)}`, A, 'box', 22), 'unknown');
    assert.equal(kind(`box ${text(A)}`, A, 'box', 2222), 'known');
    assert.equal(kind(`box ${text(A)}`, B, 'box', 2222), 'unknown');
    assert.equal(kind(`[box]:2222 ${text(B)}\nbox ${text(A)}`, A, 'box', 2222), 'changed');
    assert.equal(kind(`[2001:db8::1]:2222 ${text(A)}`, A, '2001:DB8::1', 2222), 'known');
  });
  void it('matches patterns, and a negation takes the whole line away', () => {
    assert.equal(kind(`*.lab,!bad.lab ${text(A)}`, A, 'good.lab'), 'known');
    assert.equal(kind(`*.lab,!bad.lab ${text(A)}`, A, 'bad.lab'), 'unknown');
    assert.equal(kind(`!bad.lab ${text(A)}`, A, 'good.lab'), 'unknown');
    assert.equal(kind(`b?x ${text(A)}`, A), 'known');
    assert.equal(kind(`[*.lab]:22?? ${text(A)}`, A, 'a.lab', 2222), 'known');
  });
  void it('refuses revoked keys, whatever else is said of them', () => {
    assert.equal(kind(`box ${text(A)}\n@revoked * ${text(A)}`, A), 'revoked');
    assert.equal(kind(`@revoked box ${text(A)}`, A, 'box', 2222), 'revoked');
    assert.equal(kind(`@revoked * ${text(A)}\nbox ${text(B)}`, B), 'known');
  });
  void it('does not take an authority for a key, and says that there is one', () => {
    const hosts = parseKnownHosts(`@cert-authority *.lab ${text(A)}`, 'f');
    assert.deepEqual(judge(hosts, 'a.lab', 'a.lab', A), { kind: 'unknown', authority: { file: 'f', line: 1 } });
    assert.deepEqual(knownTypes(hosts, 'a.lab'), []);
  });
  void it('asks first for types that can be checked, and does not let another type pass', () => {
    const hosts = parseKnownHosts(`box ${text(RSA)}`, 'f');
    assert.deepEqual(knownTypes(hosts, 'box'), ['ssh-rsa']);
    assert.equal(judge(hosts, 'box', 'box', A).kind, 'changed');
    assert.equal(kind(`box ${text(keyOf('ssh-dss', 'd'))}`, A), 'changed');
  });
  void it('passes over lines that are nothing', () => {
    const lines = [
      '',
      '#',
      'box',
      'box ssh-ed25519',
      'box ssh-ed25519 !!!',
      `box ssh-rsa ${A.base64}`,
      '@other box x y',
    ];
    assert.deepEqual(parseKnownHosts(lines.join('\n'), 'f'), []);
  });
  void it('reads what ssh-keygen hashed, and writes what ssh-keygen finds', () => {
    const dir = temporaryFolder('known-hosts');
    const file = join(dir, 'known_hosts');
    makeKey(join(dir, 'key'));
    const [type = '', base64 = ''] = publicKey(join(dir, 'key')).split(' ');
    const key = { type, base64 };
    writeFileSync(file, `[box]:2222 ${text(key)}\n`);
    execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' });
    assert.match(readFileSync(file, 'utf8'), /^\|1\|/);
    assert.equal(kind(readFileSync(file, 'utf8'), key, 'box', 2222), 'known');
    assert.equal(kind(readFileSync(file, 'utf8'), key, 'box', 2223), 'unknown');
    for (const hashed of [false, true]) {
      writeFileSync(file, formatKnownHost('[host]:22022', key, hashed));
      const found = execFileSync('ssh-keygen', ['-F', '[host]:22022', '-f', file], { encoding: 'utf8' });
      assert.ok(found.includes(base64));
    }
    assert.equal(fingerprint(key), opensshFingerprint(text(key)));
  });
});
