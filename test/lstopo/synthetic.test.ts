/** hwloc's notation of synthetic machines: what lstopo builds from a text is what we build. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import fc from 'fast-check';
import { synthesize } from '../../src/model/formats/synthetic/topology.ts';
import { differences, factsOf } from '../support/facts.ts';
import { varied } from '../support/long.ts';
import { lstopoFacts } from '../support/lstopo.ts';

const RUNS = Number(process.env['PINBOARD_MACHINES'] ?? varied(50, 100));

/** lstopo's facts of the machine; null where it refuses the text. */
function ask(text: string): ReadonlyMap<string, string> | null {
  const args = ['--if', 'synthetic', '-i', text, '--of', 'xml', '--no-io', '--filter', 'all:all'];
  const run = spawnSync('lstopo-no-graphics', args, { encoding: 'utf8', maxBuffer: 1 << 28, timeout: 60_000 });
  return run.status === 0 && run.stdout.includes('<object') ? lstopoFacts(run.stdout) : null;
}

function compare(text: string): string[] {
  const theirs = ask(text);
  assert.ok(theirs, `lstopo refuses ${text}`);
  const topology = synthesize(text);
  const [their, our] = [new Map(theirs), new Map(factsOf(topology))];
  // Several nodes at one place are local to the same PUs for lstopo; as with Linux, here a PU has one node.
  if (text.includes('[')) {
    for (const { id } of topology.nodes) for (const facts of [their, our]) facts.delete(`PUs of node ${id}`);
  }
  return differences('lstopo', their, our);
}

for (const text of [
  'pack:2 numa:2 l3:2 core:4 pu:2',
  '2',
  '2 3 2',
  '2 2 2 2',
  '2 2 2 2 2 2 2 2 2',
  'NODE:2(memory=4GB indexes=1,0) co:2 l1d:1(size=16kB) l1i:1 pu:2',
  'pack:2 [numa(memory=1GB)] [NUMA(memory=3GiB)] core:2 [numa] 2',
  '[numa(memory=5MiB)] sock:2 die:2 l2:1 2',
  'numa:2 core:2 pu:2(indexes=core:numa)',
  'pack:2(indexes=3,1) core:4 pu:2(indexes=2*4:8*2:1*2)',
  'pu:3(indexes=7,5,40)',
  '(memory=3GB) pack:1 group:2 l5:1 l4:1 2',
])
  test(`lstopo and we build the same from ${text}`, () => {
    assert.deepEqual(compare(text), []);
  });

const size = fc
  .tuple(fc.integer({ min: 1, max: 999 }), fc.constantFrom('kB', 'MB', 'GB', 'MiB', 'GiB', ''))
  .map((x) => x.join(''));

/** Levels in an order that hardware could have, with sizes, attached nodes, and PUs numbered along some of the levels. */
const notation = fc
  .record({
    chosen: fc.subarray(['pack', 'die', 'l4', 'l3', 'l2', 'l1d', 'l1i', 'core']),
    counts: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 10, maxLength: 10 }),
    sizes: fc.array(fc.option(size), { minLength: 10, maxLength: 10 }),
    memory: fc.option(size),
    numa: fc.option(fc.nat(9)),
    attached: fc.array(fc.nat(9), { maxLength: 3 }),
    along: fc.array(fc.nat(9), { maxLength: 3 }),
    threads: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ chosen, counts, sizes, memory, numa, attached, along, threads }) => {
    const words = [...chosen];
    if (numa !== null) words.splice(numa % (words.length + 1), 0, 'numa');
    const levels = words.map((word, i) => {
      const sized = sizes[i] ?? null;
      const attribute =
        word === 'numa' ? memory && `memory=${memory}` : word.startsWith('l') ? sized && `size=${sized}` : '';
      const nodes =
        numa === null && attached.includes(i) ? ` [numa${memory === null ? '' : `(memory=${memory})`}]` : '';
      return `${word}:${counts[i] ?? 1}${attribute ? `(${attribute})` : ''}${nodes}`;
    });
    // lstopo numbers along what has children to number: the levels named first, then what is left.
    const loops = [...new Set(along.map((i) => words[i % Math.max(1, words.length)] ?? 'pu'))].filter(
      (word) => word !== 'pu',
    );
    return [...levels, `pu:${threads}${loops.length > 0 ? `(indexes=${loops.join(':')})` : ''}`].join(' ');
  });

test('and from any text', () => {
  fc.assert(
    fc.property(notation, (text) => {
      let ours: string[] = [];
      try {
        ours = compare(text);
      } catch (error) {
        // Numbering that lstopo would silently ignore is refused here.
        if (error instanceof Error && error.message.includes('indexes=')) return;
        throw error;
      }
      assert.deepEqual(ours, [], text);
    }),
    { numRuns: RUNS },
  );
});
