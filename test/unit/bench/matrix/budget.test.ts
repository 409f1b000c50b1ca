// What `bench matrix` plans on large machines, held against a clock that moves only by what the agent says it did: whether
// the budget holds by the plan alone, with what starting agents and threads takes. The time of the choosing itself is not in it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { measurable, orderedPairs } from '../../../../src/model/bench/matrix/pairs.ts';
import { formatCpuList, parseCpuList } from '../../../../src/model/text/cpulist.ts';
import { indexTopology } from '../../../../src/model/topology/relation.ts';
import type { Topology } from '../../../../src/model/topology/topology.ts';
import type { MatrixKind } from '../../../../src/model/cases/matrix.ts';
import type { AgentLine, Repetition } from '../../../../src/protocol/agent.ts';
import type { Host } from '../../../../src/remote/host.ts';
import { measureMatrix } from '../../../../src/remote/bench/matrix.ts';
import { varied } from '../../../support/long.ts';
import { machine } from '../../topologies.ts';

const BUDGET_MS = 60_000;
/** More than seen on real machines: an agent started over ssh, two threads made, pinned, warmed up and ended. */
const START_MS = 300;
const PAIR_MS = 6;
/** Whose pages take the given time to bring in; a smaller buffer's as much less. */
const USUAL_BYTES = 256 * 1024 ** 2;
/** What is under way when the budget is used up: a pair of threads that pass items for 30 ms. */
const LONGEST_PAIR_MS = 40;

const topology = machine({ packages: 2, coresPerNode: 64, threads: 2, l3PerNode: 8 });
const { places } = indexTopology(topology);

function cost(a: number, b: number): number {
  const [one, two] = [places.get(a), places.get(b)];
  const base = one?.core === two?.core ? 9 : one?.caches.get(3) === two?.caches.get(3) ? 23 : 108;
  return (one?.package === two?.package ? base : 200) * (1 + ((a * 31 + b * 17) % 13) / 400);
}

/** The agent's part on a clock of its own; nothing else of a host is asked for. */
function clocked(t: TestContext, on: Topology, bringInMs = 0): { host: Host; now: () => number } {
  let clock = 0;
  t.mock.method(performance, 'now', () => clock);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const pass = async (ms: number): Promise<void> => {
    clock += ms;
    t.mock.timers.tick(ms);
    // Whoever wants to end the agent now gets the time to.
    await new Promise((resolve) => setImmediate(resolve));
  };
  async function* lines(args: readonly string[], ended: () => boolean): AsyncGenerator<AgentLine> {
    await pass(START_MS);
    const after = (word: string): number => (args.includes(word) ? Number(args[args.indexOf(word) + 1]) : 1);
    const duration = after('--duration-ms');
    const cases = args.flatMap((word, at) => (word === '--case' ? [args[at + 1] ?? ''] : []));
    for (let round = 0; round < after('--rounds'); round++) {
      for (const [number, words] of cases.entries()) {
        const share = Number(/size=(\d+)/.exec(words)?.[1] ?? 0) / USUAL_BYTES;
        await pass(bringInMs === 0 ? Math.ceil(duration * 1.1) + PAIR_MS : duration + Math.ceil(bringInMs * share));
        if (ended()) return;
        yield { ...lineOf(args[0] ?? '', number, words), round };
      }
    }
  }
  const host = {
    transport: { kind: 'local', name: 'paper', lost: new Promise<never>(() => undefined) },
    agentSha256: null,
    discover: () => Promise.resolve({ topology: on, environment: {}, files: new Map() }),
    startAgent: (args: readonly string[]) => {
      let ended = false;
      const stop = (): Promise<void> => {
        ended = true;
        return Promise.resolve();
      };
      return Promise.resolve({ lines: lines(args, () => ended), ask: () => undefined, stop });
    },
  } as unknown as Host;
  return { host, now: () => clock };
}

