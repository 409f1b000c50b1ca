// `topology` and `watch` on this machine and on recorded ones: formats, streams, exit codes.
import assert from 'node:assert/strict';
import { cpus } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import * as v from 'valibot';
import { sampleSchema } from '../../src/protocol/sample.ts';
import { topologySchema } from '../../src/protocol/topology.ts';
import { dumpOf } from '../support/dump.ts';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import { syntheticProbe } from '../unit/machines.ts';
import { cli } from './cli.ts';

test('topology prints this machine as a tree, JSON and SVG', async () => {
  const json = await cli(['topology', '--format', 'json']);
  assert.equal(json.code, 0, json.stderr);
  const topology = v.parse(topologySchema, JSON.parse(json.stdout));
  assert.equal(topology.cpus.filter((cpu) => cpu.online).length, cpus().length);
  const tree = await cli(['topology']);
  assert.equal(tree.code, 0);
  assert.match(tree.stdout, /^Machine .*\n/);
  for (const cpu of topology.cpus) assert.match(tree.stdout, new RegExp(`\\b${String(cpu.id)}\\b`));
  const svg = await cli(['topology', '--format', 'svg']);
  assert.match(svg.stdout, /^<\?xml|^<svg/);
  for (const cpu of topology.cpus) assert.ok(svg.stdout.includes(`id="PU_${String(cpu.id)}_rect"`));
  assert.match(svg.stdout, /viewBox="[-\d. ]+"/);
});

test('plan admit says why a node refuses a pod, and exits with status 1', async () => {
  const folder = 'docs/examples/kubelet';
  const machine = ['--from', 'pack:2 [numa(memory=126GB)] core:18 pu:2(indexes=core)'];
  const asked = ['plan', 'admit', `${folder}/pod.yaml`, ...machine, '--kubelet', folder];
  const refused = await cli(asked);
  assert.equal(refused.code, 1, refused.stderr);
  assert.match(refused.stdout, /^Container "search" is refused with TopologyAffinityError/);
  const json = await cli([...asked, '--format', 'json']);
  const { admitted, instead } = JSON.parse(json.stdout) as { admitted: boolean; instead: string[] };
  assert.deepEqual([admitted, instead.length], [false, 3]);
  const without = await cli(['plan', 'admit', `${folder}/pod.yaml`, ...machine, '--kubelet', 'docs/examples']);
  assert.equal(without.code, 2);
  assert.match(without.stderr, /There is no config\.yaml in docs\/examples\./);
});

test('plan import makes a plan that plan check takes, and writes it with the machine beside it', async () => {
  const into = temporaryFolder('import');
  const file = join(into, 'node.plan.yaml');
  const folder = 'docs/examples/kubelet';
  const made = await cli([
    'plan',
    'import',
    `${folder}/cpu_manager_state`,
    '--from',
    'pack:2 [numa] core:18 pu:2(indexes=core)',
    '--write',
    file,
  ]);
  assert.equal(made.code, 0, made.stderr);
  assert.match(made.stderr, /Written into .*: 3 blocks\./);
  const checked = await cli(['plan', 'check', file]);
  assert.equal(checked.code, 0, checked.stderr);
  assert.match(checked.stdout, /b81c55aa-model\/model\s+container\s+1 /);
  const none = await cli(['plan', 'import', 'README.md']);
  assert.equal(none.code, 2);
  assert.match(none.stderr, /README\.md: nothing here tells a placement\.\n  What can be imported: libvirt domains/);
  removeFolder(into);
});

test('--from reads a recorded machine; without /sys nodes it says so and goes on', async () => {
  const probe = syntheticProbe({ packages: 2, coresPerNode: 4, threads: 2 });
  const whole = dumpOf(probe);
  const read = await cli(['topology', '--from', whole, '--format', 'json']);
  assert.equal(read.code, 0, read.stderr);
  const topology = v.parse(topologySchema, JSON.parse(read.stdout));
  assert.deepEqual([topology.packages.length, topology.nodes.length, topology.cpus.length], [2, 2, 16]);

  const flat = dumpOf(new Map([...probe].filter(([path]) => !path.startsWith('sys/devices/system/node'))));
  const without = await cli(['topology', '--from', flat, '--format', 'json']);
  assert.equal(without.code, 0, without.stderr);
  const one = v.parse(topologySchema, JSON.parse(without.stdout));
  assert.deepEqual(
    one.nodes.map((node) => node.id),
    [0],
  );
  assert.ok(
    one.warnings.some((warning) => warning.includes('node')),
    one.warnings.join('\n'),
  );
  for (const folder of [whole, flat]) removeFolder(folder);
});

