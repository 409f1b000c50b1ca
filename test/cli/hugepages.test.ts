// `hugepages` on this machine and on recorded ones: formats, exit codes, and that nothing is changed unasked.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import { dumpOf } from '../support/dump.ts';
import { noPool, poolFile, reserved, withPool } from '../support/pool.ts';
import { syntheticProbe } from '../unit/machines.ts';
import { cli, type Answer } from './cli.ts';

const state = { XDG_STATE_HOME: temporaryFolder('state') };
const huge = (...words: string[]): Promise<Answer> => cli(['hugepages', ...words], state);

const machine = dumpOf(syntheticProbe({ packages: 2, coresPerNode: 2 }));
after(() => removeFolder(machine));

test('list and plan of a recorded machine, as text and as JSON', async () => {
  const text = await huge('--from', machine);
  assert.equal(text.code, 0, text.stderr);
  assert.match(text.stdout, /^ {2}node +page +reserved +free +surplus +in use\n {2}0 +2 MB +0 +0 +unknown +0$/m);
  assert.match(text.stdout, /^Processes: unavailable: a recording does not show them$/m);
  const list = await huge('list', '--from', machine, '--format', 'json');
  const { schema, nodes } = JSON.parse(list.stdout) as { schema: string; nodes: { id: number; sizes: object[] }[] };
  assert.equal(schema, 'numa-pinboard/hugepages/1');
  assert.deepEqual(nodes[1]?.sizes[0], { sizeBytes: 2 * 1024 ** 2, total: 0, free: 0, surplus: null });
  const plan = await huge('plan', '--from', machine, '--node', '1', '--size', '40G', '--format', 'json');
  assert.equal(plan.code, 0, plan.stderr);
  const planned = JSON.parse(plan.stdout) as { schema: string; needed: number; missing: number; commands: string[] };
  const file = '/sys/devices/system/node/node1/hugepages/hugepages-2048kB/nr_hugepages';
  assert.deepEqual(
    [planned.schema, planned.needed, planned.missing, planned.commands],
    ['numa-pinboard/hugepages/1', 20_480, 20_480, [`echo 20480 | sudo tee ${file}`]],
  );
  const line = await huge('plan', '--from', machine, '--node', '1', '--count', '7', '--format', 'kernel');
  assert.equal(line.stdout, 'hugepagesz=2M hugepages=1:7\n');
  const all = await huge('plan', '--from', machine, '--node', '1', '--count', '7', '--recommend');
  for (const part of ['systemd', 'Kernel command line', 'fstab', 'Kubernetes', 'libvirt', 'malloc'])
    assert.ok(all.stdout.includes(part), part);
});

test('what cannot be is refused with words and the exit status of its kind', async () => {
  for (const [words, code, why] of [
    [['plan', '--size', '1G', '--from', machine], 2, /Give --node NODE[^]*nodes 0-1/],
    [['plan', '--node', '0', '--from', machine], 2, /Give --size, such as 40G, or --count/],
    [['plan', '--node', '0', '--size', '1G', '--count', '2', '--from', machine], 2, /not both/],
    [['plan', '--node', '0', '--size', '1G', '--pages', '3m', '--from', machine], 2, /page size/],
    [['plan', '--node', '0', '--size', '1G', '--pages', '64k', '--from', machine], 4, /has pages of 2 MB/],
    [['plan', '--node', '9', '--size', '1G', '--from', machine], 4, /no NUMA node 9/],
    [['reserve', '--node', '0', '--count', '1', '--yes', '--from', machine], 4, /is a recording/],
  ] as const) {
    const answer = await huge(...words);
    assert.equal(answer.code, code, answer.stderr);
    assert.match(answer.stderr, why);
    assert.equal(answer.stdout, '');
  }
});

test('reserve asks, or needs --yes; undo puts back; JSON says what was got', { skip: noPool }, () =>
  withPool(async () => {
    const words = ['--node', '0', '--pages', '2m'];
    writeFileSync(poolFile, '0');
    const asks = await huge('reserve', ...words, '--count', '2');
    assert.equal(asks.code, 3, asks.stderr);
    assert.match(asks.stderr, /goes from 0 to 2\.[^]*Nothing was changed[^]*Add --yes/);
    assert.equal(reserved(), 0);
    const made = await huge('reserve', ...words, '--count', '2', '--yes', '--format', 'json');
    assert.equal(made.code, 0, made.stderr);
    const { got, missing, before: was } = JSON.parse(made.stdout) as Record<string, unknown>;
    assert.deepEqual([was, got, missing, reserved()], [0, 2, 0, 2]);
    // They are there already: reserving the same again is no second helping.
    const again = await huge('reserve', ...words, '--count', '2', '--yes');
    assert.match(again.stdout, /Nothing was changed/);
    assert.match((await huge()).stdout, /1 change made from here and not undone[^]*2 reserved, 0 before/);
    const fewer = await huge('release', ...words, '--count', '5', '--yes');
    assert.equal(fewer.code, 4, fewer.stderr);
    assert.match(fewer.stderr, /2 pages of the 5 can be released/);
    assert.equal(reserved(), 0);
    for (const left of [2, 0]) {
      const undo = await huge('undo');
      assert.equal(undo.code, 0, undo.stderr);
      assert.equal(reserved(), left);
    }
    assert.match((await huge('undo')).stdout, /There is no change on .* to undo/);
  }),
);
