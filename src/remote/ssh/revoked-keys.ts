/** RevokedHostKeys: a text with one public key a line, or OpenSSH's binary list (KRL), which its own ssh-keygen reads. */

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PinboardError } from '../../model/problem.ts';
import { clean } from '../../model/text/clean.ts';
import { codeOrMessage } from '../system-error.ts';
import { encodedKey } from './host-key-blob.ts';
import type { HostKey } from './host-key-blob.ts';

const KRL_MAGIC = 'SSHKRL\n\0';
const PROGRAM_MS = 20_000;

function unusable(path: string, why: string, hint: string | null = null): PinboardError {
  return new PinboardError('bad-file', `The list of revoked keys ${path} ${why}, so no host is trusted.`, hint);
}

/** As OpenSSH, a line that is no key spoils the list: what it was meant to revoke is not known. */
function isInText(text: string, path: string, key: HostKey): boolean {
  for (const [at, content] of text.split('\n').entries()) {
    const line = (content.split('\0', 1)[0] ?? '').replace(/^[ \t]+/, '');
    if (line === '' || line.startsWith('#')) continue;
    const [type = '', encoded = ''] = line.split(/[ \t]+/);
    const revoked = encodedKey(type, encoded);
    if (revoked === null) {
      throw unusable(path, `holds no public key in line ${at + 1}`, 'Each line is TYPE BASE64, or a comment after #.');
    }
    if (revoked.base64 === key.base64) return true;
  }
  return false;
}

async function isInKrl(path: string, key: HostKey, signal: AbortSignal | undefined): Promise<boolean> {
  const dir = await mkdtemp(join(tmpdir(), 'numa-pinboard-key-'));
  try {
    const file = join(dir, 'host.pub');
    await writeFile(file, `${key.type} ${key.base64}\n`, { mode: 0o600 });
    const [code, stdout, stderr] = await new Promise<[number | string | null, string, string]>((resolve) => {
      const options = { timeout: PROGRAM_MS, ...(signal ? { signal } : {}) };
      execFile('ssh-keygen', ['-Q', '-f', path, file], options, (error, out, err) =>
        resolve([error === null ? 0 : (error.code ?? null), out, err]),
      );
    });
    if (code === 0 && /: ok\s*$/.test(stdout)) return false;
    if (/: REVOKED\s*$/.test(stdout)) return true;
    if (code === 'ENOENT') {
      throw unusable(
        path,
        'is a binary list (KRL), which only ssh-keygen can read, and that is not installed',
        'Install the OpenSSH client, or give RevokedHostKeys a text file with one public key a line.',
      );
    }
    throw unusable(path, `cannot be read by ssh-keygen: ${clean(stderr, 200) || String(code)}`);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** @throws PinboardError `bad-file` where the list does not say. */
export async function isRevoked(path: string | null, key: HostKey, signal?: AbortSignal): Promise<boolean> {
  if (path === null) return false;
  // A pipe would be waited for.
  if ((await stat(path).catch(() => null))?.isFile() === false) throw unusable(path, 'is not a regular file');
  const text = await readFile(path, 'latin1').catch((error: unknown) => {
    throw unusable(path, `cannot be read (${codeOrMessage(error)})`);
  });
  return text.startsWith(KRL_MAGIC) ? isInKrl(path, key, signal) : isInText(text, path, key);
}
