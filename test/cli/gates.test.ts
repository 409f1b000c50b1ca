// `compare` and `check` as a CI runner uses them: files in, words and an exit status out.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { after } from 'node:test';
import type { Run } from '../../src/model/run/run.ts';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import { runOf } from '../unit/topologies.ts';
import { cli } from './cli.ts';

const folder = temporaryFolder('gates');
after(() => removeFolder(folder));

const EXAMPLE = fileURLToPath(new URL('../../docs/examples/four-vms.plan.yaml', import.meta.url));

const around = (figure: number): number[] => [1, 1.01, 0.99, 1.005, 0.995, 1, 1].map((factor) => figure * factor);

function file(name: string, run: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(run));
  return path;
}

/** On paper, for this machine has one node: across sockets, and within one. */
const paper = (far: number, near: number): Run => runOf({ figures: [around(far), around(near)] });

test('a run measured here: nothing to check across nodes, and no worse than itself', async () => {
  const bench = await cli('bench spsc --producer 0 --consumer 1 --duration 100ms --repeat 3 --format json'.split(' '));
  assert.equal(bench.code, 0, bench.stderr);
  const run = file('here.numa.json', JSON.parse(bench.stdout));
  const penalty = await cli(['check', run, '--max-penalty', '1.5']);
  assert.equal(penalty.code, 0, penalty.stderr);
  assert.match(penalty.stdout, /skipped: penalty.*(one NUMA node|no case across nodes|software plays)/);
  const itself = await cli(['compare', run, run, '--format', 'json']);
  assert.equal(itself.code, 0, itself.stderr);
  const { schema, cases } = JSON.parse(itself.stdout) as { schema: string; cases: { change: number }[] };
  assert.equal(schema, 'numa-pinboard/compare/1');
  assert.ok(cases.length > 0 && cases.every(({ change }) => change === 0));
});

