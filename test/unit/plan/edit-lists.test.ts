// Lists of a plan as a board changes them: in the text only what is another, whatever its layout, and back again.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import * as v from 'valibot';
import { newBlock, renamed, withoutBlock } from '../../../src/model/plan/edit/blocks.ts';
import { changedPlan, conflictOf, listsChange, turned } from '../../../src/model/plan/edit/change.ts';
import type { PlanEdit, PlanLists } from '../../../src/model/plan/edit/change.ts';
import type { Plan } from '../../../src/model/plan/plan.ts';
import { planActSchema } from '../../../src/protocol/plan-act.ts';
import { withChanges } from '../../../src/protocol/plan-edit.ts';
import { readPlan } from '../../../src/protocol/plan-text.ts';
import { varied } from '../../support/long.ts';
import { example, exampleText, GB } from './machines.ts';

const MB = 2 ** 20;
const planIn = (text: string): Plan => {
  const read = readPlan(text);
  assert.ok('plan' in read, `${JSON.stringify(read)}\n${text}`);
  return read.plan;
};
const madeOn = (text: string, lists: PlanLists): string => {
  const changed = withChanges(text, [], listsChange(planIn(text), lists)?.lists);
  assert.deepEqual(planIn(changed), { ...planIn(text), ...lists });
  return changed;
};
/** What lines are new, and which are gone. */
function differs(before: string, after: string): { readonly come: string[]; readonly gone: string[] } {
  const [was, is] = [before.split('\n'), after.split('\n')];
  return { come: is.filter((line) => !was.includes(line)), gone: was.filter((line) => !is.includes(line)) };
}

test('an item is changed, added and taken away on its own line', () => {
  const { reserve, flows, phases, storage } = example();
  const [first, ...others] = reserve;
  assert.ok(first);
  const kept = madeOn(exampleText, { reserve: [{ ...first, cores: 2 }, ...others] });
  assert.deepEqual(differs(exampleText, kept), {
    come: ['  - { node: 0, cores: 2, memory: 8GB }'],
    gone: ['  - { node: 0, memory: 8GB }'],
  });
  assert.equal(madeOn(kept, { reserve }), exampleText);
  const flow = { from: 'data', to: 'slm', bytes: [MB, 2 * MB], per: 'second', bound: 'latency', phase: null } as const;
  const more = madeOn(exampleText, { flows: [...flows, flow] });
  assert.deepEqual(differs(exampleText, more), {
    come: ['  - { from: data, to: slm, bytes: [1MB, 2MB], per: second, bound: latency }'],
    gone: [],
  });
  assert.equal(madeOn(more, { flows }), exampleText);
  const fewer = madeOn(exampleText, { flows: flows.slice(1) });
  assert.equal(differs(exampleText, fewer).gone.length, 1);
  assert.equal(madeOn(fewer, { flows }), exampleText);
  const [ssd, hdd] = storage;
  assert.ok(ssd && hdd);
  const named = madeOn(exampleText, { storage: [{ ...ssd, uses: { ...ssd.uses, 'a, b': GB } }, hdd] });
  assert.match(named, /uses: \{ hot tier: 80GB, host: 100GB, spare: 10GB, "a, b": 1GB \}/);
  assert.match(
    madeOn(exampleText, { phases: phases.map((one) => ({ ...one, asynchronous: true })) }),
    /- \{ name: inference, asynchronous: true \}/,
  );
});

