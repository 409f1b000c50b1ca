// Owns how emulated hosts are found: an ssh config and its known_hosts, and the line that has the file which the product looks
// into for this user include them. ~/.ssh/config stays as it is.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

/**
 * Writes `ssh_config` and `known_hosts` for these hosts into `folder`; each has a second alias for its unprivileged user.
 *
 * @param {string} folder
 * @param {readonly { readonly alias: string, readonly port: number }[]} hosts
 * @param {import('./types.ts').Keys} keys
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

/**
 * Has the product find the hosts of `config` (`found`), or no longer. Other labs' lines, of other checkouts, stay.
 * @param {string} config
 * @param {boolean} found
 */
export function showToProduct(config, found) {
  const file = productsFile();
  const line = `Include ${quoted(config)}`;
  const before = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  if (before.includes(line) === found) return;
  const lines = found ? [...before, line] : before.filter((one) => one !== line);
  if (lines.length === 0) return rmSync(file);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  put(file, `${lines.join('\n')}\n`);
}

/** As src/remote/ssh/config.ts has it. */
function productsFile() {
  const base = process.env['XDG_CONFIG_HOME'] ?? '';
  return join(isAbsolute(base) ? base : join(userInfo().homedir, '.config'), 'numa-pinboard', 'ssh_config');
}

/**
 * @param {string} path
 * @param {string} text
 */
function put(path, text, mode = 0o600) {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text, { mode });
  renameSync(draft, path);
}

/** @param {string} path */
function quoted(path) {
  return `"${path.replaceAll('%', '%%')}"`;
}
