// The published JSON schemas: as they are made today, and agreeing with the program on real files.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { Ajv } from 'ajv';
import { schemaFiles } from '../../../scripts/schemas.ts';
import { parse } from 'yaml';
import { doctorJson } from '../../../src/model/doctor/text.ts';
import { parseRun } from '../../../src/protocol/run.ts';
import { examined } from '../doctor/hosts.ts';

const published = new URL('../../../docs/schema/', import.meta.url);
const runs = new URL('../../fixtures/runs/', import.meta.url);

const schemaOf = (name: string): object =>
  JSON.parse(readFileSync(new URL(`${name}.schema.json`, published), 'utf8')) as object;

test('docs/schema holds what the schemas of the program say', () => {
  const made = schemaFiles();
  assert.deepEqual(readdirSync(published).toSorted(), [...made.keys()].toSorted());
  for (const [name, text] of made)
    assert.equal(readFileSync(new URL(name, published), 'utf8'), text, `docs/schema/${name} is old: npm run schemas`);
});

test('runs as they are written today hold by the published schema, and what the program refuses does not', () => {
  const holds = new Ajv({ strict: false, formats: { 'date-time': true } }).compile(schemaOf('run'));
  for (const name of readdirSync(runs).filter((file) => file.endsWith('.json'))) {
    // Recorded by 0.1.0; reading them gives what today's version would write.
    const run = { ...parseRun(readFileSync(new URL(name, runs), 'utf8')) } as Record<string, unknown>;
    assert.ok(holds(run), `${name}: ${JSON.stringify(holds.errors?.slice(0, 2))}`);
    for (const key of ['schema', 'topology', 'results']) {
      const damaged = { ...run, [key]: 1 };
      assert.ok(!holds(damaged), `${name} with ${key} damaged`);
      assert.throws(() => parseRun(JSON.stringify(damaged)));
    }
  }
});

test('what the doctor prints holds by the published schema, and a severity that is none does not', () => {
  const holds = new Ajv({ strict: false }).compile(schemaOf('doctor'));
  for (const line of ['quiet', 'numa=off nosmt']) {
    const printed = doctorJson(examined({ 'proc/cmdline': line }), '2026-01-01T00:00:00.000Z') as {
      findings: object[];
    };
    assert.ok(holds(printed), JSON.stringify(holds.errors?.slice(0, 2)));
    assert.equal(
      holds({ ...printed, findings: printed.findings.map((one) => ({ ...one, severity: 'grave' })) }),
      line === 'quiet',
    );
  }
});

test('a plan as a person writes it holds by the published schema, and a mistyped key does not', () => {
  const holds = new Ajv({ strict: false }).compile(schemaOf('plan'));
  const example = new URL('../../../docs/examples/four-vms.plan.yaml', import.meta.url);
  const written = parse(readFileSync(example, 'utf8')) as { readonly blocks: readonly object[] };
  assert.ok(holds(written), JSON.stringify(holds.errors?.slice(0, 2)));
  assert.ok(!holds({ ...written, blocks: [{ ...written.blocks[0], noode: 0 }] }));
  assert.ok(!holds({ ...written, blocks: [{ ...written.blocks[0], memory: 118 }] }));
});
