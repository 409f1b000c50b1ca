// What is to be pasted is tried: lines run by a real shell, the drop-in read by systemd, arguments as numactl takes them; and what
// Kubernetes cannot say is said.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import fc from 'fast-check';
import { parseCpuList } from '../../src/model/cpulist.ts';
import type { Placed, Recommendation } from '../../src/model/recommend/recommend.ts';
import { placedIn, recommend } from '../../src/model/recommend/recommend.ts';
import { recommendLines } from '../../src/model/recommend/text.ts';
import type { Topology } from '../../src/model/topology.ts';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import { guidedRun } from './guided.ts';
import { emulated, machine, oneNode, runOf, spscCase, twoSockets } from './topologies.ts';

const pair = (producer: string, consumer: string, more: Partial<Placed> = {}): Placed => ({
  threads: [
    { name: 'producer', cpus: producer },
    { name: 'consumer', cpus: consumer },
  ],
  memory: 0,
  command: null,
  ...more,
});

function one(tool: Recommendation['tool'], topology: Topology, placed: Placed): Recommendation {
  return recommend(topology, placed).find((made) => made.tool === tool) ?? assert.fail(tool);
}

const there = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;

test('this host’s numbers stand in every form', () => {
  const topology = twoSockets();
  const placed = pair('1', '5', { memory: 1 });
  const text = (tool: Recommendation['tool']): string => one(tool, topology, placed).text;
  assert.match(text('taskset'), /^taskset --cpu-list 1,5 \.\/your-program$/m);
  assert.match(text('taskset'), /^# taskset --cpu-list --pid 5 CONSUMER_TID$/m);
  assert.match(text('numactl'), /^numactl --physcpubind=1,5 --membind=1 \.\/your-program$/m);
  assert.match(text('numactl'), /^# numactl --physcpubind=1,5 --preferred=1 /m);
  assert.match(text('systemd'), /^\[Service\]\nCPUAffinity=1 5\nNUMAPolicy=bind\nNUMAMask=1$/m);
  assert.match(text('docker'), /^docker run --cpuset-cpus=1,5 --cpuset-mems=1 YOUR_IMAGE$/);
});

test('Kubernetes: whole CPUs, a reservation away from them, and what it cannot say', () => {
  const near = one('kubernetes', twoSockets(), pair('1', '2'));
  assert.match(near.text, /^cpuManagerPolicy: static$/m);
  assert.match(near.text, /^topologyManagerPolicy: single-numa-node$/m);
  assert.match(near.text, /^ {2}full-pcpus-only: "true"$/m);
  assert.match(near.text, /^reservedSystemCPUs: "0,8"$/m);
  assert.match(near.text, /requests: \{ cpu: "2", memory: 1Gi \}\n {6}limits: \{ cpu: "2", memory: 1Gi \}/);
  assert.match(near.note ?? '', /takes no CPU numbers: it may pick others than 1-2/);
  const far = one('kubernetes', twoSockets(), pair('0', '4'));
  assert.match(far.text, /^topologyManagerPolicy: best-effort$/m);
  assert.match(far.text, /^reservedSystemCPUs: "1,9"$/m);
  assert.match(far.note ?? '', /No field asks for CPUs of nodes 0-1 at once/);
  assert.match(one('kubernetes', oneNode(), pair('0', '1')).text, /# reservedSystemCPUs: this host has no CPU left/);
  const many = machine({ packages: 3, nodesPerPackage: 3, coresPerNode: 2 });
  assert.match(one('kubernetes', many, pair('0', '1')).note ?? '', /max-allowable-numa-nodes/);
});

test('without a node nothing is said of memory', () => {
  for (const tool of ['numactl', 'systemd', 'docker'] as const) {
    const { text } = one(tool, twoSockets(), pair('1', '2', { memory: null }));
    assert.doesNotMatch(text, /mem|NUMA(Policy|Mask)/);
  }
});

test('the placement of a run: what was placed, the near pair of a guided run, the pins of a program, none when not pinned', () => {
  const topology = twoSockets();
  const plain = placedIn(topology, runOf({ figures: [[1], [2]] }));
  assert.deepEqual(plain, pair('0', '4'));
  const consumers = runOf({ cases: [spscCase(0, 4, { memory: 'consumer' })], figures: [[1]] });
  assert.equal(placedIn(topology, consumers)?.memory, 1);
  assert.equal(placedIn(topology, runOf({ cases: [spscCase(0, 4, { pin: false })], figures: [[1]] })), null);
  const guided = guidedRun(topology, { figure: ({ latency }) => (latency ? 300 : 5e7) });
  const near = placedIn(topology, guided);
  assert.deepEqual(
    near?.threads.map(({ cpus }) => cpus),
    ['1', '2'],
  );
  const [result] = guided.results;
  assert.ok(result);
  const program = { command: ['./server', '--name', "it's"], pins: [{ name: 'server', cpus: '0-3', node: 1 }] };
  const placed = placedIn(topology, { results: [{ ...result, placement: program }], comparison: null });
  assert.ok(placed);
  assert.match(
    one('numactl', topology, placed).text,
    /^numactl --physcpubind=0-3 --membind=1 \.\/server --name 'it'\\''s'$/m,
  );
  assert.match(one('kubernetes', topology, placed).text, /^ {4}command: \["\.\/server","--name","it's"\]$/m);
});

test('the terminal’s block says of an emulated host what its figures cannot carry', () => {
  const figure = ({ latency }: { latency: boolean }): number => (latency ? 300 : 5e7);
  assert.ok(recommendLines(guidedRun(twoSockets(), { figure })).includes('To paste'));
  const lines = recommendLines(guidedRun(emulated(twoSockets()), { figure })).join('\n');
  assert.match(lines, /no figure of an emulated host can say/);
});

test('whatever the command holds, a shell gets it word by word, and YAML on one line', () => {
  const word = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom("'", '$(touch /tmp/x)', '`x`', '"; :', '-rf', ''),
  );
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
      const placed = pair('0', '1', { memory: null, command: ['printf', '[%s]', ...words] });
      const [line = ''] = one('taskset', oneNode(), placed).text.split('\n');
      const told = spawnSync('sh', ['-c', line.replace(/^taskset --cpu-list \S+ /, '')], { encoding: 'utf8' });
      const shown = /\[.*\]/s.exec(told.stdout)?.[0] ?? '';
      const safe = JSON.parse(/command: (.*)$/m.exec(one('kubernetes', oneNode(), placed).text)?.[1] ?? '') as string[];
      assert.equal(
        shown,
        safe
          .slice(2)
          .map((each) => `[${each}]`)
          .join(''),
      );
    }),
    { numRuns: 60 },
  );
});

