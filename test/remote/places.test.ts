// Where the agent is put: the first place with room for it, from which programs may run; what is odd is passed over.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { deployAgent } from '../../src/remote/agent/deploy.ts';
import { removeFolder, temporaryFolder, waitFor } from '../support/processes.ts';
import { agentDir } from './ssh-support.ts';
import { through } from './shells.ts';

void describe('the place of the agent', { timeout: 200_000 }, () => {
  let dir = '';
  before(() => {
    dir = temporaryFolder('places');
  });
  after(() => removeFolder(dir));

  /** Puts it there and removes it again. @returns its private directory. */
  async function placeWith(env: NodeJS.ProcessEnv, umask = '022'): Promise<string> {
    const host = through('/bin/sh', ['-c', `umask ${umask}; cd ${dir}; exec /bin/sh`], { ...process.env, ...env });
    const agent = await deployAgent(host, agentDir);
    const place = dirname(agent.file);
    assert.equal(statSync(place).mode & 0o777, 0o700);
    assert.equal(statSync(agent.file).mode & 0o777, 0o700);
    await agent.remove();
    await waitFor(() => !existsSync(place), { what: `${place} to go` });
    return dirname(place);
  }

  void it('is the next one where the first is full, however small the rest of it', async (context) => {
    const full = join(dir, 'full');
    mkdirSync(full);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k,mode=700', 'none', full], { stdio: 'ignore' });
    } catch {
      context.skip('this account may not mount');
      return;
    }
    try {
      assert.notEqual(await placeWith({ XDG_RUNTIME_DIR: full }), full);
      assert.deepEqual(readdirSync(full), []);
    } finally {
      execFileSync('umount', [full]);
    }
  });

  void it('is none that is relative, and none that is not there', async () => {
    mkdirSync(join(dir, 'relative'));
    const odd = { XDG_RUNTIME_DIR: 'relative', XDG_CACHE_HOME: 'relative', TMPDIR: '/no/such place', HOME: undefined };
    const place = await placeWith(odd);
    assert.ok(place.startsWith('/') && !place.startsWith(dir), place);
    assert.deepEqual(readdirSync(join(dir, 'relative')), []);
  });

  void it('is private whatever the umask, and may have spaces', async () => {
    const odd = join(dir, 'a b$(c)');
    mkdirSync(odd);
    for (const umask of ['000', '077']) assert.equal(await placeWith({ XDG_RUNTIME_DIR: odd }, umask), odd);
  });
});
