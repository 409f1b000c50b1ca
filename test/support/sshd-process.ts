// Owns the sshd process itself: its configuration's text, a free port, and knowing when it greets.
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort, startProcess, waitFor, type StartedProcess } from './processes.ts';

/** Set in every session's environment to the server's folder, so that what a session left behind can be found. */
export const sessionMark = 'NUMA_PINBOARD_TEST_SSHD';

/** Starts sshd on a free port; another one when somebody was quicker. Comes back when it greets. */
export async function listen(
  dir: string,
  config: readonly string[],
): Promise<{ port: number; server: StartedProcess; configPath: string }> {
  // sshd run by root insists on its privilege separation folder, which Debian's service makes and nobody else.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const configPath = join(dir, 'sshd_config');
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    writeFileSync(configPath, [`Port ${String(port)}`, ...config, ''].join('\n'));
    // -r: no new program for each connection, which is most of what one costs; later releases do without asking.
    const server = await startProcess('/usr/sbin/sshd', ['-f', configPath, '-D', '-e', '-r']);
    const up = await waitFor(async () => (!server.running() ? 'ended' : (await greets(port)) ? 'up' : false), {
      what: () => `sshd to greet on port ${String(port)}:\n${server.output()}`,
    });
    // One that ended can have lost the port to a stranger who greets, too: look again.
    if (up === 'up' && server.running()) return { port, server, configPath };
    const taken = server.output().includes('Address already in use');
    if (!taken || attempt === 5) throw new Error(`sshd did not start:\n${server.output()}`);
  }
}

export function sshdConfig(
  dir: string,
  hostKeys: readonly string[],
  options: { config?: readonly string[]; environment: Readonly<Record<string, string>> },
): string[] {
  const environment = Object.entries({ ...options.environment, [sessionMark]: dir });
  return [
    ...(options.config ?? []),
    'ListenAddress 127.0.0.1',
    ...hostKeys.map((path) => `HostKey ${path}`),
    `AuthorizedKeysFile ${dir}/authorized_keys`,
    'StrictModes no', // the folder lies under /tmp, which everybody may write
    'UsePAM no', // needs root, and would bring the machine's own rules in
    'PermitRootLogin prohibit-password',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UseDNS no',
    'PrintMotd no',
    'PrintLastLog no',
    'PidFile none',
    'LogLevel VERBOSE',
    'MaxStartups 100', // tests connect many times; MaxSessions stays 10, as on real hosts
    'Subsystem sftp internal-sftp',
    `SetEnv ${environment.map(([name, value]) => `"${name}=${value}"`).join(' ')}`,
  ];
}

export function countStarts(server: StartedProcess): number {
  return server.output().split('Server listening on').length - 1;
}

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const answer = (yes: boolean): void => {
      socket.destroy();
      resolve(yes);
    };
    socket.setTimeout(5000, () => {
      answer(false);
    });
    socket.once('data', (chunk) => {
      answer(chunk.toString().startsWith('SSH-2.0'));
    });
    socket.once('error', () => {
      answer(false);
    });
    socket.once('close', () => {
      answer(false);
    });
  });
}
