// Owns Prometheus' own checker of metrics: out of the Debian package, unpacked and not installed, for that would start a service.
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** @param folder that it is unpacked in. @returns its path. */
export function fetchPromtool(folder: string): string {
  execFileSync('apt-get', ['download', 'prometheus'], { cwd: folder, stdio: 'pipe' });
  const [deb = ''] = readdirSync(folder).filter((name) => /^prometheus_.*\.deb$/.test(name));
  execFileSync('dpkg-deb', ['-x', join(folder, deb), folder]);
  return join(folder, 'usr/bin/promtool');
}

/** What it complains of, by the line. */
export function complaintsOf(promtool: string, text: string): string[] {
  const { stdout, stderr } = spawnSync(promtool, ['check', 'metrics'], { input: text, encoding: 'utf8' });
  return `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
}
