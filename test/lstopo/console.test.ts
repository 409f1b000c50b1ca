// What lstopo prints on a terminal, by the real lstopo of recorded machines: read as the XML of the same machine is.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { checkTopology } from '../../src/model/topology/check.ts';
import { looksLikeConsole, readConsole } from '../../src/model/formats/lstopo/console.ts';
import { differences } from '../../src/model/formats/lstopo/differences.ts';
import { readLstopoXml } from '../../src/model/formats/lstopo/read.ts';
import type { Topology } from '../../src/model/topology/topology.ts';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import { readRecording } from '../support/recording.ts';

const MACHINES = new URL('../fixtures/machines/', import.meta.url);
const names = readdirSync(MACHINES).filter((name) => name.endsWith('.tar.gz'));

/** Without what the short form leaves out (distances), and what it rounds, which is compared by itself. */
const short = (topology: Topology): Topology => ({
  ...topology,
  nodes: topology.nodes.map((node) => ({ ...node, distances: {} })),
  caches: topology.caches.map((cache) => ({ ...cache, sizeBytes: null })),
});

/** Up to 10 GiB lstopo prints whole MB, above that whole GB; caches up to 10 MiB in whole KB. */
function assertRounded(read: number | null, whole: number | null): void {
  const unit = (whole ?? 0) < 10 * 2 ** 20 ? 2 ** 10 : (whole ?? 0) < 10 * 2 ** 30 ? 2 ** 20 : 2 ** 30;
  assert.ok(Math.abs((read ?? 0) - (whole ?? 0)) <= unit / 2, `${read} of ${whole}`);
}

const sideCaches = ({ nodes }: Topology): unknown => nodes.map(({ id, memorySideCaches }) => [id, memorySideCaches]);

for (const name of names) {
  test(`${name}: its lstopo's console text reads as its XML does, in every form`, async (t) => {
    const { lstopo } = await readRecording(new URL(name, MACHINES));
    assert.ok(lstopo);
    const topology = readLstopoXml(lstopo, name);
    const folder = temporaryFolder('console');
    t.after(() => removeFolder(folder));
    const path = join(folder, 'machine.xml');
    writeFileSync(path, lstopo);
    for (const options of [[], ['-p'], ['--no-io', '--no-legend'], ['-v'], ['-v', '-p']]) {
      const text = execFileSync('lstopo-no-graphics', ['-i', path, '--disallowed', '--of', 'console', ...options], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      assert.ok(looksLikeConsole(text.slice(0, 4096)), text);
      const read = readConsole(text, name);
      assert.deepEqual(checkTopology(read), []);
      assert.deepEqual(sideCaches(read), sideCaches(topology));
      if (options.includes('-v')) assert.deepEqual(differences(topology, read, { memory: true }), []);
      else assert.deepEqual(differences(short(topology), short(read), { memory: false }), []);
      read.nodes.forEach(({ memoryBytes }, i) => {
        assertRounded(memoryBytes, topology.nodes[i]?.memoryBytes ?? null);
      });
      read.caches.forEach(({ sizeBytes }, i) => {
        assertRounded(sizeBytes, topology.caches[i]?.sizeBytes ?? null);
      });
      const numbered = options.length > 0 && options[0] !== '--no-io';
      if (numbered)
        assert.deepEqual(
          read.packages.map(({ id }) => id),
          topology.packages.map(({ id }) => id),
        );
      else assert.ok(read.cores.every(({ id }) => id === null));
    }
  });
}
