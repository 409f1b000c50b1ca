/** The real agent on this machine: what it measures, and what it says when it cannot. No figure's size is asserted. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import test, { before } from 'node:test';
import { AgentLines } from '../../src/model/live/agent-lines.ts';
import { isTable } from '../../src/model/live/tables.ts';
import { isUnavailable } from '../../src/model/run/run.ts';
import { parseCpuList } from '../../src/model/text/cpulist.ts';
import { AGENT_VERSION } from '../../src/protocol/agent.ts';
import { first, last, node, nodes, sysNode } from './here.ts';
import { agent, assertDone, assertFails, haveAgent, linesOf, measure } from './process.ts';

before(haveAgent);

void test('it greets with its version and architecture, and identifies the host', async () => {
  const answer = await agent('identify');
  assertDone(answer);
  const [hello] = linesOf(answer, 'hello');
  assert.equal(hello?.version, AGENT_VERSION);
  assert.match(hello.architecture, /^(x86_64|aarch64)$/);
  const [identity] = linesOf(answer, 'identify');
  const virtual = process.arch === 'x64' && /^flags\s*:.*\bhypervisor\b/m.test(readFileSync('/proc/cpuinfo', 'utf8'));
  if (process.arch === 'x64') assert.equal(identity?.hypervisor !== null, virtual);
  if (identity?.emulated) assert.equal(identity.hypervisor, 'tcg');
});

void test('spsc interleaves its cases and says what held while it measured', async () => {
  const answer = await measure(
    80,
    ...['spsc', '--rounds', '3'],
    ...['--case', `producer=${first},consumer=${last}`],
    ...['--case', `producer=${last},consumer=${first},padding=0,batch=32,capacity=1024,memory=${node}`],
  );
  assertDone(answer);
  const all = linesOf(answer, 'repetition');
  assert.deepEqual(
    all.map((one) => [one.round, one.case]),
    [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
      [2, 0],
      [2, 1],
    ],
  );
  for (const one of all) {
    assert.equal(one.benchmark, 'spsc');
    assert.equal(one.metric, 'items/s');
    assert.ok(one.valid, one.why ?? '');
    assert.equal(one.why, null);
    assert.ok(one.items !== undefined && one.items > 0 && one.seconds > 0);
    assert.ok(Math.abs((one.value ?? NaN) / (one.items / one.seconds) - 1) < 1e-3);
    const [producer, consumer] = one.case === 0 ? [first, last] : [last, first];
    assert.deepEqual(one.seen.cpus, { producer: String(producer), consumer: String(consumer) });
    assert.deepEqual(Object.keys(one.seen.nodes), [String(node)]);
    assert.ok(one.seen.pageBytes === 4096 || one.seen.pageBytes === 65536);
    assert.equal(one.seen.migrations, 0);
  }
  // 1,024 and 8 × 4,096 bytes are 9 pages of 4 KiB.
  if (all[0]?.seen.pageBytes === 4096) assert.equal(all[0].seen.nodes[node], 9);
});

void test('a counter that cannot be read is a reason, never a zero', async () => {
  const answer = await measure(40, 'spsc', '--case', `producer=${first},consumer=${last}`);
  assertDone(answer);
  const { counters } = linesOf(answer, 'repetition')[0]!;
  for (const name of ['minor-faults', 'context-switches']) assert.equal(typeof counters[name], 'number', name);
  for (const name of [
    'migrations',
    'cycles',
    'instructions',
    'LLC-load-misses',
    'node-loads',
    'node-load-misses',
    'dTLB-load-misses',
  ]) {
    const value = counters[name];
    assert.ok(value !== undefined, name);
    if (typeof value === 'number') continue;
    assert.ok(value.unavailable.length > 20, `${name}: ${value.unavailable}`);
    if (value.unavailable.includes('paranoid'))
      assert.match(value.unavailable, /sudo sysctl kernel\.perf_event_paranoid=\d/);
  }
});

void test('spsc-latency gives round trips whose histogram adds up', async () => {
  const answer = await measure(100, 'spsc', '--latency', '--case', `producer=${first},consumer=${last}`);
  assertDone(answer);
  const [one] = linesOf(answer, 'repetition');
  assert.ok(one?.benchmark === 'spsc-latency' && one.histogram !== undefined);
  assert.ok(one.valid, one.why ?? '');
  const { histogram } = one;
  // An item there and one back.
  const trips = histogram.reduce((sum, [, count]) => sum + count, 0);
  assert.equal(one.items, 2 * trips);
  assert.ok(histogram.every(([bound], i) => i === 0 || bound > histogram[i - 1]![0]));
  assert.ok(one.value !== null && one.value > 0 && one.value <= histogram.at(-1)![0]);
});

void test('spsc-alternate: one thread sends and receives, both counted', async () => {
  const answer = await measure(100, 'spsc', '--alternate', '--case', `producer=${first},consumer=${first}`);
  assertDone(answer);
  const [one] = linesOf(answer, 'repetition');
  assert.ok(one?.benchmark === 'spsc-alternate');
  assert.ok(one.valid, one.why ?? '');
  assert.deepEqual(one.seen.cpus, { producer: String(first), consumer: String(first) });
  assert.ok(Math.abs((one.value ?? NaN) - (2 * (one.items ?? NaN)) / one.seconds) < 1);
  const two = await measure(100, 'spsc', '--alternate', '--case', `producer=${first},consumer=${last}`);
  if (first !== last) assertFails(two, 2, 'usage');
});

void test('two threads on one CPU, or on none in particular, take turns and end in time', async () => {
  const cases = ['--case', `producer=${first},consumer=${first},memory=interleave`, '--case', 'pin=0'];
  for (const kind of [[], ['--latency']]) {
    const answer = await measure(100, 'spsc', ...kind, ...cases);
    assertDone(answer);
    assert.equal(linesOf(answer, 'repetition').length, 2);
    for (const one of linesOf(answer, 'repetition')) assert.ok(one.valid, one.why ?? '');
  }
});

void test('the smallest and the oddest rings lose nothing', async () => {
  const shapes = [
    'capacity=2',
    'capacity=2,batch=2,padding=0',
    'capacity=8,batch=7,padding=64',
    'capacity=65536,batch=65536,padding=256',
  ];
  const answer = await measure(
    60,
    'spsc',
    ...shapes.flatMap((shape) => ['--case', `producer=${first},consumer=${last},${shape}`]),
  );
  assertDone(answer);
  for (const one of linesOf(answer, 'repetition')) assert.ok(one.valid, `${shapes[one.case]}: ${one.why}`);
});

void test('core-to-core gives each pair a page that nobody had touched, or one page to all when asked to', async (t) => {
  if (first === last) {
    t.skip('one CPU');
    return;
  }
  const pairs = [`from=${first},to=${last},node=${node}`, `from=${last},to=${first},node=${node}`];
  const cases = [...pairs, ...pairs].flatMap((pair) => ['--case', pair]);
  for (const [pages, words] of [
    ['fresh', []],
    ['reused', ['--pages', 'reused']],
  ] as const) {
    const answer = await measure(20, 'core-to-core', ...words, ...cases);
    assertDone(answer);
    const all = linesOf(answer, 'repetition');
    assert.equal(all.length, 4);
    for (const one of all) {
      assert.ok(one.valid, one.why ?? '');
      assert.equal(one.page, pages);
      assert.ok(one.value !== null && one.value > 0 && one.metric === 'ns');
      const [from, to] = one.case % 2 === 0 ? [first, last] : [last, first];
      assert.deepEqual(one.seen.cpus, { producer: String(from), consumer: String(to) });
      assert.deepEqual(one.seen.nodes, { [node]: 1 });
    }
  }
});

void test('transparent huge pages are got and seen, or the answer says that they were not', async () => {
  const answer = await measure(
    40,
    ...['memory', '--size', String(8 << 20), '--case'],
    `what=latency,cpu=${first},node=${node},pages=thp`,
  );
  const error = linesOf(answer, 'error')[0];
  if (error !== undefined) {
    assert.ok(error.code === 'no-huge-pages' || error.code === 'unsupported', error.message);
    return;
  }
  assertDone(answer);
  const [one] = linesOf(answer, 'repetition');
  if (one?.valid) assert.ok(one.seen.pageBytes! > 65536);
  else assert.match(one?.why ?? '', /transparent huge pages hold \d+ of \d+ kB/);
});

void test('what is not there is named, with what to do about it', async () => {
  const pair = `producer=${first},consumer=${last}`;
  assertFails(await agent('spsc', '--case', `producer=${first},consumer=8191`), 4, 'cpu-absent');
  assertFails(await agent('spsc', '--case', `${pair},memory=1000`), 4, 'node-absent');
  assertFails(await agent('memory', '--case', `what=latency,cpu=8000,node=${node}`), 4, 'cpu-absent');
  assertFails(await agent('memory', '--case', `what=latency,cpu=${first},node=1000`), 4, 'node-absent');
  const tooLarge = assertFails(
    await agent('memory', '--size', String(2 ** 40), '--case', `what=latency,cpu=${first},node=${node}`),
    4,
    'no-memory',
  );
  assert.match(tooLarge.hint ?? '', /at most \d+ bytes/);
});

void test('huge pages that nobody reserved are no crash but the command that reserves them', async () => {
  const directory = existsSync(sysNode) ? `${sysNode}/node${node}/hugepages` : '/sys/kernel/mm/hugepages';
  const files = `${directory}/hugepages-2048kB`;
  if (!existsSync(files)) return;
  // One page more than there is, however many a neighbour may have reserved.
  const need = Number(readFileSync(`${files}/free_hugepages`, 'utf8')) + 64;
  const answer = await agent(
    'memory',
    '--size',
    String(need * (2 << 20)),
    '--case',
    `what=latency,cpu=${first},node=${node},pages=2m`,
  );
  const error = assertFails(answer, 4, 'no-huge-pages');
  assert.match(
    error.hint ?? '',
    new RegExp(`numa-pinboard hugepages reserve --node ${node} --pages 2m --count ${need}\\b`),
  );
});

void test('arguments that make no sense are usage', async () => {
  const pair = `producer=${first},consumer=${last}`;
  const wrong = [
    [],
    ['dance'],
    ['identify', 'x'],
    ['spsc'],
    ['spsc', '--case', 'x'],
    ['spsc', '--case', `producer=${first}`],
    ['spsc', '--case', `${pair},capacity=3`],
    ['spsc', '--case', `${pair},capacity=4,batch=8`],
    ['spsc', '--case', `${pair},padding=32`],
    ['spsc', '--case', `${pair},pages=large`],
    ['spsc', '--case', `${pair},colour=red`],
    ['spsc', '--case', `${pair},memory=moon`],
    ['spsc', '--rounds', '0', '--case', pair],
    ['spsc', '--rounds'],
    ['core-to-core', '--pages', 'old', '--case', `from=${first},to=${last},node=${node}`],
    ['memory', '--case', `what=taste,cpu=${first},node=${node}`],
    ['memory', '--size', '1', '--case', `what=latency,cpu=${first},node=${node}`],
    ['sample', '--interval-ms', '0'],
    ['sample', '--interval-ms', '-5'],
    ['sample', '--select', 'user:root'],
    ['sample', '--select', 'pid:x'],
    ['group'],
    ['group', '--select', 'unit:'],
    ['run'],
    ['run', '--'],
    ['run', '--pin', 'x', '--', 'true'],
    ['run', '--pin', 'x=a-b', '--', 'true'],
    ['run', '--pin', 'x=0@y', '--', 'true'],
    ['--heartbeat-ms', '0', 'identify'],
    ['--heartbeat-ms', 'x'],
  ];
  for (const args of wrong) assertFails(await agent(...args), 2, 'usage');
});

void test('sample tells all at once, and then at its interval what changed', async () => {
  const answer = await agent(
    ...['sample', '--interval-ms', '50', '--count', '4', '--select', `pid:${process.pid}`, '--select', 'pid:4194303'],
    ...['--reader', 'nodes', '--reader', 'time', '--files', '/proc/no-such|/proc/version', '--files', '/proc/uptime'],
  );
  assertDone(answer);
  const lines = linesOf(answer, 'sample');
  assert.equal(lines.length, 4);
  const [first] = lines;
  assert.deepEqual(
    parseCpuList(first!.cpus!.ids!),
    parseCpuList(readFileSync(`/sys/devices/system/cpu/online`, 'utf8')),
  );
  assert.match(JSON.stringify(first!.files!['proc/version']), /^"Linux/);
  // What is told once is not told again; what changed is, whole.
  for (const { cpus, files = {} } of lines.slice(1)) assert.ok(cpus?.ids === undefined && !('proc/version' in files));
  assert.ok(lines[1]!.files!['proc/uptime'] !== first!.files!['proc/uptime']);

  const together = new AgentLines();
  for (const line of lines) {
    const reading = together.take(line);
    assert.ok(typeof reading !== 'string', JSON.stringify(reading));
    const table = reading.tables.get('nodes');
    assert.ok(isTable(table));
    for (const one of nodes) {
      const total = /MemTotal:\s+(\d+)/.exec(
        readFileSync(existsSync(sysNode) ? `${sysNode}/node${one}/meminfo` : '/proc/meminfo', 'utf8'),
      );
      assert.equal(table.get('MemTotal')?.get(one), Number(total![1]));
      if (existsSync(sysNode)) assert.ok(table.get('numa_hit')!.get(one)! > 0);
    }
    const me = reading.processes.find((one) => one.pid === process.pid);
    const [own, none] = reading.groups ?? [];
    assert.ok(own!.pids.includes(process.pid) && own!.count >= 1, JSON.stringify(own));
    assert.equal(none!.count, 0);
    assert.ok(me);
    assert.ok(me.threads.some((thread) => thread.tid === process.pid && thread.cpu >= 0));
    assert.ok(!isUnavailable(me.residentBytes), JSON.stringify(me.residentBytes));
    const resident = Object.values(me.residentBytes).reduce((sum, value) => sum + value, 0);
    assert.ok(resident > 10 << 20 && resident < 2 ** 40, `${resident} bytes of this process`);
  }
});
