// The main job in a real VS Code: the packaged extension, a real sshd with a key, from the palette to the exported page. A long run does it in the
// oldest VS Code that the package declares, too.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseRun } from '../../src/protocol/run.ts';
import type { Engine } from '../../scripts/setup/vscode.mjs';
import { varied } from '../support/long.ts';
import { removeFolder, temporaryFolder, waitFor } from '../support/processes.ts';
import { bootLab } from '../support/lab.ts';
import { startSshd } from '../support/sshd.ts';
import { bundleTestModule } from './harness/bundle.ts';
import { reportChecks } from './harness/checks.ts';
import { runInWorkbench } from './harness/run.ts';
import { packExtension } from '../support/packages.ts';

const engines = varied<readonly Engine[]>(['newest'], ['newest', 'oldest']);
for (const engine of engines)
  void test(`connect, see, pin, measure, export in the ${engine} VS Code`, { timeout: 14 * 60_000 }, (context) =>
    mainJob(context, engine),
  );

async function mainJob(context: TestContext, engine: Engine): Promise<void> {
  const [vsix, sshd, lab] = await Promise.all([packExtension(), startSshd(), bootLab('4s')]);
  const workspace = temporaryFolder('workspace');
  try {
    const sshConfig = join(sshd.dir, 'client.conf');
    writeFileSync(sshConfig, sshd.configText('numa-box') + readFileSync(lab.sshConfig, 'utf8'));
    mkdirSync(join(workspace, 'docs'));
    const testsPath = await bundleTestModule(fileURLToPath(new URL('suite/board.ts', import.meta.url)));
    const settings = { 'numaPinboard.sshConfig': sshConfig };
    const result = await runInWorkbench({ vsix, testsPath, workspace, settings, engine, timeoutMs: 12 * 60_000 });
    await reportChecks(context, result);

    await context.test('the exported folder is whole', () => {
      const folders = readdirSync(join(workspace, 'docs', 'numa'));
      assert.equal(folders.filter((name) => name.endsWith('numa-box')).length, 1, 'one folder for each run');
      const folder = folders.find((name) => name.endsWith('numa-box')) ?? '';
      assert.match(folder, /^\d{4}-\d{2}-\d{2}-\d{4}-numa-box$/);
      const read = (name: string): string => readFileSync(join(workspace, 'docs', 'numa', folder, name), 'utf8');
      const run = parseRun(read('run.numa.json'));
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
    await context.test('what came from the emulated host says so', () => {
      const exported = readdirSync(join(workspace, 'docs', 'numa')).filter((name) => name.includes('lab-4s'));
      const runs = exported.map((name) =>
        parseRun(readFileSync(join(workspace, 'docs', 'numa', name, 'run.numa.json'), 'utf8')),
      );
      const [queue, memory] = ['spsc', 'memory'].map((kind) =>
        runs.find((run) => run.results[0]?.placement.kind === kind),
      );
      assert.equal(runs.length, 2, 'one folder for each run');
      assert.deepEqual(queue?.results[0]?.seen.cpus, { producer: '0', consumer: '8' });
      assert.deepEqual(Object.keys(queue.results[0].seen.nodes), ['3']);
      for (const { emulated, valid, why } of queue.results) assert.ok(emulated && valid, why ?? '');
      const small =
        memory?.results.filter(({ placement }) => placement.kind === 'memory' && placement.pages === '4k') ?? [];
      assert.deepEqual(small.map(({ benchmark }) => benchmark).sort(), ['memory-bandwidth', 'memory-latency']);
      for (const { emulated, valid, why, seen } of small) {
        assert.ok(emulated && valid, why ?? '');
        assert.deepEqual(Object.keys(seen.nodes), ['1']);
      }
    });
    await context.test('nothing is left on the host', async () => {
      await waitFor(() => sshd.remoteProcesses().length === 0, { what: 'the host to be clear' });
    });
  } catch (error) {
    console.error(lab.console());
    throw error;
  } finally {
    await lab.stop();
    await sshd.stop();
    removeFolder(workspace);
  }
}
