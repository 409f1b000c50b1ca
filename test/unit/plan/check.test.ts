// What is wrong with a plan: each check finds what is seeded and accuses no sound plan.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { checkPlan } from '../../../src/model/plan/check/examine.ts';
import { PLAN_CHECKS } from '../../../src/model/plan/check/checks.ts';
import { planCheckText } from '../../../src/model/plan/check/text.ts';
import { coresOn, planMachine } from '../../../src/model/plan/machine.ts';
import type { PlanCore } from '../../../src/model/plan/machine.ts';
import { placePlan } from '../../../src/model/plan/place.ts';
import { BLOCK_KINDS } from '../../../src/model/plan/plan.ts';
import { formatCpuList } from '../../../src/model/text/cpulist.ts';
import { readPlan } from '../../../src/protocol/plan-text.ts';
import type { MachineShape } from '../machines.ts';
import { machine, twoSockets } from '../topologies.ts';
import {
  EXAMPLE_FILE,
  example,
  exampleText,
  GB,
  guideQuotes,
  KEPT,
  ownMachine,
  PAPER,
  planFrom,
  planOf,
} from './machines.ts';

const nowhere = (): { line: number; column: number } => ({ line: 1, column: 1 });

test('the guide quotes the check of the worked example', () => {
  const read = readPlan(exampleText);
  assert.ok('plan' in read);
  guideQuotes(
    `check ${EXAMPLE_FILE}`,
    planCheckText(EXAMPLE_FILE, checkPlan(read.plan, ownMachine(read.plan)), read.at),
  );
});

test('the worked example: 36 cores, 72 threads, 234 GB and 18 GB for the host; nothing wrong, one thing not said', () => {
  const checked = checkPlan(example(), ownMachine(example()));
  const { cores, threads, memoryBytes, hostMemoryBytes } = checked.totals;
  assert.deepEqual([cores, threads, memoryBytes, hostMemoryBytes], [36, 72, 234 * GB, 18 * GB]);
  assert.ok(checked.ok);
  assert.deepEqual(
    checked.problems.map(({ id, severity, blocks }) => [id, severity, blocks]),
    [['shares-l3', 'note', ['data', 'slm', 'tasks']]],
  );
  const cpus = Object.fromEntries(checked.placement.blocks.map((one) => [one.block.name, formatCpuList(one.cpus)]));
  assert.deepEqual(cpus, {
    'slm-heavy': '0-15,36-51',
    data: '18-25,54-61',
    slm: '26-29,62-65',
    tasks: '30-33,66-69',
    'emulators-0': '16-17,52-53',
    'emulators-1': '34-35,70-71',
  });
});

