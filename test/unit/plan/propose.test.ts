// Places that are proposed: as good as trying all of them, never worse than first fit, and sound by every check.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { planMachine } from '../../../src/model/plan/machine.ts';
import { proposePlan } from '../../../src/model/plan/propose/propose.ts';
import { compareCosts } from '../../../src/model/plan/propose/state.ts';
import type { Cost } from '../../../src/model/plan/propose/state.ts';
import { proposalJson, proposalText } from '../../../src/model/plan/propose/text.ts';
import type { Plan } from '../../../src/model/plan/plan.ts';
import { drive } from '../../../src/model/plan/slices.ts';
import { withChanges } from '../../../src/protocol/plan-edit.ts';
import { machine } from '../topologies.ts';
import { EXAMPLE_FILE, example, exampleText, GB, guideQuotes, ownMachine, planFrom, planOf } from './machines.ts';

const never = (): boolean => false;
const MB = 2 ** 20;

/** Three nodes of six cores and 16 GB, one L3 each, at three distances. */
const three = machine({
  packages: 3,
  coresPerNode: 6,
  threads: 2,
  distances: [
    [10, 20, 30],
    [20, 10, 15],
    [30, 15, 10],
  ],
});
const l3 = planMachine(three).l3s[0]?.sizeBytes ?? 0;

interface Drawn {
  readonly blocks: readonly {
    cores: number;
    memory: number;
    pinned: number | null;
    device: number | null;
    wish: number;
  }[];
  readonly flows: readonly { from: number; to: number; bytes: number }[];
  readonly kept: number;
}