test('steal-order tells of this machine and of files whom each worker steals from, in every form', async () => {
  const here = await cli(['steal-order', '--format', 'json']);
  assert.equal(here.code, 0, here.stderr);
  interface Orders {
    readonly schema: string;
    readonly nodeDistances: { readonly source: string };
    readonly classes: readonly string[];
    readonly workers: readonly { readonly cpu: number; readonly victims: number[]; readonly distances: number[] }[];
  }
  const own = JSON.parse(here.stdout) as Orders;
  assert.equal(own.schema, 'numa-pinboard/steal-order/1');
  assert.equal(own.workers.length, cpus().length);
  const all = own.workers.map(({ cpu }) => cpu).sort((a, b) => a - b);
  for (const { cpu, victims, distances } of own.workers) {
    assert.deepEqual(
      [cpu, ...victims].sort((a, b) => a - b),
      all,
    );
    assert.ok(distances.every((at) => own.classes[at] !== undefined));
  }
  const matrix = new URL('../../docs/examples/four-sockets-matrix.numa.json', import.meta.url).pathname;
  const measured = await cli(['steal-order', '--from', matrix, '--cpus', 'node:0,4,8', '--format', 'json']);
  assert.equal((JSON.parse(measured.stdout) as Orders).nodeDistances.source, 'measured');
  const table = await cli(['steal-order', '--from', matrix]);
  assert.match(table.stdout, /^16 workers on 4 nodes, .* measured core to core, 2026-11-\d\d, emulated\n/);
  for (const [format, words] of [
    ['c', /^static const uint16_t steal_victims\[STEAL_WORKERS\]/m],
    ['rust', /^pub static STEAL_VICTIMS: /m],
    ['go', /^var StealVictims = /m],
  ] as const)
    assert.match((await cli(['steal-order', '--from', matrix, '--format', format])).stdout, words);
  const other = await cli(['steal-order', '--from', 'pack:2 numa:1 core:2 pu:1', '--measured', matrix]);
  assert.equal(other.code, 2);
  assert.match(other.stderr, /was measured on another machine/);
  const absent = await cli(['steal-order', '--from', matrix, '--cpus', '0,99']);
  assert.equal(absent.code, 4);
  assert.match(absent.stderr, /no CPU 99/);
});

test('what is recorded cannot be measured: exit 4, with words', async () => {
  const folder = dumpOf(syntheticProbe({ packages: 2, coresPerNode: 2, threads: 1 }));
  const bench = await cli(['bench', 'spsc', '--from', folder, '--producer', '0', '--consumer', '1']);
  assert.equal(bench.code, 4);
  assert.equal(bench.stdout, '');
  assert.match(bench.stderr, /is a recording/);
  removeFolder(folder);
});

test('watch prints one JSON object a line and ends after --count', async () => {
  const answer = await cli(['watch', '--interval', '1s', '--count', '2', '--pid', String(process.pid)]);
  assert.equal(answer.code, 0, answer.stderr);
  const lines = answer.stdout.trimEnd().split('\n');
  assert.equal(lines.length, 2);
  for (const line of lines) {
    const sample = v.parse(sampleSchema, JSON.parse(line));
    assert.equal(sample.cpus.length, cpus().length);
    assert.ok(sample.processes.some(({ pid }) => pid === process.pid));
    assert.equal(sample.groups?.[0]?.selection, `pid:${process.pid}`);
  }
});

test('usage errors end with 2 and say what would be right', async () => {
  for (const args of [
    ['topology', '--format', 'yaml'],
    ['fly'],
    ['watch', '--interval', 'soon'],
    ['watch', '--pid', '0'],
    ['watch', '--unit', 'a/b'],
    ['bench', 'spsc', '--producer', '0'],
  ]) {
    const answer = await cli(args);
    assert.equal(answer.code, 2, `${args.join(' ')}: ${answer.stderr}`);
    assert.equal(answer.stdout, '');
    assert.match(answer.stderr, /help/);
  }
  const nothing = await cli(['topology', '--from', '/nonexistent']);
  assert.equal(nothing.code, 2);
  assert.match(nothing.stderr, /\/nonexistent.* does not exist/);
});

test('--help of every command ends with 0 and explains where to look', async () => {
  for (const command of [['topology'], ['watch'], ['bench', 'spsc'], ['bench', 'memory'], ['run'], ['serve']]) {
    const answer = await cli([...command, '--help']);
    assert.equal(answer.code, 0);
    assert.match(answer.stdout, /--host/);
    assert.match(answer.stdout, /--no-prompt/);
  }
  assert.match((await cli(['--help'])).stdout, /Exit status/);
});

test('--help shows defaults as a person would type them', async () => {
  const shown = async (...command: string[]): Promise<string[]> =>
    [...(await cli([...command, '--help'])).stdout.replaceAll(/\s+/g, ' ').matchAll(/\(default: ([^)]*)\)/g)].map(
      ([, text = '']) => text,
    );
  assert.deepEqual(await shown('watch'), ['1s', 'table on a terminal, json elsewhere', 'this one', '~/.ssh/config']);
  assert.deepEqual(await shown('serve'), ['any free port', '"docs/numa"', 'this one', '~/.ssh/config']);
  assert.deepEqual(await shown('run'), ['this one', '~/.ssh/config']);
  for (const [kind, time] of [
    ['spsc', '1s'],
    ['spsc', '60s'],
    ['spsc-alternate', '1s'],
    ['matrix', '60s'],
    ['memory', '1s'],
    ['memory', '1G'],
  ] as const)
    assert.ok((await shown('bench', kind)).includes(time), `${kind}: ${time}`);
});
