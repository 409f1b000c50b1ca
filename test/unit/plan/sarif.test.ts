// What `plan check --format sarif` prints is SARIF: by the schema of OASIS, and by what the schema does not hold.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { Ajv } from 'ajv';
import { checkPlan } from '../../../src/model/plan/check/examine.ts';
import { planCheckSarif } from '../../../src/model/plan/check/sarif.ts';
import { readPlan } from '../../../src/protocol/plan-text.ts';
import { exampleText, ownMachine } from './machines.ts';

/** Written for draft 4 of JSON Schema, of which it uses nothing that draft 7 reads otherwise. */
const {
  $schema: _draft,
  id: _id,
  ...SCHEMA
} = JSON.parse(
  readFileSync(
    new URL('../../../node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json', import.meta.url),
    'utf8',
  ),
) as Record<string, unknown>;
const isUri = (text: string): boolean => URL.canParse(text);
const holds = new Ajv({
  strict: false,
  unicodeRegExp: false,
  formats: { uri: isUri, 'uri-reference': (text) => URL.canParse(text, 'file:///'), 'date-time': true },
}).compile(SCHEMA);

interface Sarif {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly level: string;
        readonly message: { readonly text: string };
        readonly partialFingerprints: Readonly<Record<string, string>>;
        readonly locations: readonly [
          {
            readonly physicalLocation: {
              readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string };
              readonly region: { readonly startLine: number; readonly startColumn: number };
            };
          },
        ];
      }[];
    },
  ];
}

function sarifOf(text: string, uri = 'docs/a.plan.yaml'): Sarif {
  const read = readPlan(text);
  assert.ok('plan' in read, JSON.stringify(read));
  const sarif = planCheckSarif(uri, checkPlan(read.plan, ownMachine(read.plan)).problems, read.at);
  // As it is printed: what is undefined is not there.
  const printed = JSON.parse(JSON.stringify(sarif)) as Sarif;
  assert.ok(holds(printed), JSON.stringify(holds.errors?.slice(0, 3)));
  return printed;
}

const WRONG = exampleText.replace('memory: 60GB', 'memory: 75GB');

test('it holds by the schema of SARIF 2.1.0, with problems and without; what is damaged does not', () => {
  const sarif = sarifOf(WRONG);
  assert.ok(sarif.runs[0].results.length > 1);
  const quiet = `schema: numa-pinboard/plan/1
host: { synthetic: "node:2 core:4 pu:1" }
reserve: [{ node: 0, cores: 1, memory: 1GB }, { node: 1, cores: 1, memory: 1GB }]
blocks: []
`;
  assert.deepEqual(sarifOf(quiet).runs[0].results, []);
  const [{ results, ...run }] = sarif.runs;
  for (const damaged of [{ level: 'fatal' }, { message: {} }, { ruleIndex: -2 }, { line: 3 }])
    assert.ok(
      !holds({ ...sarif, runs: [{ ...run, results: [{ ...results[0], ...damaged }] }] }),
      JSON.stringify(damaged),
    );
});

test('each result names its rule, its level and the place in the file where it is mended', () => {
  const [{ tool, results }] = sarifOf(WRONG).runs;
  assert.deepEqual(
    results.map(({ ruleId, level }) => [ruleId, level]),
    [
      ['overcommits-memory', 'error'],
      ['shares-l3', 'note'],
    ],
  );
  for (const { ruleId, ruleIndex } of results) assert.equal(tool.driver.rules[ruleIndex]?.id, ruleId);
  assert.equal(new Set(tool.driver.rules.map(({ id }) => id)).size, tool.driver.rules.length);
  const line = WRONG.split('\n').indexOf('    memory: 75GB') + 1;
  assert.deepEqual(results[0]?.locations[0].physicalLocation, {
    artifactLocation: { uri: 'docs/a.plan.yaml', uriBaseId: '%SRCROOT%' },
    region: { startLine: line, startColumn: 13 },
  });
});

test('an absolute place has no base, and braces in a name are no placeholders', () => {
  const overlapping = `schema: numa-pinboard/plan/1
host: { synthetic: "node:2 core:4 pu:1" }
blocks:
  - { name: "vm {0}", kind: vm, cpus: "0-1" }
  - { name: other, kind: vm, cpus: "1-2" }
`;
  const [{ results }] = sarifOf(overlapping, 'file:///srv/a%20b.plan.yaml').runs;
  assert.deepEqual(results[0]?.locations[0].physicalLocation.artifactLocation, { uri: 'file:///srv/a%20b.plan.yaml' });
  const texts = results.map(({ message }) => message.text).join();
  assert.match(texts, /vm \{\{0\}\}/);
  assert.doesNotMatch(texts.replaceAll(/\{\{|\}\}/g, ''), /[{}]/);
});

test('a fingerprint stays while lines move and figures change, and tells results apart', () => {
  const prints = (text: string): (string | undefined)[] =>
    sarifOf(text).runs[0].results.map((one) => one.partialFingerprints['problem/v1']);
  const first = prints(WRONG);
  assert.equal(new Set(first).size, first.length);
  assert.deepEqual(prints(`# moved\n${WRONG.replace('75GB', '76GB')}`), first);
});