const drawn: fc.Arbitrary<Drawn> = fc
  .array(
    fc.record({
      cores: fc.integer({ min: 1, max: 5 }),
      memory: fc.integer({ min: 0, max: 10 }),
      pinned: fc.option(fc.nat(2), { freq: 4 }),
      device: fc.option(fc.nat(2), { freq: 4 }),
      /** Of an L3, in quarters. */
      wish: fc.nat(3),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .chain((blocks) =>
    fc.record({
      blocks: fc.constant(blocks),
      flows: fc.array(
        fc.record({
          from: fc.nat(blocks.length - 1),
          to: fc.nat(blocks.length - 1),
          bytes: fc.integer({ min: 1, max: 100 }),
        }),
        { maxLength: 6 },
      ),
      kept: fc.nat(1),
    }),
  );

const planned = ({ blocks, flows, kept }: Drawn): Plan =>
  planFrom({
    reserve: [0, 1, 2].map((node) => ({ node, cores: kept, memory: '1GB' })),
    blocks: blocks.map(({ cores, memory, pinned, device, wish }, i) => ({
      name: `b${i}`,
      kind: 'pool',
      cores,
      memory: `${memory}GB`,
      l3: `${(l3 * wish) / 4 / 1024}KB`,
      ...(pinned === null ? {} : { node: pinned }),
      ...(device === null ? {} : { devices: [{ name: 'eth0', node: device }] }),
    })),
    flows: flows.map(({ from, to, bytes }) => ({ from: `b${from}`, to: `b${to}`, bytes: `${bytes}MB` })),
  });

/** Every choice of nodes, judged by what the plan says alone. */
function bruteForce({ blocks, flows, kept }: Drawn): Cost | null {
  let best: Cost | null = null;
  const distance = (a: number, b: number): number => three.nodes[a]?.distances[String(b)] ?? 0;
  for (let code = 0; code < 3 ** blocks.length; code++) {
    const at = blocks.map((_, i) => Math.floor(code / 3 ** i) % 3);
    if (blocks.some(({ pinned }, i) => pinned !== null && pinned !== at[i])) continue;
    const on = (node: number): Drawn['blocks'][number][] => blocks.filter((_, i) => at[i] === node);
    const memory = (node: number): number => on(node).reduce((sum, one) => sum + one.memory, 0) * GB;
    const has = (node: number): number => three.nodes[node]?.memoryBytes ?? 0;
    const fits = [0, 1, 2].every(
      (node) => on(node).reduce((sum, { cores }) => sum + cores, kept) <= 6 && memory(node) <= has(node),
    );
    if (!fits) continue;
    // The host is to have 1 GB of each.
    const unkept = [0, 1, 2].filter((node) => memory(node) + GB > has(node));
    const crowded = [0, 1, 2].filter(
      (node) => on(node).length > 1 && on(node).reduce((sum, { wish }) => sum + wish, 0) > 4,
    );
    const far = blocks.filter(({ device }, i) => device !== null && device !== at[i]);
    const crossing = flows.reduce((sum, { from, to, bytes }) => {
      const [a, b] = [at[from] ?? 0, at[to] ?? 0];
      return sum + (a === b ? 0 : (bytes * MB * distance(b, a)) / 10);
    }, 0);
    const cost = { errors: 0, unease: crowded.length + far.length + unkept.length, crossing };
    if (!best || compareCosts(cost, best) < 0) best = cost;
  }
  return best;
}

test('the best placement is that of trying all of them, and is sound by every check', () => {
  fc.assert(
    fc.property(drawn, (one) => {
      const plan = planned(one);
      const proposal = drive(proposePlan(plan, three), never);
      const all = bruteForce(one);
      const { best, firstFit, bound, complete } = proposal.searched;
      assert.ok(complete);
      assert.equal(best === null, all === null);
      if (!best || !all || !proposal.checked) return;
      assert.equal(compareCosts(best.cost, all), 0, JSON.stringify([best.cost, all]));
      assert.equal(compareCosts(bound, best.cost), 0);
      if (firstFit) assert.ok(compareCosts(best.cost, firstFit) <= 0);
      const { problems } = proposal.checked;
      assert.deepEqual(
        problems.filter(({ severity }) => severity === 'error'),
        [],
      );
      // What the search counts are the checks' own warnings.
      assert.equal(problems.filter(({ severity }) => severity === 'warning').length, best.cost.unease);
      assert.ok(proposal.moved.every(({ why }) => why.endsWith('.')));
      assert.ok(proposalText('x', proposal).includes('At least'));
    }),
    { numRuns: 60 },
  );
});

test('ended early, it has the best it saw, no worse than first fit, and a bound that holds', () => {
  fc.assert(
    fc.property(drawn, (one) => {
      const { searched } = drive(proposePlan(planned(one), three), () => true);
      const all = bruteForce(one);
      if (searched.firstFit) assert.ok(searched.best && compareCosts(searched.best.cost, searched.firstFit) <= 0);
      if (all) assert.ok(compareCosts(searched.bound, all) <= 0, 'the bound is above the best');
    }),
    { numRuns: 30 },
  );
});

test('hundreds of blocks are placed soon, with a gap that is told', () => {
  const many = machine({ packages: 8, coresPerNode: 60, memoryGiB: 500 });
  const count = 100;
  const plan = planFrom({
    reserve: [{ node: 0, cores: 1 }],
    blocks: Array.from({ length: count }, (_, i) => ({
      name: `b${i}`,
      kind: 'pool',
      cores: 1 + (i % 3),
      memory: '4GB',
    })),
    flows: Array.from({ length: count }, (_, i) => ({ from: `b${i}`, to: `b${(i * 7 + 1) % count}`, bytes: '10MB' })),
  });
  let asked = 0;
  const { searched, checked, why } = drive(proposePlan(plan, many), () => ++asked > 1);
  assert.ok(searched.best && !searched.complete && checked?.ok);
  assert.ok(compareCosts(searched.bound, searched.best.cost) <= 0);
  assert.match(
    why,
    /^This is the best of those looked at \([\d,]+ steps\)\. (It lets .* no placement can be below|One could) /,
  );
  // Each exchanges with all others, and a node has room for a third of them.
  const all = planFrom({
    blocks: Array.from({ length: 15 }, (_, i) => ({ name: `b${i}`, kind: 'pool', cores: 1 })),
    flows: Array.from({ length: 225 }, (_, i) => ({ from: `b${i % 15}`, to: `b${Math.floor(i / 15)}`, bytes: '1MB' })),
  });
  const dense = drive(proposePlan(all, three), () => true).searched;
  assert.ok(dense.bound.crossing > 0.5 * (dense.best?.cost.crossing ?? 0));
  assert.ok(dense.bound.crossing <= (dense.best?.cost.crossing ?? 0));
});

test('cores of one L3 where one has room; a cache of its own for who wants it', () => {
  const chiplets = machine({ packages: 2, coresPerNode: 8, threads: 2, l3PerNode: 4 });
  const plan = planOf(`reserve: [{ node: 0, cores: 1 }]
blocks:
  - { name: a, kind: pool, cores: 1, l3: own }
  - { name: b, kind: pool, cores: 2 }
  - { name: c, kind: pool, cores: 1 }
  - { name: d, kind: pool, cores: 7 }
`);
  const proposal = drive(proposePlan(plan, chiplets), never);
  const { checked } = proposal;
  assert.ok(checked);
  assert.deepEqual(
    checked.problems.filter(({ severity }) => severity !== 'note'),
    [],
  );
  const { coreOf } = planMachine(chiplets);
  for (const { block, cpus } of checked.placement.blocks) {
    if (block.name !== 'd') assert.equal(new Set(cpus.map((cpu) => coreOf.get(cpu)?.l3)).size, 1);
  }
});

test('what a person pinned stays; what is freed is looked for anew', () => {
  const plan = example();
  const proposal = drive(proposePlan(plan, ownMachine(plan)), never);
  assert.deepEqual(proposal.plan, plan);
  assert.ok(proposal.moved.every(({ why }) => /^The plan names node \d\.$/.test(why)));
  const anew = drive(proposePlan(plan, ownMachine(plan), ['all']), never);
  assert.equal(anew.searched.complete, true);
  guideQuotes(`propose ${EXAMPLE_FILE} --free all`, proposalText(EXAMPLE_FILE, anew));
  assert.deepEqual(anew.checked?.totals, proposal.checked?.totals);
  const heavy = anew.moved.find(({ name }) => name === 'slm-heavy');
  assert.equal(heavy?.why, 'Node 1: no room for 16 cores and 118 GB beside what is there.');
  const exact = planOf('blocks: [{ name: a, kind: pool, cpus: "1,7" }, { name: b, kind: pool, cores: 1 }]');
  assert.deepEqual(drive(proposePlan(exact, three), never).stay, ['a']);
  // Who names CPUs alone gets as many again, and names them.
  const [again] = drive(proposePlan(exact, three, ['a']), never).moved;
  assert.deepEqual([again?.name, again?.node, again?.cpus], ['a', 0, '0,18']);
});

test('what is reserved for the host is kept where it can be', () => {
  const plan = (kept: string): Plan =>
    planOf(
      `reserve: [{ node: 0, cores: 1, memory: ${kept} }]\nblocks: [{ name: a, kind: pool, cores: 1, memory: 8GB }]`,
    );
  const nodeFor = (kept: string): number | undefined => drive(proposePlan(plan(kept), three), never).moved[0]?.node;
  assert.deepEqual([nodeFor('7GB'), nodeFor('9GB')], [0, 1]);
  const only = planOf(
    'reserve: [{ node: 0, memory: 9GB }]\nblocks: [{ name: a, kind: pool, node: 0, cores: 1, memory: 8GB }]',
  );
  const { searched, checked } = drive(proposePlan(only, three), never);
  assert.equal(searched.best?.cost.unease, 1);
  assert.deepEqual(
    checked?.problems.map(({ id, severity }) => [id, severity]),
    [['overcommits-memory', 'warning']],
  );
});

test('huge pages go where their pools are, and nobody onto the CPUs of emulator threads', () => {
  const pool = { sizeBytes: 2 * MB, total: 2048, free: 2048 };
  const pools = { ...three, nodes: three.nodes.map((node, i) => ({ ...node, hugepages: i === 2 ? [pool] : [] })) };
  const none = three.nodes.map((node) => ({ ...node, hugepages: [{ ...pool, total: 0, free: 0 }] }));
  const plan = planOf(`reserve: [{ node: 0, cores: 1 }]
blocks:
  - { name: a, kind: pool, cores: 2, memory: 4GB, hugepages: { size: 2m, memory: 4GB } }
  - { name: v, kind: vm, node: 0, cores: 4, memory: 1GB, emulatorCpus: "0,18", iothreads: 1, iothreadCpus: "1,19" }
`);
  const { moved, checked, searched } = drive(
    proposePlan(plan, { ...pools, nodes: [...none.slice(0, 2), ...pools.nodes.slice(2)] }, ['all']),
    never,
  );
  assert.deepEqual(
    moved.map(({ name, node }) => [name, node]),
    [
      ['a', 2],
      ['v', 0],
    ],
  );
  assert.deepEqual(
    checked?.problems.filter(({ severity }) => severity !== 'note'),
    [],
  );
  assert.deepEqual([searched.complete, searched.best?.cost.errors], [true, 0]);
  // Pages can still be reserved: places are found, and what is missing is said.
  const without = drive(proposePlan(plan, { ...three, nodes: none }, ['all']), never);
  assert.deepEqual([without.searched.best?.cost.errors, without.checked?.ok], [1, false]);
  assert.match(proposalText('x', without), /Costs +1 pool of huge pages too small, 0 warnings of place/);
});

test('without room it is said for which block, and what it needs', () => {
  const alone = planOf('blocks: [{ name: a, kind: vm, cores: 7, memory: 1GB }]');
  const none = drive(proposePlan(alone, three), never);
  assert.equal(none.plan, null);
  assert.equal(
    none.why,
    'a has no place: it needs 7 cores and 1 GB, and beside what stays and what is reserved nodes 0–2 have 6 cores and 16 GB each. Give it less, or several nodes (nodes: "0-1").',
  );
  const five = planOf(
    `reserve: [{ node: 0, cores: 1 }]\nblocks: [${['a', 'b', 'c', 'd'].map((name) => `{ name: ${name}, kind: vm, cores: 4 }`).join()}, { name: e, kind: vm, cores: 1 }]`,
  );
  const together = drive(proposePlan(five, three), never);
  assert.deepEqual(together.conflict, ['a', 'b', 'c', 'd']);
  assert.equal(
    together.why,
    'No placement has room for all: a (4 cores), b (4 cores), c (4 cores) and d (4 cores) exclude each other, and without any one of them the others have room. Beside what stays and what is reserved node 0 has 5 cores and 16 GB and nodes 1–2 have 6 cores and 16 GB each. Give one of them less, or reserve less.',
  );
  assert.equal((proposalJson('x', none) as { found: boolean }).found, false);
});

test('blocks that exclude each other are as few as that takes, whatever the plan', () => {
  let seen = 0;
  fc.assert(
    fc.property(drawn, (one) => {
      const plan = planned(one);
      const { conflict, plan: found } = drive(proposePlan(plan, three), never);
      if (found) return;
      seen++;
      const without = (names: readonly string[]): boolean => {
        const blocks = plan.blocks.filter(({ name }) => names.includes(name));
        return drive(proposePlan({ ...plan, blocks, flows: [] }, three), never).plan !== null;
      };
      assert.ok(conflict.length > 0 && !without(conflict));
      for (const name of conflict) assert.ok(without(conflict.filter((other) => other !== name)), name);
    }),
    { numRuns: 100 },
  );
  assert.ok(seen > 3);
});

test('places are written into the text, and every other letter stays', () => {
  const edits = [
    { block: 'slm-heavy', to: { nodes: [1], cpus: null } },
    { block: 'data', to: { nodes: [0], cpus: '0-7,36-43' } },
    { block: 'emulators-0', to: { nodes: [1], cpus: '34,70' } },
  ];
  const changed = withChanges(exampleText, edits).split('\n');
  const before = exampleText.split('\n');
  const added = changed.filter((line) => !before.includes(line));
  assert.deepEqual(added, [
    '    cpus: "0-7,36-43"',
    '  - { name: emulators-0, kind: emulator, cpus: "34,70", node: 1, cores: 2, serves: [slm-heavy] }',
  ]);
  assert.equal(changed.length, before.length + 1);
});

test('places replace what was there: nodes, cpus, or both; in any layout', () => {
  const text = (blocks: string): string => `schema: numa-pinboard/plan/1 # first\nblocks:\n${blocks}`;
  const place = (blocks: string, cpus: string | null): string =>
    withChanges(text(blocks), [{ block: 'a', to: { nodes: [3], cpus } }])
      .split('\n')
      .slice(2)
      .join('\n');
  assert.equal(
    place('  - nodes: 0-1 # both\n    kind: vm\n    name: a\n    cores: 2\n', null),
    '  - node: 3 # both\n    kind: vm\n    name: a\n    cores: 2\n',
  );
  assert.equal(
    place('  - name: a\n    kind: vm\n    node: 1\n    # by hand\n    cpus: 1,2 # two\n', '5'),
    '  - name: a\n    kind: vm\n    node: 3\n    # by hand\n    cpus: "5" # two\n',
  );
  assert.equal(
    place('  - name: a\n    kind: vm\n    node: 1\n    cpus: 1,2\n    cores: 2\n', null),
    '  - name: a\n    kind: vm\n    node: 3\n    cores: 2\n',
  );
  assert.equal(
    place('  - { name: a, node: 1, cores: 1, kind: vm, cpus: "1,2" }\n', null),
    '  - { name: a, node: 3, cores: 1, kind: vm }\n',
  );
  // Keys spelled in full: the block is written anew.
  const spelled = text('  - ? name\n    : a\n    ? kind\n    : vm\n    ? cores\n    : 2 # two\n');
  assert.match(
    withChanges(spelled, [{ block: 'a', to: { nodes: [2], cpus: null } }]),
    /# first\nblocks:\n  - name: a\n.*node: 2/s,
  );
});