test('without any item the comments stay, and the first one comes where they are', () => {
  const none = madeOn(exampleText, { flows: [] });
  for (const comment of exampleText.match(/#.*/g) ?? []) assert.ok(none.includes(comment), comment);
  assert.match(none, /\nflows: \[\]\n {2}# Results/);
  const [flow] = example().flows;
  assert.ok(flow);
  assert.match(madeOn(none, { flows: [flow] }), /\nflows:\n {2}- \{ from: slm-heavy, .*\}\n {2}# Results/);
  const bare = 'schema: numa-pinboard/plan/1\nblocks:\n  - { name: a, kind: vm, cores: 1 }\n';
  assert.equal(
    madeOn(bare, { reserve: [{ node: 0, cores: 1, memoryBytes: 0 }] }),
    `${bare.trimEnd()}\n\nreserve:\n  - { node: 0, cores: 1 }\n`,
  );
});

test('lists of a block: devices, storage, taints, whom it serves', () => {
  const [, data] = example().blocks;
  assert.ok(data);
  const to = {
    devices: [
      { name: 'eth0', node: null },
      { name: 'nvme0n1', node: 1 },
    ],
    storage: [...data.storage, { on: 'hdd', bytes: 2 ** 40 }],
    taints: [],
    iothreads: 2,
    iothreadCpus: '34,70',
  };
  const changed = withChanges(exampleText, [{ block: 'data', to }]);
  assert.deepEqual(planIn(changed).blocks[1], { ...data, ...to });
  assert.deepEqual(differs(exampleText, changed), {
    come: [
      '    iothreadCpus: "34,70"',
      '    devices: [eth0, { name: nvme0n1, node: 1 }]',
      '    storage: [{ on: ssd, size: 40GB }, { on: hdd, size: 1TB }]',
      // Where the taints were.
      '    iothreads: 2',
    ],
    gone: ['    taints: [workload=data:NoSchedule]'],
  });
});

test('a block comes, goes and gets another name, and whoever names it names it so', () => {
  const { blocks, flows } = example();
  const [heavy, data] = blocks;
  assert.ok(heavy && data);
  const more = madeOn(exampleText, { blocks: [...blocks, newBlock('vm-1')] });
  assert.deepEqual(differs(exampleText, more), { come: ['  - { name: vm-1, kind: vm, cores: 1 }'], gone: [] });
  assert.equal(madeOn(more, { blocks }), exampleText);
  const named = madeOn(exampleText, renamed(example(), 'data', 'lake'));
  assert.ok(!/\bdata\b/.test(named.replaceAll(/#.*|workload=data/g, '')));
  assert.equal(madeOn(named, renamed(planIn(named), 'lake', 'data')), exampleText);
  const without = withoutBlock(example(), 'data');
  assert.ok(without.flows?.length === flows.filter(({ from, to }) => from !== 'data' && to !== 'data').length);
  const fewer = madeOn(exampleText, without);
  assert.ok(!fewer.includes('name: data'));
  assert.deepEqual(planIn(madeOn(fewer, { blocks, flows })), example());
});

/** The same in layouts that people use. */
const LAYOUTS = [
  `schema: numa-pinboard/plan/1
blocks: [{ name: a, kind: vm, cores: 1 }, { name: b, kind: pool, cores: 1 }]
phases:
  - name: p # one
    # below it
    asynchronous: true # late
  # between
  - name: q
  - { name: r }   # last
flows:   # all
- from: a # left
  to: b
  bytes: 10 MB
  phase: p
- { from: b, to: a, bytes: [1 GB, 2 GB], phase: q }  # back
# end
`,
  `schema: numa-pinboard/plan/1
flows: [{ from: a, to: b, bytes: 10 MB, phase: p }, { from: b, to: a, bytes: [1 GB, 2 GB], phase: q }] # all
phases: [{ name: p, asynchronous: true }, { name: q },
  { name: r }]
blocks:
  - { name: a, kind: vm, cores: 1 }
  - { name: b, kind: pool, cores: 1 }`,
];

const flow = fc.record(
  {
    from: fc.constantFrom('a', 'b'),
    to: fc.constantFrom('a', 'b'),
    bytes: fc.nat(5000).map((count) => [count * MB, (count + 7) * MB] as const),
    per: fc.constantFrom('batch' as const, 'second' as const),
    bound: fc.constantFrom('bandwidth' as const, 'latency' as const),
    phase: fc.constantFrom('p', 'q', null),
  },
  { noNullPrototype: true },
);
interface Step {
  readonly what: 'add' | 'remove' | 'change' | 'phase' | 'comes';
  readonly at: number;
  readonly flow: Plan['flows'][number];
}
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    what: fc.constantFrom<Step['what'][]>('add', 'remove', 'change', 'phase', 'comes'),
    at: fc.nat(5),
    flow,
  }),
  { minLength: 1, maxLength: 8 },
);

function step({ flows, phases }: Plan, { what, at, flow: one }: Step): PlanLists {
  if (what === 'phase')
    return {
      phases: phases.map((phase, i) => (i === at % 3 ? { ...phase, asynchronous: !phase.asynchronous } : phase)),
    };
  if (what === 'comes') return { phases: [...phases, { name: `n ${phases.length}`, asynchronous: false }] };
  if (what === 'remove') return { flows: flows.filter((_, i) => i !== at) };
  if (what === 'add') return { flows: flows.toSpliced(at, 0, one) };
  return { flows: flows.map((old, i) => (i === at ? one : old)) };
}

test('whatever is done to lists, in any layout: the text says the same, comments stay, and turned round it is as before', () => {
  fc.assert(
    fc.property(fc.constantFrom(...LAYOUTS), steps, (start, all) => {
      let text = start;
      for (const one of all) {
        const plan = planIn(text);
        const change = listsChange(plan, step(plan, one));
        if (!change) continue;
        const edit: PlanEdit = { words: 'lists', changes: [], ...change };
        assert.ok(v.safeParse(planActSchema, { act: 'edit', edit }).success);
        assert.equal(conflictOf(plan, edit), null);
        const meant = changedPlan(plan, edit);
        const back = turned(edit);
        assert.equal(conflictOf(meant, back), null);
        const next = withChanges(text, [], edit.lists);
        assert.deepEqual(planIn(next), meant, next);
        assert.deepEqual(planIn(withChanges(next, [], back.lists)), plan);
        // What is said within an item that goes, goes with it.
        for (const comment of text.replace('# left', '').match(/#.*/g) ?? [])
          assert.ok(next.includes(comment), `${comment}:\n${next}`);
        text = next;
      }
    }),
    { numRuns: varied(20, 300) },
  );
});

test('a list that somebody else changed meanwhile is a conflict, and one of nothing is refused', () => {
  const plan = example();
  const edit: PlanEdit = { words: '', changes: [], ...listsChange(plan, { phases: [] }) };
  assert.equal(listsChange(plan, { phases: plan.phases, flows: plan.flows.map((one) => ({ ...one })) }), null);
  assert.equal(conflictOf({ ...plan, flows: [] }, edit), null);
  assert.match(conflictOf({ ...plan, phases: plan.phases.slice(1) }, edit) ?? '', /its "phases" is another now/);
  // Of what stands elsewhere in the list it is none.
  const [first] = plan.flows;
  assert.ok(first);
  const last: PlanEdit = { words: '', changes: [], ...listsChange(plan, { flows: plan.flows.slice(0, -1) }) };
  assert.equal(conflictOf({ ...plan, flows: plan.flows.with(0, { ...first, bound: 'latency' }) }, last), null);
  assert.ok(!v.safeParse(planActSchema, { act: 'edit', edit: { words: '', changes: [] } }).success);
});
