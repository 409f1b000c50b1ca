// A plan that no person wrote, as text: read back it is the same, and it looks as if one had.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { readPlan } from '../../../src/protocol/plan-text.ts';
import { writePlan } from '../../../src/protocol/plan-write.ts';
import type { PlanComment } from '../../../src/model/plan/comment.ts';
import { anyPlan } from '../plan/drawn.ts';
import { example, planOf } from '../plan/machines.ts';

const readBack = (text: string): unknown => {
  const read = readPlan(text);
  assert.ok('plan' in read, `${JSON.stringify(read)}\n${text}`);
  return read.plan;
};

test('any plan is read back as it was written', () => {
  fc.assert(
    fc.property(anyPlan, (plan) => {
      assert.deepEqual(readBack(writePlan(plan)), plan);
    }),
    { numRuns: 150 },
  );
});

test('comments change nothing, wherever they stand and whatever is in them', () => {
  const part = fc.oneof(fc.constantFrom('blocks', 'host', 'reserve', 'storage', 'name', 'memory', 'guest'), fc.nat(3));
  const comments = fc.array(
    fc.record({ path: fc.array(part, { maxLength: 4 }), text: fc.string({ unit: 'binary', maxLength: 40 }) }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(anyPlan, comments, (plan, all) => {
      assert.deepEqual(readBack(writePlan(plan, all)), plan);
    }),
    { numRuns: 150 },
  );
});

test('the worked example comes back whole, in fewer lines than it has', () => {
  const text = writePlan(example());
  assert.deepEqual(readBack(text), example());
  assert.match(text, /^schema: numa-pinboard\/plan\/1\n\nhost:\n {2}synthetic: "?pack:2/);
  assert.match(text, /\n {2}distances: \[ \[ 10, 21 \], \[ 21, 10 \] \]\n/);
  assert.match(
    text,
    /\n {2}- name: data\n {4}kind: vm\n {4}node: 1\n {4}cores: 8\n {4}threads: 16\n {4}memory: 60GB\n/,
  );
});

test('a comment stands before what it is about, else behind what is there', () => {
  const plan = planOf('blocks:\n  - { name: a, kind: vm, cpus: "0-3", hugepages: { size: 2m, memory: 1GB } }');
  const at = (path: PlanComment['path'], text: string): PlanComment => ({ path, text });
  assert.equal(
    writePlan(plan, [
      at([], 'top'),
      at([], 'and more\nof it'),
      at(['blocks', 0], 'the first'),
      at(['blocks', 0, 'cpus'], 'where'),
      at(['blocks', 0, 'hugepages', 'size'], 'pages'),
      at(['blocks', 0, 'memory'], 'memory: unknown'),
      at(['reserve'], 'reserve: unknown'),
    ]),
    `# top
# and more of it

schema: numa-pinboard/plan/1

blocks:
  # the first
  - name: a
    kind: vm
    # where
    cpus: 0-3
    # pages
    hugepages: { size: 2MB, memory: 1GB }
    # memory: unknown
# reserve: unknown
`,
  );
});