function lineOf(command: string, number: number, words: string): Repetition {
  const [a = '', b = ''] = [...words.matchAll(/(?:from|to|producer|consumer)=(\d+)/g)].map((found) => found[1] ?? '');
  const ns = cost(Number(a), Number(b));
  const common = { type: 'repetition', case: number, round: 0, seconds: 0.004, valid: true, why: null, counters: {} };
  if (command === 'memory') {
    const own = { benchmark: 'memory-bandwidth', value: 2e10, metric: 'B/s' };
    return {
      ...common,
      ...own,
      seen: { cpus: { thread: '0' }, nodes: { '0': 1 }, pageBytes: 4096 },
    } as unknown as Repetition;
  }
  const seen = { cpus: { producer: a, consumer: b }, nodes: { '0': 1 }, pageBytes: 4096, migrations: 0 };
  const figures =
    command === 'spsc'
      ? { benchmark: 'spsc', metric: 'items/s', items: 1000, value: 1e9 / ns, emptyPolls: 0, fullPolls: 0 }
      : { benchmark: 'core-to-core', metric: 'ns', value: ns, quartiles: [ns, ns], samples: 100 };
  return { ...common, ...figures, seen } as unknown as Repetition;
}

const all = parseCpuList(formatCpuList(topology.cpus.map(({ id }) => id)));

const LATENCY = ['latency', 4000] as const;
for (const [what, least] of varied<readonly (readonly [MatrixKind, number])[]>(
  [LATENCY],
  [LATENCY, ['throughput', 1000]],
)) {
  test(`256 CPUs, ${what}: the plan ends within its minute, every pair is in a class, every class is known`, async (t) => {
    const { host, now } = clocked(t, topology);
    const run = await measureMatrix(host, { what, budgetMs: BUDGET_MS });
    assert.equal(run.partial, null);
    const [result] = run.results;
    const classes = result?.classes ?? [];
    const measured = result?.measuredPairs ?? 0;
    t.diagnostic(`${measured} pairs in ${(now() / 1000).toFixed(1)} s`);
    assert.ok(now() <= BUDGET_MS + LONGEST_PAIR_MS, `${now()} ms`);
    assert.ok(now() > BUDGET_MS * 0.9, 'the budget is used');
    assert.ok(measured >= least, `${measured} pairs`);
    const pairs = new Set(classes.flatMap((own) => own.pairs.map(([a, b]) => (a < b ? `${a} ${b}` : `${b} ${a}`))));
    assert.equal(pairs.size, (all.length * (all.length - 1)) / 2);
    assert.ok(classes.length >= 4);
    for (const own of classes) assert.ok(own.median !== null && own.median > 0, own.name);
  });
}

test('72 CPUs: all pairs fit into the minute, and all are measured', async (t) => {
  const small = machine({ packages: 2, coresPerNode: 36 });
  const { host, now } = clocked(t, small);
  const run = await measureMatrix(host, { what: 'latency', budgetMs: BUDGET_MS });
  const pairs = orderedPairs(small, measurable(small));
  assert.equal(run.results[0]?.measuredPairs, pairs.length);
  assert.ok(now() < BUDGET_MS, `${now()} ms`);
});

for (const [nodes, bringInMs, rounds] of [
  [2, 130, 7],
  [8, 130, 5],
  [16, 130, 2],
  [16, 900, 1],
] as const) {
  test(`${nodes} nodes, bandwidth, ${bringInMs} ms to bring in pages: ends within its minute, round by round`, async (t) => {
    const many = machine({ packages: nodes, coresPerNode: 256 / nodes });
    const { host, now } = clocked(t, many, bringInMs);
    const run = await measureMatrix(host, { what: 'bandwidth', budgetMs: BUDGET_MS });
    assert.ok(now() <= BUDGET_MS + 1000 + bringInMs, `${now()} ms`);
    assert.equal(run.results.length, nodes ** 2, 'from a CPU of each node to each node');
    const taken = run.results.map(({ repetitions }) => repetitions.length);
    assert.ok(Math.max(...taken) <= rounds && Math.max(...taken) - Math.min(...taken) <= 1, taken.join());
    // Where even one round is too much, it says so, and keeps what there is.
    const whole = taken.every((one) => one === rounds);
    assert.equal(run.partial, whole ? null : 'The budget of 1 min was used up before the last round.');
    assert.equal(whole, bringInMs < 200, taken.join());
  });
}
