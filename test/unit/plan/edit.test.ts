// Blocks moved and stretched by a person: by whole cores, never over what another block names, and back again; in the text and in the plan alike.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
  changedPlan,
  changeOf,
  conflictOf,
  edited,
  NO_EDITS,
  stepAgain,
  stepBack,
  turned,
} from '../../../src/model/plan/edit/change.ts';
import type { BlockValues, PlanEdit } from '../../../src/model/plan/edit/change.ts';
import { coresTo, stretched, toCores, toNextNode, toNodes, toTray } from '../../../src/model/plan/edit/fill.ts';
import type { Desk, Move } from '../../../src/model/plan/edit/fill.ts';
import { tagsOf } from '../../../src/model/plan/edit/tags.ts';
import { planMachine } from '../../../src/model/plan/machine.ts';
import { placePlan } from '../../../src/model/plan/place.ts';
import type { Placed } from '../../../src/model/plan/place.ts';
import type { Plan } from '../../../src/model/plan/plan.ts';
import { readPlan } from '../../../src/protocol/plan-text.ts';
import { withChanges } from '../../../src/protocol/plan-edit.ts';
import { machine } from '../topologies.ts';
import { example, exampleText, GB, ownMachine, planFrom, planOf } from './machines.ts';

const two = machine({ packages: 2, coresPerNode: 8, threads: 2, l3PerNode: 4 });
const NAMES = ['a', 'b', 'c', 'd'];

function after({ plan }: Desk, name: string, move: Move): Plan {
  assert.ok('to' in move, 'wrong' in move ? move.wrong : '');
  const block = plan.blocks.find((one) => one.name === name);
  const change = block && changeOf(block, move.to);
  return change ? changedPlan(plan, { words: move.words, changes: [change] }) : plan;
}
function placedIn(plan: Plan, { topology }: Pick<Desk, 'topology'>, name: string): Placed {
  const placed = placePlan(plan, planMachine(topology)).blocks.find(({ block }) => block.name === name);
  assert.ok(placed);
  return placed;
}
const worked = (): Desk => ({ plan: example(), topology: ownMachine(example()) });

test('tags are short, from the names, and no two the same', () => {
  assert.deepEqual(tagsOf(['slm-heavy', 'data', 'slm', 'tasks', 'vm-1', 'vm-10', 'vm-11']), [
    ...['SH', 'DA', 'SL', 'TA', 'V1', 'V10', 'V11'],
  ]);
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 6 }), { maxLength: 60 }), (names) => {
      const tags = tagsOf(names);
      assert.equal(new Set(tags).size, names.length);
      assert.ok(tags.every((tag) => tag.length > 0 && tag.length <= 3));
    }),
  );
});

test('a block dropped on a node counts its cores there; on a core it has that one and those behind it', () => {
  const desk = worked();
  const moved = after(desk, 'slm', toNodes(desk, 'slm', [0]));
  assert.deepEqual(placedIn(moved, desk, 'slm').nodes, [0]);
  const exact = after(desk, 'slm', toCores(desk, 'slm', 20));
  assert.equal(exact.blocks[2]?.cpus, '20-23,56-59');
  // "data" counts its cores, and gives way.
  assert.deepEqual(placedIn(exact, desk, 'data').cpus.slice(0, 3), [18, 19, 24]);
  // At the end of a node there is room only before.
  assert.equal(after(desk, 'slm', toCores(desk, 'slm', 71)).blocks[2]?.cpus, '32-35,68-71');
});

test('what another block names stays its own, and without room it is said why', () => {
  const desk = worked();
  const first = { ...desk, plan: after(desk, 'data', toCores(desk, 'data', 18)) };
  assert.equal(after(first, 'slm', toCores(first, 'slm', 20)).blocks[2]?.cpus, '26-29,62-65');
  const heavy = toCores(first, 'slm-heavy', 30);
  assert.deepEqual(heavy, { wrong: 'Node 1 has 10 cores that no other block names; slm-heavy is to have 16.' });
});

