// Owns a real sshd on 127.0.0.1 for a test: its keys, its configuration, its log, its sessions, its end.
import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { descendantsOf, processesWith, processName, signal } from './process-table.mjs';
import { removeFolder, temporaryFolder, waitFor, whenThisEnds } from './processes.ts';
import { fingerprint, makeKey, publicKey, type KeyType } from './ssh-keys.ts';
import { countStarts, listen, sessionMark, sshdConfig } from './sshd-process.ts';

export interface SshdOptions {
  /** Lines of sshd_config that go before ours: sshd takes the first value it meets, so they win. */
  readonly config?: readonly string[];
  /** Types of host keys, the first being `hostPublicKey`; default one ed25519. */
  readonly hostKeyTypes?: readonly KeyType[];
  /** Environment of every session (SetEnv). HOME is a private folder of the server's unless named here. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Sshd {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly user: string;
  /** The server's private folder: everything below lies in it. */
  readonly dir: string;
  /** HOME that the sessions see (their working directory stays the account's own home). */
  readonly home: string;
  readonly hostKeyPaths: readonly string[];
  readonly hostKeyPath: string;
  /** `TYPE BASE64`, of the key in force now. */
  readonly hostPublicKey: string;
  /** `SHA256:…`, of the key in force now. */
  readonly hostFingerprint: string;
  readonly userKeyPath: string;
  readonly userKeyPathEncrypted: string;
  readonly passphrase: string;
  /** A known_hosts file with the keys that the server had when it started. */
  readonly knownHostsPath: string;
  /** known_hosts lines of the keys in force now, one a type, no newline at the end. */
  readonly knownHostsLine: string;
  /** An ssh_config block for `alias`; `options` are added to it or replace its own. */
  configText(alias: string, options?: Readonly<Record<string, string>>): string;
  /** What sshd logged so far. */
  log(): string;
  /** Ids of the sshd processes that serve connections now. */
  sessions(): number[];
  /** Ids of all living processes that sessions started, also those that left their session or outlived it. */
  remoteProcesses(): number[];
  /** Kills every connection from the server's side, not what runs in it; the server goes on listening. */
  dropConnections(): void;
  /** Stops (`true`) or resumes (`false`) the server and its sessions: a host that answers nothing. */
  freeze(frozen: boolean): void;
  /** New host keys of the same types on the same port; connections that stand are kept. */
  rotateHostKey(): Promise<void>;
  stop(): Promise<void>;
}

export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const dir = temporaryFolder('sshd');
  const home = options.environment?.['HOME'] ?? join(dir, 'home');
  mkdirSync(home, { recursive: true });
  const types = options.hostKeyTypes ?? ['ed25519'];
  const hostKeyPaths = types.map((type) => join(dir, `host_${type}`));
  const hostKeyPath = hostKeyPaths[0] ?? '';
  const makeHostKeys = (): void => {
    for (const [index, type] of types.entries()) makeKey(hostKeyPaths[index] ?? '', { type });
  };
  makeHostKeys();
  const userKeyPath = join(dir, 'user_key');
  const userKeyPathEncrypted = join(dir, 'user_key_encrypted');
  const passphrase = 'correct horse battery staple';
  makeKey(userKeyPath);
  makeKey(userKeyPathEncrypted, { passphrase });
  const allowed = [userKeyPath, userKeyPathEncrypted].map(publicKey);
  writeFileSync(join(dir, 'authorized_keys'), allowed.join('\n') + '\n');

  const { port, server } = await listen(
    dir,
    sshdConfig(dir, hostKeyPaths, { ...options, environment: { ...options.environment, HOME: home } }),
  );
  const host = '127.0.0.1';
  const knownHostsPath = join(dir, 'known_hosts');
  const user = userInfo().username;
  const sessions = (): number[] => descendantsOf(server.pid).filter((pid) => processName(pid).startsWith('sshd'));
  const remoteProcesses = (): number[] => processesWith(sessionMark, dir);
  const freeze = (frozen: boolean): void => {
    for (const pid of [server.pid, ...sessions(), ...remoteProcesses()]) signal(pid, frozen ? 'SIGSTOP' : 'SIGCONT');
  };
  const sweep = (): void => {
    for (const pid of remoteProcesses()) signal(pid, 'SIGKILL');
  };
  whenThisEnds(sweep);
  const sshd: Sshd = {
    host,
    port,
    user,
    dir,
    home,
    hostKeyPaths,
    userKeyPath,
    userKeyPathEncrypted,
    passphrase,
    knownHostsPath,
    sessions,
    remoteProcesses,
    hostKeyPath,
    get hostPublicKey() {
      return publicKey(hostKeyPath);
    },
    get hostFingerprint() {
      return fingerprint(publicKey(hostKeyPath));
    },
    get knownHostsLine() {
      return hostKeyPaths.map((path) => `[${host}]:${String(port)} ${publicKey(path)}`).join('\n');
    },
    configText(alias, extra = {}) {
      const lines = {
        HostName: host,
        Port: String(port),
        User: user,
        IdentityFile: `"${userKeyPath}"`,
        IdentitiesOnly: 'yes',
        UserKnownHostsFile: `"${knownHostsPath}"`,
        GlobalKnownHostsFile: '/dev/null',
        ...extra,
      };
      return [`Host ${alias}`, ...Object.entries(lines).map(([key, value]) => `  ${key} ${value}`), ''].join('\n');
    },
    log: () => server.output(),
    dropConnections() {
      for (const pid of sessions()) signal(pid, 'SIGKILL');
    },
    freeze,
    async rotateHostKey() {
      const starts = countStarts(server);
      makeHostKeys();
      signal(server.pid, 'SIGHUP');
      await waitFor(() => countStarts(server) > starts, { what: () => `sshd to start again:\n${server.output()}` });
    },
    async stop() {
      // A frozen process takes no TERM.
      freeze(false);
      await server.stop();
      sweep();
      removeFolder(dir);
    },
  };
  writeFileSync(knownHostsPath, sshd.knownHostsLine + '\n');
  return sshd;
}