/** A fault each, alone: the blocks that are blamed, and how much. */
const SEEDED: Readonly<Record<string, { text: string; blames: readonly string[]; severity: string }>> = {
  'absent-cpu': { text: 'blocks: [{ name: a, kind: process, cpus: "0,36,90-91" }]', blames: ['a'], severity: 'error' },
  'absent-node': { text: 'blocks: [{ name: a, kind: process, node: 2, cores: 1 }]', blames: ['a'], severity: 'error' },
  'counts-disagree': {
    text: 'blocks: [{ name: a, kind: process, node: 0, cores: 2, threads: 2 }]',
    blames: ['a'],
    severity: 'error',
  },
  'ignored-key': {
    text: 'blocks: [{ name: a, kind: container, node: 0, cores: 2, iothreads: 2 }]',
    blames: ['a'],
    severity: 'warning',
  },
  'straddles-nodes': {
    text: 'blocks: [{ name: a, kind: process, cpus: "17-18,53-54" }]',
    blames: ['a'],
    severity: 'error',
  },
  overlap: {
    text: 'blocks: [{ name: a, kind: process, cpus: "0-1,36-37", l3: 1MB }, { name: b, kind: pool, cpus: "1,37", l3: 1MB }]',
    blames: ['a', 'b'],
    severity: 'error',
  },
  'splits-siblings': {
    text: 'blocks: [{ name: a, kind: process, cpus: "0" }]',
    blames: ['a'],
    severity: 'warning',
  },
  'overcommits-cpus': {
    text: 'blocks: [{ name: a, kind: process, node: 1, cores: 17 }, { name: b, kind: emulator, node: 1, cores: 2 }]',
    blames: ['a', 'b'],
    severity: 'error',
  },
  'overcommits-memory': {
    text: 'blocks: [{ name: a, kind: process, node: 1, cores: 1, memory: 100GB }, { name: b, kind: emulator, node: 1, cores: 1, memory: 27GB }]',
    blames: ['a', 'b'],
    severity: 'error',
  },
  'strict-memory': {
    text: 'blocks: [{ name: a, kind: process, node: 1, cores: 1, memory: 127GB }]',
    blames: ['a'],
    severity: 'error',
  },
  'far-memory': {
    text: 'blocks: [{ name: a, kind: process, node: 1, cores: 1, memory: 7GB, memoryNodes: 0 }]',
    blames: ['a'],
    severity: 'warning',
  },
  'overcommits-hugepages': {
    text: 'blocks: [{ name: a, kind: process, node: 1, cores: 1, memory: 7GB, hugepages: { size: 2m, memory: 8GB } }]',
    blames: ['a'],
    severity: 'error',
  },
  'shares-l3': {
    text: 'blocks: [{ name: a, kind: process, node: 1, cores: 1, l3: 40MB }, { name: b, kind: process, node: 1, cores: 1, l3: 10MB }]',
    blames: ['a', 'b'],
    severity: 'warning',
  },
  'emulator-on-vcpus': {
    text: 'blocks: [{ name: a, kind: vm, cpus: "19-20,55-56" }, { name: e, kind: emulator, cpus: "19,55", serves: [a] }]',
    blames: ['e', 'a'],
    severity: 'error',
  },
  'far-device': {
    text: 'blocks: [{ name: a, kind: process, node: 1, cores: 2, devices: [{ name: eth0, node: 0 }] }]',
    blames: ['a'],
    severity: 'warning',
  },
  'guest-topology': {
    text: 'blocks: [{ name: a, kind: vm, node: 1, cores: 2, emulatorCpus: "18,54", guest: { sockets: 1, cores: 4, threads: 1 } }]',
    blames: ['a'],
    severity: 'warning',
  },
  'overcommits-storage': {
    text: 'blocks: [{ name: a, kind: process, node: 1, cores: 2, storage: [{ on: ssd, size: 3GB }] }]\nstorage: [{ name: ssd, size: 4GB, uses: { host: 2GB } }]',
    blames: ['a'],
    severity: 'error',
  },
  'not-placed': { text: 'blocks: [{ name: a, kind: process, cores: 2 }]', blames: ['a'], severity: 'note' },
};

for (const [id, { text, blames, severity }] of Object.entries(SEEDED)) {
  test(`${id} is found, with its line's part of the plan, a reason and a remedy; and nothing else`, () => {
    const plan = planOf(`${PAPER}\n${KEPT}\n${text}`);
    const { problems, ok } = checkPlan(plan, ownMachine(plan));
    assert.deepEqual(
      problems.map((problem) => [problem.id, problem.severity, problem.blocks]),
      [[id, severity, blames]],
    );
    assert.equal(ok, severity !== 'error');
    for (const { sentence, reason, remedy, path } of problems) {
      assert.match(sentence, /^\S.*\.$/);
      assert.ok(reason.length > 5);
      assert.ok(remedy.length > 10);
      assert.ok(path[0] === 'blocks' || path[0] === 'storage');
    }
  });
}

test('nothing for the host is found three ways', () => {
  const severities = (text: string): string[] => {
    const plan = planOf(`${PAPER}\n${text}`);
    return checkPlan(plan, ownMachine(plan)).problems.flatMap((one) =>
      one.id === 'no-host-reserve' ? [`${one.severity}: ${one.sentence}`] : [],
    );
  };
  const all =
    'blocks: [{ name: a, kind: process, node: 0, cores: 18 }, { name: b, kind: process, node: 1, cores: 18 }]';
  assert.deepEqual(severities(all), ['error: No CPU is left for the host.']);
  const memory =
    'blocks: [{ name: a, kind: process, node: 0, cores: 1, memory: 126GB }, { name: b, kind: process, node: 1, cores: 1, memory: 126GB }]';
  assert.deepEqual(severities(memory), ['error: No memory is left for the host.']);
  assert.deepEqual(severities('blocks: [{ name: a, kind: process, node: 0, cores: 1 }]'), [
    'warning: The plan reserves nothing for the host.',
  ]);
  assert.deepEqual(severities(`${KEPT}\nblocks: []`), []);
});

test('every check is seeded above, and each of another id', () => {
  const ids = PLAN_CHECKS.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual(
    ids.filter((id) => !(id in SEEDED)),
    ['offline-cpu', 'no-host-reserve'],
  );
});