test('what breaks ends with 1 and is named; what holds ends with 0', async () => {
  const before = file('before.numa.json', paper(80, 100));
  const worse = file('worse.numa.json', paper(40, 100));
  const held = await cli(['check', before, '--max-penalty', '1.5']);
  assert.equal(held.code, 0, held.stderr);
  const broke = await cli(['check', worse, '--max-penalty', '1.5', '--baseline', before, '--max-regression', '10%']);
  assert.equal(broke.code, 1);
  assert.match(broke.stdout, /broke: penalty/);
  assert.match(broke.stdout, /broke: regression, P#0 → P#4/);
  const json = await cli(['check', before, worse, '--max-penalty', '1.5', '--format', 'json']);
  assert.equal(json.code, 1);
  assert.deepEqual(
    (JSON.parse(json.stdout) as { ok: boolean }[]).map(({ ok }) => ok),
    [true, false],
  );
  const words = await cli(['compare', before, worse]);
  assert.equal(words.code, 0, words.stderr);
  assert.match(words.stdout, /worse/);
});

test('what cannot be checked ends with 2, and says what to give', async () => {
  const run = file('run.numa.json', paper(80, 100));
  const topology = file('topology.json', paper(80, 100).topology);
  for (const [args, words] of [
    [['check', run], /Nothing to check/],
    [['check', run, '--baseline', run], /--baseline and --max-regression together/],
    [['check', run, '--max-penalty', '0.5'], /at least 1/],
    [['check', run, '--baseline', run, '--max-regression', 'ten'], /percent/],
    [['check', topology, '--max-penalty', '2'], /not a run/],
    [['compare', run, join(folder, 'none.numa.json')], /does not exist/],
  ] as const) {
    const answer = await cli(args);
    assert.equal(answer.code, 2, args.join(' '));
    assert.match(answer.stderr, words);
    assert.equal(answer.stdout, '');
  }
});

test('a plan: sound, it ends with 0; broken, with 1 and its lines, in words and as SARIF; unreadable, with 2', async () => {
  const sound = await cli(['plan', 'check', EXAMPLE]);
  assert.equal(sound.code, 0, sound.stderr);
  assert.match(sound.stdout, /36 cores, 72 threads, 234 GB; 18 GB for the host/);
  const text = readFileSync(EXAMPLE, 'utf8');
  const line = text.split('\n').indexOf('    memory: 60GB') + 1;
  const broken = join(folder, 'broken.plan.yaml');
  writeFileSync(broken, text.replace('memory: 60GB', 'memory: 75GB'));
  const words = await cli(['plan', 'check', broken]);
  assert.equal(words.code, 1);
  assert.match(
    words.stdout,
    new RegExp(`Node 1 is to give 131 GB and has 126 GB\\. .*overcommits-memory, line ${line}\\)`),
  );
  const sarif = await cli(['plan', 'check', broken, '--format', 'sarif']);
  assert.equal(sarif.code, 1);
  const { runs } = JSON.parse(sarif.stdout) as { runs: [{ results: { ruleId: string }[] }] };
  assert.equal(runs[0].results[0]?.ruleId, 'overcommits-memory');
  // What cannot work is not written for other tools.
  const out = join(folder, 'out');
  const refused = await cli(['plan', 'export', broken, '--to', out]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /The plan cannot work as it is: /);
  assert.ok(!existsSync(out));
  const written = await cli(['plan', 'export', EXAMPLE, '--to', out, '--only', 'libvirt']);
  assert.equal(written.code, 0, written.stderr);
  const made = written.stdout.trim();
  assert.deepEqual(readdirSync(made).toSorted(), ['README.md', 'libvirt']);
  assert.match(readFileSync(join(made, 'libvirt', 'data.xml'), 'utf8'), /<vcpupin vcpu='15'/);
  // Another machine than the plan's own.
  const json = await cli(['plan', 'check', EXAMPLE, '--from', 'pack:1 core:4 pu:2', '--format', 'json']);
  assert.equal(json.code, 1);
  const { ok, problems } = JSON.parse(json.stdout) as { ok: boolean; problems: { id: string; line: number }[] };
  assert.ok(!ok && problems.some(({ id }) => id === 'absent-node') && problems.every(({ line: one }) => one > 1));
  // A machine in a file beside the plan.
  const [, notation = ''] = /synthetic: "(.*)"/.exec(text) ?? [];
  writeFileSync(
    join(folder, 'machine.txt'),
    notation.replaceAll(/GB|MB/g, (unit) => unit.replace('B', 'iB')),
  );
  writeFileSync(broken, text.replace(/synthetic: ".*"/, 'topology: machine.txt'));
  const beside = await cli(['plan', 'check', broken]);
  assert.equal(beside.code, 0, beside.stderr);
  assert.match(beside.stdout, /234 GB; 18 GB for the host/);
  // A notation is never the name of a file.
  writeFileSync(broken, text.replace(/synthetic: ".*"/, 'synthetic: "machine.txt"'));
  const path = await cli(['plan', 'check', broken]);
  assert.equal(path.code, 2);
  assert.match(path.stderr, /"machine\.txt" is not hwloc's notation of a machine/);
  writeFileSync(broken, text.replace('node: 0', 'noode: 0'));
  const unreadable = await cli(['plan', 'check', broken]);
  assert.equal(unreadable.code, 2);
  assert.match(unreadable.stderr, /broken\.plan\.yaml:\d+:\d+: unknown key "noode"; did you mean "node"\?/);
});

test('places are proposed with what proves them and written without touching the rest; flows are priced by what is known', async () => {
  const open = join(folder, 'open.plan.yaml');
  const text = readFileSync(EXAMPLE, 'utf8');
  writeFileSync(open, text.replace('    node: 0\n', ''));
  const json = await cli(['plan', 'propose', open, '--write', '--format', 'json']);
  assert.equal(json.code, 0, json.stderr);
  const { proven, blocks } = JSON.parse(json.stdout) as { proven: boolean; blocks: { name: string; node: number }[] };
  assert.ok(proven && blocks[0]?.name === 'slm-heavy' && blocks[0].node === 0);
  assert.equal(readFileSync(open, 'utf8').replace('    node: 0\n', ''), text.replace('    node: 0\n', ''));
  writeFileSync(open, text.replace('cores: 8', 'cores: 9').replace('threads: 16', 'threads: 18'));
  const none = await cli(['plan', 'propose', open]);
  assert.equal(none.code, 1, none.stderr);
  assert.match(none.stdout, /No placement has room for all/);
  const price = await cli(['plan', 'price', EXAMPLE, '--format', 'json']);
  assert.equal(price.code, 0, price.stderr);
  const { rates } = JSON.parse(price.stdout) as { rates: { source: string } };
  assert.equal(rates.source, 'distance');
  const nodes = EXAMPLE.replace('four-vms.plan.yaml', 'two-sockets-nodes.numa.json');
  const other = await cli(['plan', 'price', EXAMPLE, '--matrix', nodes]);
  assert.equal(other.code, 2);
  assert.match(other.stderr, /was measured on another machine: node 0 has CPUs 0–7 there/);
  const wrong = await cli(['plan', 'propose', open, '--free', 'nobody']);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /has no block "nobody"/);
});
