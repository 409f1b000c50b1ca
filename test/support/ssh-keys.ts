// Owns the keys of a test's sshd and its user: made by ssh-keygen, in the test's own folder, never found elsewhere.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';

export type KeyType = 'ed25519' | 'rsa' | 'ecdsa';

/** Makes a key pair at `path` and `path`.pub, in place of one that is there. */
export function makeKey(path: string, options: { type?: KeyType; passphrase?: string; comment?: string } = {}): void {
  rmSync(path, { force: true });
  rmSync(`${path}.pub`, { force: true });
  const type = options.type ?? 'ed25519';
  const bits = type === 'rsa' ? ['-b', '2048'] : [];
  // Few rounds of bcrypt (-a): what is tested is that a passphrase is asked for and used, not how long guessing takes.
  const secret = ['-N', options.passphrase ?? '', '-a', '4'];
  const args = ['-q', '-t', type, ...bits, ...secret, '-C', options.comment ?? 'numa-pinboard-test', '-f', path];
  execFileSync('ssh-keygen', args, { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** `TYPE BASE64` of the public half, as known_hosts and authorized_keys hold it (no comment). */
export function publicKey(path: string): string {
  return readFileSync(`${path}.pub`, 'utf8').trim().split(' ').slice(0, 2).join(' ');
}

/** `SHA256:…` as ssh shows it. */
export function fingerprint(publicKeyText: string): string {
  const blob = Buffer.from(publicKeyText.split(' ')[1] ?? '', 'base64');
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}
