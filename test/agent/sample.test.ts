/** The real agent on an invented machine whose files move as a test says: shares, CPUs and nodes that come and go, and a whole day. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { before } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { AgentLines } from '../../src/model/live/agent-lines.ts';
import { Rates } from '../../src/model/live/rates.ts';
import type { Reading } from '../../src/model/live/reading.ts';
import type { Sample } from '../../src/model/live/sample.ts';
import { varied } from '../support/long.ts';
import { MachineTree } from '../support/machine-tree.ts';
import { descendantsOf } from '../support/process-table.mjs';
import { temporaryFolder } from '../support/processes.ts';
import { Agent, haveAgent, until } from './process.ts';

before(haveAgent);

/** An agent that samples the tree, and what its lines said so far; lines that were taken are let go. */
class Sampled {
  readonly agent: Agent;
  readonly rates = new Rates();
  readonly #lines = new AgentLines();
  readings: Reading[] = [];
  last: Sample | null = null;
  made = 0;

  constructor(tree: MachineTree, ...options: string[]) {
    this.agent = new Agent(['sample', '--root', tree.root, '--reader', 'nodes', '--reader', 'time', ...options]);
  }

  take(): readonly Reading[] {
    const fresh: Reading[] = [];
    for (const line of this.agent.lines.splice(0)) {
      if (line.type !== 'sample') continue;
      const reading = this.#lines.take(line);
      assert.ok(typeof reading !== 'string', JSON.stringify(reading));
      this.last = this.rates.take(reading, new Date(this.made++).toISOString()) ?? this.last;
      fresh.push(reading);
    }
    this.readings = fresh;
    return fresh;
  }

  /** The next reading that is as wanted. */
  async next(what: string, wanted: (reading: Reading) => boolean): Promise<Reading> {
    let found: Reading | undefined;
    await until(what, () => {
      found ??= this.take().find(wanted);
      return found !== undefined;
    });
    assert.ok(found);
    return found;
  }

  async end(): Promise<void> {
    this.agent.endStdin();
    await this.agent.ended();
  }
}

const treeOf = (cpus: number, nodes: number): MachineTree => new MachineTree(temporaryFolder('tree'), { cpus, nodes });
const some = ({ cpus }: Reading): boolean => cpus.length > 0;

for (const [of, cpus, interval] of [
  [8000, 24, 40],
  [18, 70, 10],
] as const)
  void test(`shares of ${of} are those of the ticks, CPU by CPU`, async () => {
    const tree = treeOf(cpus, 2);
    const sampled = new Sampled(tree, '--interval-ms', String(interval));
    try {
      await sampled.next('a first reading', () => true);
      for (let round = 0; round < 5; round++) {
        const before = Array.from({ length: cpus }, (_, cpu) => tree.ticksOf(cpu).busy);
        tree.pass(100, 'random');
        const reading = await sampled.next('a reading with ticks', some);
        assert.equal(reading.cpus.length, cpus);
        for (const { id, busy } of reading.cpus) {
          const share = (tree.ticksOf(id).busy - (before[id] ?? NaN)) / 100;
          assert.ok(Math.abs(busy - share) <= 0.5 / of + 1e-9, `CPU ${id}: ${busy}, not ${share}`);
        }
      }
    } finally {
      await sampled.end();
      tree.remove();
    }
  });

void test('a CPU leaves and returns, and neither it nor another one gets a figure that is not its own', async () => {
  const tree = treeOf(8, 2);
  const sampled = new Sampled(tree, '--interval-ms', '20');
  const ids = ({ cpus }: Reading): number[] => cpus.map(({ id }) => id);
  const half = ({ cpus }: Reading): void => {
    for (const { id, busy } of cpus) assert.ok(id % 2 === 0 ? busy > 0.8 : busy < 0.2, `CPU ${id}: ${busy}`);
  };
  try {
    await sampled.next('a first reading', () => true);
    tree.pass(100, 'half');
    assert.deepEqual(ids(await sampled.next('all of them', some)), [0, 1, 2, 3, 4, 5, 6, 7]);
    tree.setOnline(2, false);
    for (let round = 0; round < 3; round++) {
      tree.pass(100, 'half');
      const without = await sampled.next('those that stayed', some);
      assert.deepEqual(ids(without), [0, 1, 3, 4, 5, 6, 7]);
      half(without);
    }
    tree.setOnline(2, true);
    tree.pass(100, 'half');
    // It has no interval yet when it is first seen again.
    const first = await sampled.next('the others', some);
    assert.ok(!ids(first).includes(2), 'no figure for the time that it was away');
    half(first);
    tree.pass(100, 'half');
    const back = await sampled.next('all of them again', (reading) => ids(reading).length === 8);
    half(back);
  } finally {
    await sampled.end();
    tree.remove();
  }
});

