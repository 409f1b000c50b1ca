// The shells that scripts must work in, as "hosts" of their own.
import { execFileSync, spawn } from 'node:child_process';
import { varied } from '../support/long.ts';
import { signal } from '../support/process-table.mjs';
import type { Channel, Transport } from '../../src/remote/transport.ts';

/** /bin/sh is one of these on nearly every Linux host; bash as itself is what most accounts have, and stands for bash as /bin/sh. */
export const SHELLS = [
  ...([['dash'], ['bash']] as const),
  ...varied([], [['bash', '--posix']] as const),
  ...([['busybox', 'ash'], ['mksh'], ['zsh']] as const),
];

/** As long as connect/local.ts gives what watches over a connection before the shell is killed. */
const GRACE_MS = 5000;

/** A "host" whose command is whatever the test says. `kind` ssh: so that answers are packed. */
export function through(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Transport {
  return {
    kind: 'ssh',
    name: 'test',
    lost: new Promise(() => undefined),
    close: () => Promise.resolve(),
    shell: () => {
      const child = spawn(command, args, { stdio: 'pipe', env, detached: true });
      child.stdin.on('error', () => undefined);
      const channel: Channel = {
        stdin: child.stdin,
        stdout: child.stdout,
        stderr: child.stderr,
        exited: new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal }))),
        close() {
          child.stdin.end();
          child.stdout.resume();
          child.stderr.resume();
          const timer = setTimeout(() => void signal(-(child.pid ?? 0), 'SIGKILL'), GRACE_MS);
          child.once('exit', () => {
            clearTimeout(timer);
          });
        },
      };
      return Promise.resolve(channel);
    },
  };
}

/** Whether the shell is installed here. */
export const has = (shell: string, args: readonly string[]): boolean => {
  try {
    execFileSync(shell, [...args, '-c', ':'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
