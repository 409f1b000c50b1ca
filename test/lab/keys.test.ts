// The lab's keys, when two commands are the first on one machine at the same instant.
import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { varied } from '../support/long.ts';
import { startProcess, temporaryFolder, waitFor } from '../support/processes.ts';

const keys = new URL('../../scripts/lab/keys.mjs', import.meta.url).href;
/** Says that it is loaded, then waits without sleeping, so that both begin within one another's first steps. */
const make = `import { existsSync } from 'node:fs';
import { labKeys } from ${JSON.stringify(keys)};
console.error('loaded');
while (!existsSync(process.env.BEGIN));
console.log(JSON.stringify(labKeys(() => undefined)));`;
/** A pair that is linked file by file fails in one round of four. */
const rounds = varied(6, 12);

void it('commands that begin at the same instant share one set of keys, and leave no other', async () => {
  for (let round = 0; round < rounds; round++) {
    const cache = temporaryFolder('lab-keys');
    const begin = join(temporaryFolder('lab-keys-begin'), 'now');
    const env = { ...process.env, NUMA_PINBOARD_CACHE: cache, BEGIN: begin };
    const argv = ['--input-type=module', '--eval', make];
    const made = await Promise.all([1, 2].map(() => startProcess(process.execPath, argv, { env })));
    for (const command of made)
      await waitFor(() => command.output().includes('loaded'), { what: () => command.output(), timeoutMs: 120_000 });
    writeFileSync(begin, '');
    const codes = await Promise.all(made.map(async ({ ended }) => (await ended).code));
    const said = made.map((command) => command.output());
    assert.deepEqual(codes, [0, 0], said.join('\n'));
    assert.equal(new Set(said).size, 1, said.join('\n'));
    assert.deepEqual(readdirSync(join(cache, 'lab')), ['keys']);
    assert.deepEqual(readdirSync(join(cache, 'lab', 'keys')).sort(), ['host', 'host.pub', 'user', 'user.pub']);
  }
});