void test('a node that appears is sampled from then on', async () => {
  const tree = treeOf(4, 2);
  const sampled = new Sampled(tree, '--interval-ms', '20');
  try {
    await until('two nodes', () => (sampled.take(), sampled.last?.nodes.length === 2));
    assert.deepEqual(
      sampled.last?.nodes.map(({ freeBytes }) => (freeBytes ?? 0) > 0),
      [true, true],
    );
    tree.addNode();
    await until('a third node, and its rates', () => {
      tree.pass(10, 'half');
      sampled.take();
      return typeof sampled.last?.nodes[2]?.hitPerSecond === 'number';
    });
    const [, second, third] = sampled.last.nodes;
    assert.ok(third?.usedBytes);
    assert.deepEqual([typeof second?.user, third.user], ['number', null], 'memory without CPUs spends no time');
  } finally {
    await sampled.end();
    tree.remove();
  }
});

void test('a reader with much to tell is read less often, so that it takes no more than 1 KiB a second', async () => {
  const tree = treeOf(128, 64);
  const agent = new Agent([
    'sample',
    '--root',
    tree.root,
    '--reader',
    'nodes',
    '--interval-ms',
    '100',
    '--speed',
    '10',
  ]);
  let [bytes, from, to, read] = [0, 0, 0, 0];
  try {
    await until('twenty seconds of its clock', () => {
      tree.pass(10, 'random');
      for (const line of agent.lines.splice(0)) {
        if (line.type !== 'sample') continue;
        to = line.monotonicMs;
        if (!line.tables) continue;
        // Before the second reading there is no rate: it follows at once, and only from then on there is a pace.
        if (++read === 2) from = to;
        if (read > 2) bytes += JSON.stringify(line.tables).length;
      }
      return from > 0 && to > from + 20_000;
    });
    assert.ok(read > 4, `read ${read} times`);
    assert.ok(bytes / ((to - from) / 1000) < 1200, `${bytes} bytes in ${to - from} ms`);
  } finally {
    agent.endStdin();
    await agent.ended();
    tree.remove();
  }
});

/** Resident kB of all processes of the agent. */
const residentOf = (pid: number): number =>
  [pid, ...descendantsOf(pid)].reduce((sum, one) => {
    const [, kB = '0'] = /^VmRSS:\s*(\d+)/m.exec(readFileSync(join('/proc', String(one), 'status'), 'utf8')) ?? [];
    return sum + Number(kB);
  }, 0);

/** kB of what is reachable here, where the lines become samples. */
function heapOf(): number {
  setFlagsFromString('--expose_gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / 1024;
}

void test(
  'a day of samples takes no more memory than its first part, there and here',
  { timeout: 1_200_000 },
  async () => {
    const end = varied(0.5, 24) * 3600;
    const tree = treeOf(64, 4);
    const sampled = new Sampled(tree, '--interval-ms', '1000', '--speed', '1000', '--files', '/proc/uptime');
    const early = { there: 0, here: 0 };
    let whole = 0;
    try {
      // What is dear is read once in a second of the clock, and a fast machine may be through before.
      while (sampled.made < end || (whole === 0 && sampled.made < 50 * end)) {
        tree.pass(100, 'random');
        sampled.take();
        const { nodes = [], cpus = [] } = sampled.last ?? {};
        if (cpus.length === 64 && nodes.every(({ hitPerSecond }) => (hitPerSecond ?? 0) > 0)) whole++;
        if (early.there === 0 && sampled.made > end / 10)
          Object.assign(early, { there: residentOf(sampled.agent.pid), here: heapOf() });
        await sleep(5);
      }
      const late = { there: residentOf(sampled.agent.pid), here: heapOf() };
      const words = `${JSON.stringify(early)} kB, then ${JSON.stringify(late)}`;
      assert.ok(whole > 0 && early.there > 0 && late.there <= early.there + 128, words);
      assert.ok(late.here < early.here + 4096, words);
    } finally {
      await sampled.end();
      tree.remove();
    }
  },
);