test('lines of taskset and numactl run, and hold', { skip: !there('taskset') || !there('numactl') }, () => {
  const command = ['grep', '-E', '^(Cpus|Mems)_allowed_list', '/proc/self/status'];
  const own =
    /Cpus_allowed_list:\s*(\S+)/.exec(
      spawnSync('grep', ['Cpus_allowed_list', '/proc/self/status'], { encoding: 'utf8' }).stdout,
    )?.[1] ?? '0';
  const [cpu = 0] = parseCpuList(own);
  const placed = pair(String(cpu), String(cpu), { command });
  for (const tool of ['taskset', 'numactl'] as const) {
    const { text } = one(tool, oneNode(), placed);
    // The variants stand behind a #: they are tried, too.
    const lines = text
      .split('\n')
      .flatMap((line) => (/^(# )?(taskset --cpu-list \d|numactl )/.exec(line) ? [line.replace(/^# /, '')] : []));
    assert.ok(lines.length >= 1, text);
    for (const line of lines) {
      const told = spawnSync('sh', ['-c', line], { encoding: 'utf8' });
      assert.equal(told.status, 0, `${line}\n${told.stderr}`);
      assert.match(told.stdout, new RegExp(`Cpus_allowed_list:\\s*${cpu}\\n`), line);
    }
  }
});

test('systemd takes the drop-in without a word', { skip: !there('systemd-analyze') }, () => {
  const folder = temporaryFolder('unit');
  try {
    const unit = join(folder, 'pinned.service');
    writeFileSync(unit, '[Service]\nExecStart=/bin/true\n');
    mkdirSync(`${unit}.d`);
    const dropIn = join(`${unit}.d`, 'numa.conf');
    const verify = (text: string): string => {
      writeFileSync(dropIn, text);
      return spawnSync('systemd-analyze', ['--recursive-errors=no', '--man=no', 'verify', unit], { encoding: 'utf8' })
        .stderr;
    };
    const { text } = one('systemd', twoSockets(), pair('1-3', '8', { memory: 1 }));
    const about = (told: string): string[] => told.split('\n').filter((line) => line.includes('numa.conf'));
    assert.deepEqual(about(verify(text)), []);
    // It does read the drop-in, and would complain.
    assert.notDeepEqual(about(verify(text.replace('NUMAPolicy=bind', 'NUMAPolicy=nearby'))), []);
  } finally {
    removeFolder(folder);
  }
});
