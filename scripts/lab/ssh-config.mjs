// Owns how emulated hosts are found: an ssh config and its known_hosts, and the line that has ~/.ssh/config include them.
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Writes `ssh_config` and `known_hosts` for these hosts into `folder`; each has a second alias for its unprivileged user.
 *
 * @param {string} folder
 * @param {{ alias: string, port: number }[]} hosts
 * @param {import('./keys.mjs').Keys} keys
 * @returns {string} the path of the ssh config
 */
export function writeSshConfig(folder, hosts, keys) {
  const known = join(folder, 'known_hosts');
  const config = join(folder, 'ssh_config');
  put(known, hosts.map(({ port }) => `[127.0.0.1]:${port} ${keys.hostPublic}\n`).join(''));
  const blocks = hosts.flatMap(({ alias, port }) =>
    ['root', 'bench'].map((user) =>
      [
        `Host ${user === 'root' ? alias : `${alias}-${user}`}`,
        '  HostName 127.0.0.1',
        `  Port ${port}`,
        `  User ${user}`,
        `  IdentityFile ${quoted(keys.userKey)}`,
        '  IdentitiesOnly yes',
        `  UserKnownHostsFile ${quoted(known)}`,
        '  GlobalKnownHostsFile /dev/null',
        '  StrictHostKeyChecking yes',
        '',
      ].join('\n'),
    ),
  );
  put(
    config,
    `# Emulated hosts of NUMA Pinboard's lab. Written anew by "npm run lab"; changes are lost.\n${blocks.join('\n')}`,
  );
  return config;
}

export const includeLine = (config) => `Include ${quoted(config)}`;

/** Whether the user's own ssh config includes this one. */
export function isIncluded(config, own = ownConfig()) {
  return existsSync(own) && readFileSync(own, 'utf8').split(/\r?\n/).includes(includeLine(config));
}

/** Puts the line first: further down it would belong to the block above it. */
export function include(config, own = ownConfig()) {
  if (isIncluded(config, own)) return;
  mkdirSync(dirname(own), { recursive: true, mode: 0o700 });
  const before = existsSync(own) ? readFileSync(own, 'utf8') : '';
  replace(own, `${includeLine(config)}\n${before === '' ? '' : `\n${before}`}`);
}

export function exclude(config, own = ownConfig()) {
  if (!isIncluded(config, own)) return;
  const line = includeLine(config).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  replace(own, readFileSync(own, 'utf8').replace(new RegExp(`^${line}\\r?\\n(\\r?\\n)?`, 'm'), ''));
}

export function ownConfig() {
  return join(homedir(), '.ssh', 'config');
}

function replace(path, text) {
  // What is linked elsewhere (dotfiles) stays a link, and keeps its mode.
  const real = existsSync(path) ? realpathSync(path) : path;
  put(real, text, existsSync(real) ? statSync(real).mode & 0o777 : 0o600);
}

function put(path, text, mode = 0o600) {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text, { mode });
  renameSync(draft, path);
}

function quoted(path) {
  return `"${path.replaceAll('%', '%%')}"`;
}
