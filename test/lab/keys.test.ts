// The lab's keys, when two commands are the first on one machine at the same instant.
import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { varied } from '../support/long.ts';
import { startProcess, temporaryFolder, waitFor } from '../support/processes.ts';

const keys = new URL('../../scripts/lab/keys.mjs', import.meta.url).href;
/** A pair that is linked file by file fails in one round of four. */
const rounds = varied(6, 12);
/** In each round says that it is there, then waits without sleeping, so that both begin within one another's first steps. */
const make = `import { existsSync } from 'node:fs';
import { labKeys } from ${JSON.stringify(keys)};
for (const cache of JSON.parse(process.env.CACHES)) {
  process.env.NUMA_PINBOARD_CACHE = cache;
  console.error('ready for ' + cache);
  while (!existsSync(cache + '.begin'));
  console.error(JSON.stringify(labKeys(() => undefined)));
}`;

void it('commands that begin at the same instant share one set of keys, and leave no other', async () => {
  const folder = temporaryFolder('lab-keys');
  const caches = Array.from({ length: rounds }, (_, round) => join(folder, String(round)));
  const env = { ...process.env, CACHES: JSON.stringify(caches) };
  const argv = ['--input-type=module', '--eval', make];
  const made = await Promise.all([1, 2].map(() => startProcess(process.execPath, argv, { env })));
  for (const cache of caches) {
    for (const command of made)
      await waitFor(() => command.output().includes(`ready for ${cache}\n`) || !command.running(), {
        what: () => command.output(),
        timeoutMs: 120_000,
      });
    writeFileSync(`${cache}.begin`, '');
  }
  const codes = await Promise.all(made.map(async ({ ended }) => (await ended).code));
  const said = made.map((command) => command.output());
  assert.deepEqual(codes, [0, 0], said.join('\n'));
  const [first = '', second] = said;
  assert.equal(second, first);
  assert.equal(first.match(/^\{/gm)?.length, rounds, first);
  for (const cache of caches) {
    assert.deepEqual(readdirSync(join(cache, 'lab')), ['keys']);
    assert.deepEqual(readdirSync(join(cache, 'lab', 'keys')).sort(), ['host', 'host.pub', 'user', 'user.pub']);
  }
});