test('what a machine tells counts: offline CPUs, pools of huge pages, devices', () => {
  const topology = twoSockets({ offline: [5] });
  const found = (text: string, of = topology): string[] =>
    checkPlan(planOf(`${KEPT}\n${text}`), of).problems.map(({ id, sentence }) => `${id}: ${sentence}`);
  assert.deepEqual(
    found('blocks: [{ name: a, kind: process, cpus: "5" }]')[0],
    'offline-cpu: a names P#5, which is offline.',
  );
  const pool = { sizeBytes: 2 ** 21, total: 8, free: 8 };
  const pools = { ...topology, nodes: topology.nodes.map((node) => ({ ...node, hugepages: [pool] })) };
  const wish = (memory: string): string =>
    `blocks: [{ name: a, kind: process, node: 1, cores: 1, memory: 1GB, hugepages: { size: 2m, memory: ${memory} } }]`;
  assert.deepEqual(found(wish('16MB'), pools), []);
  assert.deepEqual(found(wish('17MB'), pools), ['overcommits-hugepages: Node 1 is to give 9 2 MB pages and has 8.']);
  const device = { kind: 'network' as const, name: 'eth0', address: null, pci: null, node: 0, cpus: '' };
  const wired = { ...topology, devices: [device] };
  assert.deepEqual(found('blocks: [{ name: a, kind: process, node: 1, cores: 1, devices: [eth0] }]', wired), [
    'far-device: a runs on node 1 and needs eth0, which is on node 0.',
  ]);
  assert.deepEqual(found('blocks: [{ name: a, kind: process, node: 1, cores: 1, devices: [eth1] }]', wired), [
    'far-device: a needs eth1, and the machine shows eth0.',
  ]);
});

/** Machines of every kind that a plan may be for. */
const KINDS: Readonly<Record<string, MachineShape>> = {
  'no SMT': { packages: 2, coresPerNode: 4 },
  'four threads a core': { packages: 2, coresPerNode: 4, threads: 4, numbering: 'compact' },
  'several L3s a node': { packages: 2, coresPerNode: 8, threads: 2, l3PerNode: 4 },
  'several nodes a socket': { packages: 2, nodesPerPackage: 2, coresPerNode: 4, threads: 2 },
  'a node without CPUs': { packages: 1, coresPerNode: 4, threads: 2, cpulessNodes: 1 },
  'nodes without memory': { packages: 2, coresPerNode: 4, memoryGiB: 0 },
  'sparse node numbers': { packages: 2, coresPerNode: 4, nodeIds: [0, 8] },
  'offline siblings': { packages: 2, coresPerNode: 4, threads: 2, offline: [1, 9, 10] },
  'no L3': { packages: 2, coresPerNode: 4, l3PerNode: 0 },
  'nodes in turn': { packages: 2, coresPerNode: 4, threads: 2, numbering: 'round-robin' },
};

for (const [kind, shape] of Object.entries(KINDS)) {
  test(`a sound plan is not accused: ${kind}`, () => {
    const topology = machine(shape);
    const on = planMachine(topology);
    const homes = topology.nodes.filter(({ cpus }) => cpus !== '').map(({ id }) => id);
    const memory = shape.memoryGiB === 0 ? {} : { memory: '12GB' };
    const alike = { l3: '1MB', ...memory } as object;
    const each = (blocks: (node: number, cores: readonly PlanCore[]) => object[]): object[] =>
      homes.flatMap((node) => blocks(node, coresOn(on, node)));
    const cpusOf = (cores: readonly PlanCore[]): string => cores.flatMap(({ cpus }) => cpus).join();
    const plans: object[] = [
      {
        reserve: homes.map((node) => ({ node, cores: 1, ...(shape.memoryGiB === 0 ? {} : { memory: '1GB' }) })),
        blocks: each((node, cores) => [{ name: `p${node}`, kind: 'process', node, cores: cores.length - 1, ...alike }]),
      },
      // Cores of emulator threads are the host's, too.
      {
        blocks: each((node, cores) => [
          { name: `v${node}`, kind: 'vm', node, cores: cores.length - 1, ...alike },
          { name: `e${node}`, kind: 'emulator', node, cores: 1, serves: [`v${node}`] },
        ]),
      },
      {
        blocks: each((node, cores) => [
          {
            name: `x${node}`,
            kind: 'vm',
            node,
            cpus: cpusOf(cores.slice(0, -1)),
            emulatorCpus: cpusOf(cores.slice(-1)),
            ...alike,
          },
        ]),
      },
      // Blocks that count their cores leave those of emulator threads, which the host shares.
      {
        reserve: homes.map((node) => ({ node, cores: 1 })),
        blocks: each((node, cores) => [
          {
            name: `c${node}`,
            kind: 'vm',
            node,
            cores: cores.length - 1,
            emulatorCpus: cpusOf(cores.slice(0, 1)),
            ...alike,
          },
        ]),
      },
      // One over all nodes takes what those on one leave.
      {
        reserve: [{ node: homes[0], cores: 1 }],
        blocks: [
          { name: 'wide', kind: 'pool', nodes: homes.join(), cores: on.cores.length - 3, l3: '1MB' },
          { name: 'here', kind: 'pool', node: homes[0], cores: 2, l3: '1MB' },
        ],
      },
    ];
    for (const plan of plans) {
      const accused = checkPlan(planFrom(plan), topology).problems.filter(({ severity }) => severity !== 'note');
      assert.deepEqual(
        accused.map(({ id, sentence }) => `${id}: ${sentence}`),
        [],
      );
    }
  });
}

