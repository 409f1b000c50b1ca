// The main job in a real VS Code: the packaged extension, a real sshd with a key, from the palette to the exported page.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseSnapshot } from '../../src/protocol/snapshot.ts';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import { startSshd } from '../support/sshd.ts';
import { bundleTestModule } from './harness/bundle.ts';
import { reportChecks } from './harness/checks.ts';
import { runInWorkbench } from './harness/run.ts';
import { packExtension } from './package.ts';

test('connect, see, pin, measure, export', { timeout: 14 * 60_000 }, async (context) => {
  const vsix = await packExtension();
  const sshd = await startSshd();
  const workspace = temporaryFolder('workspace');
  try {
    const sshConfig = join(sshd.dir, 'client.conf');
    writeFileSync(sshConfig, sshd.configText('numa-box'));
    mkdirSync(join(workspace, 'docs'));
    const testsPath = await bundleTestModule(fileURLToPath(new URL('suite/board.ts', import.meta.url)));
    const settings = { 'numaPinboard.sshConfig': sshConfig };
    const result = await runInWorkbench({ vsix, testsPath, workspace, settings, timeoutMs: 12 * 60_000 });
    await reportChecks(context, result);

    await context.test('the exported folder is whole', () => {
      const [folder, ...others] = readdirSync(join(workspace, 'docs', 'numa'));
      assert.ok(folder !== undefined && others.length === 0, 'exactly one folder was exported');
      assert.match(folder, /^\d{4}-\d{2}-\d{2}-\d{4}-numa-box$/);
      const read = (name: string): string => readFileSync(join(workspace, 'docs', 'numa', folder, name), 'utf8');
      const run = parseSnapshot(read('run.numa.json'));
      assert.equal(run.host.transport, 'ssh');
      assert.ok(run.results[0]?.valid, run.results[0]?.why ?? 'no result');
      const report = read('report.md');
      for (const words of [
        '## Figures',
        '## Placement',
        '## Where',
        '## How to repeat it',
        'topology.svg',
        'numa-box',
      ]) {
        assert.ok(report.includes(words), `the page lacks "${words}"`);
      }
      assert.match(read('topology.svg'), /id="PU_0_rect"/);
    });
    await context.test('nothing is left on the host', () => {
      assert.deepEqual(sshd.remoteProcesses(), []);
    });
  } finally {
    await sshd.stop();
    removeFolder(workspace);
  }
});
