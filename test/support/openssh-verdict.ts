// Owns two verdicts on one host's key: of the real ssh, and ours. The server is a real sshd behind a pipe, so that a host may have
// any name and any port: `sshd -i` for ssh, a connection to one that listens for us, which costs a third.
import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { PinboardError } from '../../src/model/problem.ts';
import { resolveHost } from '../../src/remote/ssh/config.ts';
import { connectHop } from '../../src/remote/ssh/hop.ts';
import type { Prompter } from '../../src/remote/transport.ts';
import { makeKey, publicKey, type KeyType } from './ssh-keys.ts';
import { listen } from './sshd-process.ts';

export const SERVER_KEYS: readonly KeyType[] = ['ed25519', 'ecdsa', 'rsa'];

export interface PipedSshd {
  readonly dir: string;
  readonly configPath: string;
  readonly port: number;
  /** `TYPE BASE64` of its own keys, in the order of SERVER_KEYS. */
  readonly own: readonly string[];
  /** Keys of the same types that it does not have. */
  readonly strange: readonly string[];
  stop(): Promise<void>;
}

export async function makePipedSshd(dir: string): Promise<PipedSshd> {
  for (const type of SERVER_KEYS) {
    makeKey(join(dir, `host_${type}`), { type });
    makeKey(join(dir, `strange_${type}`), { type });
  }
  const lines = SERVER_KEYS.map((type) => `HostKey ${join(dir, `host_${type}`)}`);
  // What ssh would rather have costs it five times all the rest.
  lines.push('KexAlgorithms curve25519-sha256');
  lines.push('UsePAM no', 'StrictModes no', 'AuthorizedKeysFile none', 'ListenAddress 127.0.0.1', 'MaxStartups 100');
  const { port, server, configPath } = await listen(dir, lines);
  const keys = (kind: string): string[] => SERVER_KEYS.map((type) => publicKey(join(dir, `${kind}_${type}`)));
  return { dir, configPath, port, own: keys('host'), strange: keys('strange'), stop: () => server.stop() };
}

export interface Verdict {
  readonly trusted: boolean;
  /** The problem's code, or ssh's words. */
  readonly why: string;
  readonly warnings: readonly string[];
}

/** ssh's: it gets as far as the login, which nobody can pass, or it does not. */
export async function opensshVerdict(config: string, cwd: string): Promise<Verdict> {
  const stderr = await new Promise<string>((resolve) => {
    const child = execFile(
      'ssh',
      ['-T', '-o', 'BatchMode=yes', '-F', config, 'box', 'true'],
      // Its shell starts the server: a small one.
      { timeout: 60_000, cwd, env: { ...process.env, SHELL: '/bin/sh' } },
      (_error, _out, err) => resolve(err),
    );
    child.stdin?.end();
  });
  const trusted = stderr.includes('Permission denied');
  const refused = /Host key verification failed|no matching host key|Bad server host key|Connection to .* closed/.test(
    stderr,
  );
  if (trusted === refused) throw new Error(`ssh neither trusts nor refuses:\n${stderr}`);
  return { trusted, why: stderr, warnings: [] };
}

const nobody: Prompter = {
  confirmHostKey: () => Promise.reject(new PinboardError('prompt-needed', 'nobody can be asked')),
  secret: () => Promise.resolve(null),
};

export async function ourVerdict(sshd: PipedSshd, config: string): Promise<Verdict> {
  const warnings: string[] = [];
  const socket = connect(sshd.port, '127.0.0.1');
  try {
    const settings = await resolveHost('box', config);
    const via = Duplex.from({ readable: socket, writable: socket });
    via.on('error', () => undefined);
    const warn = (words: string): void => void warnings.push(words);
    const once = { loginMs: 30_000, knownKey: null, answers: new Map<string, string>() };
    const hop = await connectHop({
      settings,
      prompter: nobody,
      signal: undefined,
      onStep: () => undefined,
      warn,
      via,
      ...once,
    });
    await hop.end(false);
    throw new Error('nobody can log in there');
  } catch (error) {
    if (!(error instanceof PinboardError) || error.code === 'unreachable') throw error;
    return {
      trusted: error.code === 'login-refused',
      why: `${error.code}: ${error.message} ${error.hint ?? ''}`,
      warnings,
    };
  } finally {
    socket.destroy();
  }
}
