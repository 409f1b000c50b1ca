// A plan out of text: what a person may write, and what is said with its line of what cannot be read.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import fc from 'fast-check';
import { readPlan, readPlanOf } from '../../../src/protocol/plan-text.ts';
import type { Plan } from '../../../src/model/plan/plan.ts';

const example = readFileSync(new URL('../../../docs/examples/four-vms.plan.yaml', import.meta.url), 'utf8');
const GB = 2 ** 30;

function planOf(text: string): Plan {
  const read = readPlan(text);
  assert.ok('plan' in read, JSON.stringify('issues' in read && read.issues));
  return read.plan;
}

/** "LINE:COLUMN words" of each. */
function issuesOf(text: string): string[] {
  const read = readPlan(text);
  assert.ok('issues' in read, 'was read');
  return read.issues.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

const plan = (rest: string): string => `schema: numa-pinboard/plan/1\n${rest}`;

test('the worked example is a plan, and every value has its line', () => {
  const read = readPlan(example);
  assert.ok('plan' in read);
  const [heavy] = read.plan.blocks;
  assert.deepEqual([heavy?.name, heavy?.nodes, heavy?.cores, heavy?.memoryBytes], ['slm-heavy', [0], 16, 118 * GB]);
  const { line, column } = read.at(['blocks', 0, 'memory']);
  assert.match(example.split('\n')[line - 1]?.slice(column - 1) ?? '', /^118GB/);
  // What a block leaves out is where the block is.
  assert.ok(example.split('\n')[read.at(['blocks', 0, 'hugepages']).line - 1]?.includes('name: slm-heavy'));
});

test('sizes are by powers of 1024, however their unit is spelled', () => {
  for (const written of ['2GB', '2 GB', '2GiB', '2G', '2g', '2048MB', '2097152k', '0.5GB']) {
    const [block] = planOf(plan(`blocks: [{ name: a, kind: vm, cores: 1, memory: ${written} }]`)).blocks;
    assert.equal(block?.memoryBytes, written === '0.5GB' ? GB / 2 : 2 * GB, written);
  }
  assert.equal(planOf(plan('blocks: []\nreserve: [{ node: 0, memory: 0 }]')).reserve[0]?.memoryBytes, 0);
});

test('what is left out is not said, and what is empty too', () => {
  const [block] = planOf(plan('blocks:\n  - name: a\n    kind: process\n    cpus: 5\n    memory:')).blocks;
  assert.deepEqual([block?.cpus, block?.memoryBytes, block?.nodes, block?.memoryPolicy], ['5', null, null, 'strict']);
});

test('every mistake is told with its line, and what to write instead', () => {
  const text = plan(`host: { synthetic: "pack:2", topology: x.xml }
blocks:
  - { name: a, kind: vmm, noode: 0, cores: 2, memory: 118 }
  - name: b
    kind: vm
    cpus: 3-0
    hugepages: { size: 3m, memory: 1GB }
  - { name: c, kind: vm, memory: 1GB }
`);
  assert.deepEqual(issuesOf(text), [
    '2:7 host: give exactly one of topology, synthetic and ssh',
    '4:22 blocks[0].kind: give one of vm, pool, container, process, emulator',
    '4:27 unknown key "noode"; did you mean "node"?',
    '4:55 blocks[0].memory: give a size with its unit, by powers of 1024, such as 118GB or 512MB',
    '7:11 blocks[1].cpus: give a list as the kernel prints it, such as "0-3,8" (in quotes inside { })',
    '8:16 blocks[1].hugepages: size is that of one page: 2m, 1g',
    '9:5 blocks[2]: say how much it gets: cores, threads or cpus',
  ]);
});

test('names that mean nothing, or two things, are told with their line', () => {
  const text = plan(`blocks:
  - { name: a, kind: vm, cores: 1, storage: [{ on: ssd, size: 1GB }] }
  - { name: a, kind: emulator, cores: 1, serves: [b] }
phases: [{ name: one }]
flows: [{ from: a, to: a, bytes: 1MB, phase: two }]
`);
  assert.deepEqual(issuesOf(text), [
    '3:52 blocks[0].storage[0].on: there is no storage "ssd"; list it under "storage".',
    '4:13 blocks[1].name: another of blocks has the name a: give each its own.',
    '4:51 blocks[1].serves[0]: there is no block "b"; there are "a".',
    '6:46 flows[0].phase: there is no phase "two"; there are "one".',
  ]);
});

test('what is no plan at all is refused in words', () => {
  assert.deepEqual(issuesOf(''), ['1:1 there is nothing in it; a plan begins with "schema: numa-pinboard/plan/1"']);
  assert.match(issuesOf('blocks: [')[0] ?? '', /^1:\d+ this is no YAML: /);
  assert.match(issuesOf('just words')[0] ?? '', /^1:1 a plan: give keys with values$/);
  assert.match(
    issuesOf('schema: numa-pinboard/plan/2\nblocks: []')[0] ?? '',
    /^1:9 schema: is numa-pinboard\/plan\/1$/,
  );
  assert.throws(() => readPlanOf('x.plan.yaml', 'blocks: []\nschemaa: 1'), {
    code: 'bad-file',
    message:
      'x.plan.yaml:1:1: schema is missing, and 1 more problem:\nx.plan.yaml:2:1: unknown key "schemaa"; did you mean "schema"?',
  });
});

test('aliases that multiply, deep nests and long files end soon, in words', () => {
  const rows = ['a: &a [1,1,1,1,1,1,1,1,1,1]'];
  for (const [one, before] of ['ba', 'cb', 'dc', 'ed', 'fe'])
    rows.push(`${one}: &${one} [${`*${before},`.repeat(10)}]`);
  assert.match(issuesOf(rows.join('\n'))[0] ?? '', /^1:1 its aliases \(\*NAME\) stand for more than a plan can hold/);
  assert.ok(issuesOf('['.repeat(5000)).length > 0);
  assert.deepEqual(issuesOf('#'.repeat(2 ** 20 + 1)), ['1:1 it is larger than a plan can be (1 MB)']);
});

test('what every object has by itself is a name like any other for a use of storage, and an unknown key elsewhere', () => {
  const names = ['constructor', '__proto__', 'prototype', 'toString'];
  const [store] = planOf(
    plan(`blocks: []\nstorage: [{ name: s, size: 9GB, uses: { ${names.map((one) => `${one}: 1GB`).join(', ')} } }]`),
  ).storage;
  assert.deepEqual(
    Object.entries(store?.uses ?? {}),
    names.map((one) => [one, GB]),
  );
  assert.deepEqual(
    issuesOf(plan('blocks: []\nstorage: [{ name: s, size: 9GB, uses: { constructor: much, " a": 1GB } }]')),
    [
      '3:54 storage[0].uses.constructor: give a size with its unit, by powers of 1024, such as 118GB or 512MB',
      '3:66 storage[0].uses. a: give a name of 1 to 100 visible characters (in quotes if it could be read as a number)',
    ],
  );
  for (const name of names)
    assert.match(
      issuesOf(plan(`blocks: [{ name: a, kind: vm, cores: 1, ${name}: 5 }]`))[0] ?? '',
      /^2:\d+ unknown key "/,
    );
});

test('whatever is wrong is said in words of plans, once a value, without those of the libraries', () => {
  const long = `${'9'.repeat(17)}GB`;
  const wrong: readonly [text: string, ...issues: string[]][] = [
    [
      `blocks: [{ name: a, kind: vm, cores: .nan, memory: ${long} }]`,
      'cores: give a whole number',
      'memory: give a size',
    ],
    ['blocks: [{ name: a, kind: vm, cores: 1, memory: -1GB }]', 'memory: give a size with its unit'],
    ['blocks: [{ name: 5, kind: vm, cores: 1 }]', 'name: give a name of 1 to 100 visible characters (in quotes'],
    ['blocks: [{ name: a, kind: vm, cores: 1, nodes: [0, 1] }]', 'nodes: give a list as the kernel prints it'],
    ['blocks: [{ name: a, kind: vm, cores: 1, taints: [5, a=b] }]', 'give a taint as', 'give a taint as'],
    ['blocks: []\nhost: { ssh: 5 }', 'host.ssh: give 1 to 20,000 characters'],
    ['blocks: []\nphases: [{ name: a, asynchronous: perhaps }]', 'give true or false'],
    ['blocks: []\n---\nblocks: []', 'a second document begins here ("---"): a file holds one plan'],
    [`blocks: ${'['.repeat(3000)}`, 'this is nested deeper than any plan'],
    ['blocks: [{ name: a, kind: vm, cores: 1, 2: 3 }]', 'unknown key "2"; the keys here are name,'],
  ];
  for (const [text, ...expected] of wrong) {
    const issues = issuesOf(plan(text));
    for (const [at, words] of expected.entries()) assert.ok(issues[at]?.includes(words), `${text}: ${issues.join()}`);
    for (const issue of issues) assert.doesNotMatch(issue, /Invalid|Expected|received|parseAll|stack/);
  }
  const latin = Buffer.concat([Buffer.from('# a\nb: '), Buffer.from([0xe4, 0x0a])]).toString('utf8');
  assert.deepEqual(issuesOf(latin), ['2:4 what stands here is not UTF-8: save the file as UTF-8']);
  assert.match(issuesOf('- a')[0] ?? '', /^1:1 this is a list; a plan begins with /);
});

test('nothing that is typed into a plan makes its reader throw', () => {
  const lines = example.split('\n');
  const edit = fc.record({
    at: fc.nat(lines.length - 1),
    to: fc.oneof(fc.string(), fc.constantFrom('- ', '}', '&a', '*a', '? x', '!!set {a}', '<<: *a')),
  });
  fc.assert(
    fc.property(edit, fc.boolean(), ({ at, to }, whole) => {
      const line = lines[at] ?? '';
      const read = readPlan(lines.with(at, whole ? to : `${line.slice(0, line.length / 2)}${to}`).join('\n'));
      if ('issues' in read)
        for (const { line: number } of read.issues)
          assert.ok(number >= 1 && number <= lines.length + to.split('\n').length);
    }),
    { numRuns: 60 },
  );
});
