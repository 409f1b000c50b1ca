// Which suites of `npm test` run side by side.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import test from 'node:test';
import { inLanes } from '../../../scripts/setup/lanes.mjs';
import { suites } from '../../../scripts/setup/suites.mjs';
import type { Suite } from '../../../scripts/setup/types.ts';

const suite = (name: string, more: Partial<Suite> = {}): { suite: Suite } => ({
  suite: { name, timeoutMs: 1000, ...more },
});
const runs = [...['c', 'd', 'e', 'f', 'g'].map((name) => suite(name))];

/** What ran, in the order it began, and for each what ran when it had begun. */
async function ran(cpus: number): Promise<{ names: string[]; together: string[][]; beside: boolean[] }> {
  const running = new Set<string>();
  const [names, together, beside]: [string[], string[][], boolean[]] = [[], [], []];
  await inLanes(runs, cpus, async (one, besideAnother) => {
    running.add(one.suite.name);
    names.push(one.suite.name);
    together.push([...running]);
    beside.push(besideAnother);
    await turn();
    running.delete(one.suite.name);
  });
  return { names, together, beside };
}

void test('each suite runs once', async () => {
  for (const cpus of [1, 2, 64]) {
    const { names } = await ran(cpus);
    assert.deepEqual([...names].sort(), runs.map(({ suite: { name } }) => name).sort());
  }
});

void test('on one CPU one runs after the other', async () => {
  const { together, beside } = await ran(1);
  assert.ok(together.every(({ length }) => length === 1));
  assert.ok(beside.every((is) => !is));
});

void test('on two, or more, two at a time, in their order', async () => {
  for (const cpus of [2, 64]) {
    const { names, together } = await ran(cpus);
    assert.deepEqual(names, ['c', 'd', 'e', 'f', 'g']);
    assert.deepEqual(together[1], ['c', 'd']);
    assert.ok(together.every(({ length }) => length <= 2));
  }
});

void test('fewer suites than lanes', async () => {
  const names: string[] = [];
  await inLanes([suite('only')], 2, async (one, besideAnother) => {
    names.push(one.suite.name);
    assert.equal(besideAnother, false);
    await turn();
  });
  assert.deepEqual(names, ['only']);
});

void test('no two that look at pages at once, however few are left', async () => {
  const pages = ['c', 'd', 'e'].map((name) => suite(name, { browses: true }));
  for (const [others, first] of [
    [[], ['c']],
    [
      [suite('f'), suite('g')],
      ['c', 'f'],
    ],
  ] as const) {
    const running = new Set<string>();
    const together: string[][] = [];
    await inLanes([...pages, ...others], 2, async ({ suite: { name } }) => {
      running.add(name);
      together.push([...running]);
      await turn();
      running.delete(name);
    });
    assert.equal(together.length, pages.length + others.length);
    assert.ok(together.some((names) => names.join() === first.join()));
    for (const names of together) assert.ok(names.filter((name) => 'cde'.includes(name)).length <= 1, names.join());
  }
});

void test('files that are named as waiting are there', () => {
  const files = suites.flatMap(({ folder, waiting = [] }) => waiting.map((name) => `${folder}/${name}.test.ts`));
  assert.ok(files.length > 0);
  assert.deepEqual(
    files.filter((file) => !existsSync(file)),
    [],
  );
});