test('a core more, a core less: the guest is told, what is named grows beside it, and a full node gives none', () => {
  const desk = worked();
  assert.deepEqual(stretched(desk, 'data', 1), { wrong: 'Node 1 has no core left for data.' });
  const less = after(desk, 'data', stretched(desk, 'data', -1));
  const { cores, threads, guest } = less.blocks[1] ?? {};
  assert.deepEqual([cores, threads, guest?.cores], [7, 14, 7]);
  const more = { ...desk, plan: after({ ...desk, plan: less }, 'slm', toCores({ ...desk, plan: less }, 'slm', 20)) };
  assert.equal(after(more, 'slm', stretched(more, 'slm', 1)).blocks[2]?.cpus, '20-24,56-60');
  assert.equal(after(more, 'slm', stretched(more, 'slm', 1, 'first')).blocks[2]?.cpus, '19-23,55-59');
  assert.equal(after(more, 'slm', stretched(more, 'slm', -2, 'first')).blocks[2]?.cpus, '22-23,58-59');
  assert.deepEqual(stretched(more, 'slm', -4), { wrong: 'slm has 4 cores: none can be taken from it.' });
  // A handle drawn to a CPU says by how much.
  assert.deepEqual(
    [coresTo(more, 'slm', 60, 'last'), coresTo(more, 'slm', 22, 'last'), coresTo(more, 'slm', 18, 'first')],
    [1, -1, 2],
  );
  assert.equal(coresTo(more, 'slm', 2, 'last'), 0);
});

test('from node to node, and back into the tray with what it wants', () => {
  const desk = worked();
  assert.deepEqual(placedIn(after(desk, 'slm', toNextNode(desk, 'slm', -1)), desk, 'slm').nodes, [0]);
  assert.deepEqual(toNextNode(desk, 'slm', 1), { wrong: 'There is no node after this one.' });
  const named = { topology: two, plan: planOf('blocks: [{ name: a, kind: process, cpus: "1,2,17" }]') };
  const tray = after(named, 'a', toTray(named, 'a')).blocks[0];
  assert.deepEqual([tray?.cpus, tray?.nodes, tray?.threads], [null, null, 3]);
  assert.deepEqual(toNextNode({ ...named, plan: { ...named.plan, blocks: tray ? [tray] : [] } }, 'a', -1), {
    to: { nodes: [1], cpus: null },
    words: 'a on node 1',
  });
});

interface Act {
  readonly name: string;
  readonly kind: 'node' | 'core' | 'more' | 'less' | 'first' | 'next' | 'tray' | 'memory';
  readonly at: number;
}
const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.record({
    name: fc.constantFrom(...NAMES),
    kind: fc.constantFrom('node', 'core', 'more', 'less', 'first', 'next', 'tray', 'memory'),
    at: fc.nat(31),
  }),
  { minLength: 1, maxLength: 12 },
);

function act(desk: Desk, { name, kind, at }: Act): Move {
  if (kind === 'node') return toNodes(desk, name, [at % 2]);
  if (kind === 'core') return toCores(desk, name, at);
  if (kind === 'next') return toNextNode(desk, name, at % 2 === 0 ? 1 : -1);
  if (kind === 'tray') return toTray(desk, name);
  if (kind === 'memory') return { to: { memoryBytes: at * GB }, words: 'memory' };
  if (kind === 'less') return stretched(desk, name, -1 - (at % 3), at % 2 === 0 ? 'last' : 'first');
  return stretched(desk, name, 1 + (at % 3), kind === 'first' ? 'first' : 'last');
}

/** A comment behind each line, and blocks in both layouts. */
const TEXT = `schema: numa-pinboard/plan/1 # the plan
blocks: # all
  - name: a # first
    kind: vm # a guest
    cores: 2 # whole
    guest: { sockets: 1, cores: 2, threads: 2 } # told
    # below
  - { name: b, kind: pool, threads: 3, node: 1 } # second
  - name: c # third
    cpus: "3,19" # exact
    kind: process # last key
  - { name: d, cpus: "8-9", kind: container, memory: 4GB } # fourth
`;