test('what names a node and CPUs of another contradicts itself', () => {
  const of = (more: string): string[] =>
    checkPlan(planOf(`${KEPT}\nblocks: [{ name: a, kind: pool, ${more} }]`), twoSockets()).problems.map(
      ({ id, sentence }) => `${id}: ${sentence}`,
    );
  assert.deepEqual(of('node: 0, cpus: "4,12"'), [
    'counts-disagree: a is to be on node 0, and names P#4, 12 of node 1.',
  ]);
  assert.deepEqual(of('node: 1, cpus: "4,12"'), []);
});

test('cores serve VMs, and are of kind emulator', () => {
  const of = (blocks: string): string[] =>
    checkPlan(
      planOf(`${KEPT}\nblocks: [{ name: a, kind: pool, node: 0, cores: 1, l3: 1MB }, ${blocks}]`),
      twoSockets(),
    ).problems.map(({ id, sentence }) => `${id}: ${sentence}`);
  assert.deepEqual(of('{ name: e, kind: emulator, node: 0, cores: 1, serves: [a] }'), [
    'ignored-key: e serves a, which is no VM.',
  ]);
  assert.deepEqual(of('{ name: p, kind: process, node: 0, cores: 1, l3: 1MB, serves: [a] }'), [
    'ignored-key: p is of kind process, and has serves.',
  ]);
});

test('emulator and I/O threads are near, and the guest is told what it can be', () => {
  const of = (more: string): string[] =>
    checkPlan(planOf(`${KEPT}\nblocks: [{ name: a, kind: vm, node: 1, ${more} }]`), twoSockets()).problems.map(
      ({ sentence, remedy }) => `${sentence} ${remedy}`,
    );
  assert.deepEqual(of('cores: 1, emulatorCpus: "0,8", iothreads: 1, iothreadCpus: "4,12"'), [
    'The emulator threads of a are on node 0, and it is on node 1. Put them on cores of node 1.',
  ]);
  assert.match(
    of('cores: 3, emulatorCpus: "4,12", guest: { sockets: 6, cores: 1, threads: 1 }')[0] ?? '',
    /cores: 3, threads: 2 \}/,
  );
});

test('memory that may be elsewhere, where there is room, works at a cost; else it does not', () => {
  const of = (wide: string, one: string): string[] => {
    const plan = planOf(
      `${PAPER}\n${KEPT}\nblocks: [{ name: wide, kind: pool, nodes: "0-1", cores: 4, l3: 1MB, ${wide} }, { name: one, kind: pool, node: 0, cores: 2, l3: 1MB, ${one} }]`,
    );
    return checkPlan(plan, ownMachine(plan)).problems.flatMap(({ id, severity }) =>
      severity === 'note' ? [] : [`${severity} ${id}`],
    );
  };
  // 75 GB of each node, as its CPUs are, or 66 and 84.
  assert.deepEqual(of('memory: 150GB', 'memory: 60GB'), ['warning overcommits-memory']);
  assert.deepEqual(of('memory: 150GB', 'memory: 110GB'), ['error overcommits-memory', 'error no-host-reserve']);
  assert.deepEqual(of('memory: 200GB', 'memory: 40GB'), ['warning overcommits-memory']);
  assert.deepEqual(of('memory: 100GB', 'memory: 90GB, memoryPolicy: preferred'), ['warning overcommits-memory']);
  assert.deepEqual(of('memory: 50GB, memoryNodes: 0', 'memory: 90GB'), ['error overcommits-memory']);
});

