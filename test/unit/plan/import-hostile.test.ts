// Whatever is in a file: a plan that reads back, or words with the file, and its line where there is one.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { PinboardError } from '../../../src/model/problem.ts';
import { MAX_PLAN_BYTES } from '../../../src/model/plan/plan.ts';
import { varied } from '../../support/long.ts';
import { ownMachine, PAPER, planOf } from './machines.ts';
import { importOf } from './importing.ts';
import { DOMAIN, INSPECT, NODE_TOPOLOGY, SCONTROL, UNITS } from './samples.ts';

const refusals: readonly [what: string, files: Readonly<Record<string, string>>, words: RegExp][] = [
  ['text of nobody', { 'a.txt': 'hello\n' }, /^a\.txt: nothing here tells a placement\./],
  ['another XML', { 'a.xml': '<network/>' }, /^a\.xml: nothing here tells a placement\./],
  ['a table of JSON', { 'a.json': '[1, 2]' }, /^a\.json: nothing here/],
  ['torn JSON', { 'a.json': '{\n"policyName": "static",\n "defa' }, /^a\.json.*: this is no JSON/],
  ['torn XML', { 'a.xml': '<domain>\n<name>a</domain>' }, /^a\.xml: This is not well-formed XML: 2:\d+/],
  ['no vCPUs', { 'a.xml': '<domain/>' }, /^a\.xml: the domain does not say how many vCPUs/],
  [
    'a list that counts down',
    { 'a.xml': "<domain><vcpu cpuset='9-2'>1</vcpu></domain>" },
    /^a\.xml: cpuset of <vcpu>: "9-2" counts down/,
  ],
  [
    'all CPUs that have a number',
    { 'a.slice': '[Slice]\nAllowedCPUs=0-65535\n' },
    /^a\.slice:2: AllowedCPUs: it names 65536/,
  ],
  ['endless XML', { 'a.xml': `<domain>${'<a>'.repeat(10_000)}` }, /^a\.xml: .*nested more than/],
  ['a unit of no name', { 'a.txt': '[Service]\nCPUAffinity=0\n' }, /^a\.txt: which unit it is of cannot be told/],
  [
    'a wrong list in a unit',
    { 'a.service': '[Service]\n\nAllowedCPUs=0-x\n' },
    /^a\.service:3: AllowedCPUs: "0-x" is not a CPU list/,
  ],
  [
    'a wrong line in a unit',
    { 'a.service': '[Service]\nExec \\\n more\nAllowed CPUs\n' },
    /^a\.service:2: this is no line of a unit/,
  ],
  [
    'a wrong size in a unit',
    { 'a.slice': '[Slice]\nAllowedCPUs=0\nMemoryMax=lots\n' },
    /^a\.slice:3: MemoryMax="lots" is no size/,
  ],
  [
    'no policy',
    { 'a.service': '[Service]\nCPUAffinity=0\nNUMAPolicy=constructor\n' },
    /^a\.service:3: NUMAPolicy="constructor" is none of bind/,
  ],
  [
    'several nodes of Slurm',
    { a: 'NodeName=a Sockets=1\nNodeName=b Sockets=1\n' },
    /^a:2: these are several nodes, "a" and "b"/,
  ],
  ['a machine of no size', { a: 'NodeName=a Sockets=99999 CoresPerSocket=99999\n' }, /^a:1: 9999800001 CPUs/],
  [
    'a size of a container',
    { a: 'docker run \\\n --name x --cpuset-cpus=0 -m 1x img\n' },
    /^a:1: --memory "1x" is no size/,
  ],
  ['a container without limits', { a: '[{"HostConfig": {}}]' }, /^a: this is no container: Name/],
  [
    'two states',
    { a: '{"policyName":"static","defaultCpuSet":""}', b: '{"policyName":"static","defaultCpuSet":""}' },
    /^b: this is the second cpu_manager_state/,
  ],
  [
    'a zone of no amount',
    { a: NODE_TOPOLOGY.replace('"34"', '"many"') },
    /^a: cpu of zone "node-0" is "many", which is no amount/,
  ],
  [
    'another version',
    { a: NODE_TOPOLOGY.replace('v1alpha2', 'v9') },
    /^a: this is no NodeResourceTopology: apiVersion/,
  ],
  ['broken YAML', { a: 'apiVersion: v1\nkind: [\n' }, /^a:\d+: this is no YAML/],
  [
    'aliases that grow',
    {
      a: `apiVersion: v1\na: &a [1,1]\n${Array.from(
        { length: 9 },
        (_, i) =>
          `b${i}: &b${i} [${Array(9)
            .fill(i === 0 ? '*a' : `*b${i - 1}`)
            .join(', ')}]`,
      ).join('\n')}\n`,
    },
    /^a: this is no YAML: Excessive alias/,
  ],
];

for (const [what, files, words] of refusals)
  test(`${what} is refused with words`, () => {
    assert.throws(
      () => importOf(files),
      (error) => error instanceof PinboardError && error.code === 'bad-file' && words.test(error.message),
      what,
    );
  });

const MACHINE = ownMachine(planOf(`${PAPER}\nblocks: []`));
const STATE = JSON.stringify({ policyName: 'static', defaultCpuSet: '0-3', entries: { a: { b: '4-7', c: '8' } } });
const MEMORY = JSON.stringify({
  policyName: 'Static',
  machineState: {},
  entries: {
    a: {
      b: [
        { numaAffinity: [0], type: 'memory', size: 2 ** 30 },
        { numaAffinity: [1], type: 'hugepages-1Gi', size: 2 ** 31 },
      ],
    },
  },
});
const SAMPLES = [
  DOMAIN,
  NODE_TOPOLOGY,
  SCONTROL,
  INSPECT,
  STATE,
  MEMORY,
  ...Object.values(UNITS),
  'docker run --cpuset-cpus=0-3 --memory=2g a',
];

/** What breaks readers: other figures, lists and letters, and parts that are gone or there twice. */
const odd = fc.constantFrom(
  '',
  '0',
  '-1',
  '99999999999999999999',
  '0-65535',
  '^',
  '\u0000',
  '\u202e',
  '<',
  '"',
  '\\\n',
  'null',
  '__proto__',
  '%',
  '\n',
  '9e9',
  '[]',
  '{}',
  '1-',
);
const broken = fc
  .record({
    sample: fc.constantFrom(...SAMPLES),
    cuts: fc.array(fc.record({ at: fc.nat(2000), length: fc.nat(12), put: odd }), { minLength: 1, maxLength: 4 }),
  })
  .map(({ sample, cuts }) =>
    cuts.reduce((text, { at, length, put }) => {
      const from = at % (text.length + 1);
      return text.slice(0, from) + put + text.slice(from + length);
    }, sample),
  );

test('broken files: a plan, or words', () => {
  fc.assert(
    fc.property(fc.array(broken, { minLength: 1, maxLength: 2 }), fc.boolean(), (texts, known) => {
      const files = Object.fromEntries(texts.map((text, at) => [`f${at}.service`, text]));
      try {
        const { text } = importOf(files, known ? MACHINE : null);
        assert.ok(text.length < MAX_PLAN_BYTES);
      } catch (error) {
        if (!(error instanceof PinboardError)) throw error;
        assert.equal(error.code, 'bad-file');
      }
    }),
    { numRuns: varied(300, 5000) },
  );
});
