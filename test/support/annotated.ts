// Owns the way of a measurement into hwloc and back: the script of `bench nodes --format hwloc` is run by a shell, and read is what
// lstopo shows of the topology that it made.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What lstopo shows of the topology `xml` with what the script adds. */
export function annotated(folder: string, script: string, xml: string): string {
  const [program, plain, measured] = [
    join(folder, 'script.sh'),
    join(folder, 'plain.xml'),
    join(folder, 'measured.xml'),
  ];
  writeFileSync(program, script);
  writeFileSync(plain, xml);
  const answer = spawnSync('sh', [program, plain, measured], { encoding: 'utf8' });
  assert.equal(answer.status, 0, answer.stderr);
  // hwloc-annotate says what it could not add on stderr alone.
  assert.equal(answer.stderr, '');
  const shown = (what: string): string =>
    execFileSync('lstopo', [what, '--disallowed', '-i', measured], { encoding: 'utf8' });
  return shown('--memattrs') + shown('--distances');
}

/** "NUMANode L#1 = 140 from cpuset 0x00000003", of one attribute. */
export function attribute(shown: string, name: string): string[] {
  const [, block = ''] = new RegExp(`name \`${name}' flags \\d+\\n((?:  .*\\n)*)`).exec(shown) ?? [];
  return [...block.matchAll(/NUMANode L#(\d+) = (\d+) from cpuset (0x[\da-fx,]+)/g)]
    .map((found) => found.slice(1, 4).join(' '))
    .sort();
}

/** The rows of a matrix without their first column. */
export function matrix(shown: string, name: string): number[][] {
  const [, block = ''] = new RegExp(`\\(name ${name} kind .*\\n.*\\n((?: +\\d.*\\n)*)`).exec(shown) ?? [];
  return block
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).slice(1).map(Number));
}
