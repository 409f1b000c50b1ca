// The recordings that are listed are those that are there, and help lists what there is.
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { helpRows } from '../../../src/extension/views/help-rows.ts';
import { Recordings } from '../../../src/extension/views/recordings.ts';
import { temporaryFolder } from '../../support/processes.ts';

void it('recordings are listed where they are, and forgotten without their file', async () => {
  const memory = new Map<string, unknown>([['recordings', 'written by something else']]);
  const recordings = new Recordings({
    get: (key: string) => memory.get(key) as never,
    update: (key, value) => Promise.resolve(void memory.set(key, value)),
  });
  assert.deepEqual(await recordings.list(), []);
  const folder = temporaryFolder('recordings');
  const made = ['a', 'b'].map((name) => ({
    path: join(folder, `${name}.numarec`),
    host: { name: 'box', transport: 'ssh' as const },
    time: '2026-11-29T13:00:00.000Z',
  }));
  for (const one of made) {
    writeFileSync(one.path, '');
    await recordings.add(one);
    await recordings.add(one);
  }
  assert.deepEqual(await recordings.list(), made.toReversed(), 'each once, the last one first');
  const [a, b] = made;
  assert.ok(a && b);
  rmSync(a.path);
  assert.deepEqual(await recordings.list(), [b]);
  writeFileSync(a.path, '');
  assert.equal((await recordings.list()).length, 2, 'it came back with its drive');
  await recordings.forget(b.path);
  assert.deepEqual(await recordings.list(), [a]);
});

void it('help lists only what can be done', () => {
  const labels = (commands: readonly string[]): string[] => helpRows(commands).map(({ label }) => label);
  const editors = ['Settings', 'Keyboard Shortcuts'];
  assert.deepEqual(labels([]), editors);
  const ours = ['showLog', 'reportIssue', 'openDocument'].map((name) => `numaPinboard.${name}`);
  assert.deepEqual(labels(ours), ['Guide', 'What the Numbers Mean', ...editors, 'Report an Issue', 'Show Log']);
});