test('pools of huge pages leave the rest of their node for ordinary memory', () => {
  const topology = twoSockets();
  const pool = { sizeBytes: 2 ** 30, total: 10, free: 10 };
  const pools = { ...topology, nodes: topology.nodes.map((node) => ({ ...node, hugepages: [pool] })) };
  const of = (more: string): string[] =>
    checkPlan(planOf(`${KEPT}\nblocks: [{ name: a, kind: pool, node: 1, cores: 1, ${more} }]`), pools).problems.map(
      ({ id, severity, sentence }) => `${severity} ${id}: ${sentence}`,
    );
  assert.deepEqual(of('memory: 12GB'), [
    'warning overcommits-hugepages: Node 1 has 6 GB outside its pools of huge pages, and is to give 12 GB in ordinary pages.',
  ]);
  assert.deepEqual(of('memory: 12GB, hugepages: { size: 1g, memory: 8GB }'), []);
});

test('a guest that is told of both nodes may be on both; one that is not, may be where the plan means it', () => {
  const of = (more: string): string[] => {
    const plan = planOf(
      `${PAPER}\n${KEPT}\nblocks: [{ name: a, kind: vm, emulatorCpus: "0,36", nodes: "0-1", cores: 4${more} }]`,
    );
    return checkPlan(plan, ownMachine(plan)).problems.flatMap(({ id, severity }) =>
      id === 'straddles-nodes' ? [severity] : [],
    );
  };
  assert.deepEqual(of(''), ['warning']);
  assert.deepEqual(of(', guest: { sockets: 2, cores: 2, threads: 2, nodes: 2 }'), ['note']);
});

test('a block that no L3 has room for alone takes few of them; a small one does not open another', () => {
  const topology = twoSockets({ coresPerNode: 8, l3PerNode: 4 });
  const placed = (text: string): string[] =>
    placePlan(planOf(text), planMachine(topology)).blocks.map(({ cpus }) => formatCpuList(cpus));
  assert.deepEqual(
    placed(
      'blocks: [{ name: a, kind: pool, node: 0, cores: 1 }, { name: b, kind: pool, node: 0, cores: 2 }, { name: c, kind: pool, node: 0, cores: 1 }]',
    ),
    ['0,16', '2-3,18-19', '1,17'],
  );
});

test('whatever is planned: every thread has a place or is missing, counted blocks share none, and all is told', () => {
  const block = fc.record({
    kind: fc.constantFrom(...BLOCK_KINDS),
    node: fc.option(fc.nat(3), { nil: undefined }),
    cores: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
    threads: fc.integer({ min: 1, max: 30 }),
    memory: fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined }),
  });
  const on = planMachine(twoSockets({ coresPerNode: 6, l3PerNode: 3 }));
  fc.assert(
    fc.property(fc.array(block, { maxLength: 6 }), (blocks) => {
      const written = blocks.map((one, i) =>
        [
          `  - name: b${i}`,
          `kind: ${one.kind}`,
          ...(one.node === undefined ? [] : [`node: ${one.node}`]),
          one.cores === undefined ? `threads: ${one.threads}` : `cores: ${one.cores}`,
          ...(one.memory === undefined ? [] : [`memory: ${one.memory}GB`]),
        ].join('\n    '),
      );
      const plan = planOf(`blocks:${written.length === 0 ? ' []' : `\n${written.join('\n')}`}`);
      const checked = checkPlan(plan, on.topology);
      const used = checked.placement.blocks.flatMap(({ cpus }) => cpus);
      assert.equal(new Set(used).size, used.length);
      for (const { cpus, wanted, missing } of checked.placement.blocks) assert.equal(cpus.length + missing, wanted);
      const short = checked.placement.blocks.some(
        ({ missing, block: { nodes } }) => missing > 0 && nodes?.every((id) => on.node(id)),
      );
      if (short) assert.ok(checked.problems.some(({ id }) => id === 'overcommits-cpus'));
      assert.ok(planCheckText('x', checked, nowhere).length > 0);
    }),
    { numRuns: 60 },
  );
});

test('a plan that names every CPU hundreds of times is checked, each pair told once', () => {
  const blocks = Array.from({ length: 200 }, (_, i) => ({
    name: `b${i}`,
    kind: i % 2 === 0 ? 'vm' : 'emulator',
    cpus: '0-511',
  }));
  const read = planFrom({ blocks });
  const { problems } = checkPlan(read, twoSockets());
  const told = problems.filter(({ id }) => id === 'overlap').map(({ blocks: pair }) => pair.join(' '));
  assert.ok(told.length > 0 && new Set(told).size === told.length);
  assert.ok(problems.some(({ id }) => id === 'emulator-on-vcpus'));
});