test('whatever is done: whole cores, of one node, that no other block names; undone it is as before; the text says the same', () => {
  const { coreOf } = planMachine(two);
  fc.assert(
    fc.property(acts, (all) => {
      const read = readPlan(TEXT);
      assert.ok('plan' in read);
      const start: Plan = read.plan;
      let [plan, text, history] = [start, TEXT, NO_EDITS];
      for (const one of all) {
        const desk = { plan, topology: two };
        const move = act(desk, one);
        const block = plan.blocks.find(({ name }) => name === one.name);
        const change = 'to' in move && block ? changeOf(block, move.to) : null;
        if (!change || !('to' in move)) continue;
        const edit: PlanEdit = { words: move.words, changes: [change] };
        assert.equal(conflictOf(plan, edit), null);
        plan = changedPlan(plan, edit);
        history = edited(history, edit);
        text = withChanges(text, edit.changes);
        const again = readPlan(text);
        assert.ok('plan' in again, text);
        assert.deepEqual(again.plan, plan);
        const now = placedIn(plan, desk, one.name);
        if (now.block.cpus === null || one.kind === 'memory') continue;
        const others = plan.blocks.filter(({ name }) => name !== one.name).flatMap(({ cpus }) => (cpus ? [cpus] : []));
        const named = new Set(
          others.flatMap((cpus) => placedIn(planFrom({ blocks: [{ name: 'x', kind: 'pool', cpus }] }), desk, 'x').cpus),
        );
        const taken = new Set(now.cpus.map((cpu) => coreOf.get(cpu)));
        const [node] = now.nodes;
        for (const core of taken) {
          assert.equal(core?.node, node);
          assert.ok(core?.cpus.every((cpu) => !named.has(cpu)));
        }
        assert.equal(taken.size, Math.ceil(now.wanted / 2), `${one.kind} ${now.block.cpus}`);
      }
      for (const comment of TEXT.match(/#.*/g) ?? []) assert.ok(text.includes(comment), comment);
      const end = plan;
      for (let back = stepBack(history); back; back = stepBack(history)) {
        assert.equal(conflictOf(plan, back.edit), null);
        [plan, history] = [changedPlan(plan, back.edit), back.then];
      }
      assert.deepEqual(plan, start);
      for (let again = stepAgain(history); again; again = stepAgain(history))
        [plan, history] = [changedPlan(plan, again.edit), again.then];
      assert.deepEqual(plan, end);
    }),
    { numRuns: 60 },
  );
});

test('an edit of what somebody else changed meanwhile is a conflict; of anything else it is none', () => {
  const { plan, topology } = worked();
  const move = stretched({ plan, topology }, 'data', -1);
  const [, data] = plan.blocks;
  assert.ok(data && 'to' in move);
  const change = changeOf(data, move.to);
  assert.ok(change);
  const edit = { words: '', changes: [change] };
  const with_ = (to: BlockValues): Plan => ({ ...plan, blocks: plan.blocks.map((one) => ({ ...one, ...to })) });
  assert.equal(conflictOf(with_({ memoryBytes: 1 }), edit), null);
  assert.equal(
    conflictOf(with_({ cores: 3 }), edit),
    'data was changed meanwhile: its number of cores is another now.',
  );
  assert.equal(conflictOf({ ...plan, blocks: [] }, edit), 'data is not in the plan any more.');
  assert.equal(conflictOf(changedPlan(plan, edit), turned(edit)), null);
});

test('every field is written where it stands, and its comment stays', () => {
  const to: BlockValues = {
    memoryBytes: GB * 1.5,
    hugepages: { sizeBytes: 2 ** 21, memoryBytes: GB },
    memoryNodes: [0, 1],
    memoryPolicy: 'interleave',
    l3: 'own',
    emulatorCpus: '16,52',
    guest: { sockets: 1, cores: 4, threads: 2, nodes: 1 },
  };
  const lines = withChanges(exampleText, [{ block: 'data', to }]).split('\n');
  const before = exampleText.split('\n');
  assert.deepEqual(
    lines.filter((line) => !before.includes(line)),
    [
      '    memoryNodes: "0-1"',
      '    memoryPolicy: interleave',
      '    hugepages: { size: 2MB, memory: 1GB }',
      '    l3: own',
      '    emulatorCpus: "16,52"',
      '    memory: 1536MB',
    ],
  );
  assert.equal(lines.filter((line) => line.includes('guest: { sockets: 1, cores: 4, threads: 2 }')).length, 3);
  const back = withChanges(lines.join('\n'), [
    { block: 'data', to: { memoryNodes: null, memoryPolicy: 'strict', hugepages: null, l3: null, emulatorCpus: null } },
  ]);
  assert.equal(
    back,
    withChanges(exampleText, [{ block: 'data', to: { memoryBytes: to.memoryBytes ?? null, guest: to.guest ?? null } }]),
  );
});
