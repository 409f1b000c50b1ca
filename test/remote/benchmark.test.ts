// Real runs of the bundled benchmarks on this machine, whole and cut short in every way there is. No speed is asserted.
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { Running } from '../../src/model/board/board.ts';
import type { Run } from '../../src/model/run/run.ts';
import { parseRun } from '../../src/protocol/run.ts';
import { MEASURED_MEMORY } from '../../src/model/bench/memory/measured.ts';
import { MEASURED_SPSC } from '../../src/model/bench/spsc/measured.ts';
import { measure } from '../../src/remote/bench/benchmark.ts';
import {
  endlessWork,
  hasCode,
  killAgent,
  localHost,
  losable,
  oneThread,
  nothingRuns,
  processesNamed,
  shortWork,
  spscCase,
  twoCpus,
  variant,
} from './measuring.ts';

/** What is written must be read again, by its own schema. */
const reread = (run: Run): Run => parseRun(JSON.stringify(run));

const taken = (running: Running): number => running.points.reduce((sum, points) => sum + points.length, 0);

describe('measure, a queue', { timeout: 240_000 }, () => {
  const host = localHost();
  after(() => host.close());

  it('measures cases in turn and keeps every figure', async () => {
    const pair = await twoCpus(host);
    const cases = [spscCase(pair), spscCase(pair, { pin: false })];
    const told: Running[] = [];
    const run = reread(
      await measure(host, {
        bench: MEASURED_SPSC,
        cases,
        ...shortWork,
        onProgress: (running) => told.push(running),
      }),
    );
    assert.equal(run.partial, null);
    assert.deepEqual(
      run.results.map((result) => result.placement),
      cases,
    );
    for (const result of run.results) {
      assert.equal(result.benchmark, 'spsc');
      assert.equal(result.metric, 'items/s');
      assert.equal(result.repetitions.length, shortWork.rounds);
      assert.notEqual(result.median, null);
    }
    assert.deepEqual(run.results[0]?.seen.cpus, { producer: String(pair[0]), consumer: String(pair[1]) });
    assert.match(JSON.stringify(run.environment['agentSha256']), /^"[0-9a-f]{64}"$/);
    assert.equal(typeof run.environment['loadBefore'], 'number');
    assert.match(run.repeat, /^numa-pinboard bench spsc --producer \d+ --consumer \d+ /);
    assert.ok(run.verdict);
    // On a crowded machine a short repetition may pass no item at all, and nothing can be held against that.
    const starved = run.results.some((result) => result.repetitions.includes(0));
    if (!starved) assert.ok(run.comparison);
    // One figure at a time, first case first: that is what interleaved means.
    assert.deepEqual(told.map(taken), [0, 0, 1, 2, 3, 4, 5, 6]);
    for (const { points } of told) {
      const [one = [], two = []] = points;
      assert.ok(one.length === two.length || one.length === two.length + 1);
    }
    assert.deepEqual(
      told.map((running) => running.round),
      [0, 1, 1, 2, 2, 3, 3, 3],
    );
    await nothingRuns();
  });

  it('measures round trips', async () => {
    const cases = [spscCase(await twoCpus(host))];
    const asked = { ...shortWork, benchmark: 'spsc-latency' } as const;
    const run = reread(await measure(host, { bench: MEASURED_SPSC, cases, ...asked }));
    assert.equal(run.results[0]?.benchmark, 'spsc-latency');
    assert.ok((run.results[0].histogram?.length ?? 0) > 0);
    assert.match(run.repeat, / --latency/);
  });

  it('says which CPU or node there is not, and starts nothing', async () => {
    const [producer, consumer] = await twoCpus(host);
    const measured = (one: ReturnType<typeof spscCase>): Promise<Run> =>
      measure(host, { bench: MEASURED_SPSC, cases: [one], ...shortWork });
    await assert.rejects(measured(spscCase([9999, consumer])), hasCode('cpu-absent'));
    await assert.rejects(measured(spscCase([producer, consumer], { memory: 99 })), hasCode('node-absent'));
    await nothingRuns();
  });

  /** Begins an endless run, lets `fault` happen when three figures are there, and gives what came of it. */
  async function cut(fault: () => void, one = host, signal?: AbortSignal): Promise<Run> {
    const pair = await twoCpus(one);
    let done = false;
    const run = await measure(one, {
      bench: MEASURED_SPSC,
      cases: [spscCase(pair), spscCase(pair, { pin: false })],
      ...endlessWork,
      ...(signal ? { signal } : {}),
      onProgress: (running) => {
        if (done || taken(running) < 3) return;
        done = true;
        fault();
      },
    });
    assert.ok((run.results[0]?.repetitions.length ?? 0) >= 2);
    assert.ok((run.results[1]?.repetitions.length ?? 0) >= 1);
    return reread(run);
  }

  it('keeps what was measured when the agent is killed', async () => {
    const run = await cut(killAgent);
    assert.match(run.partial ?? '', /agent .* exited/);
    await nothingRuns();
  });

  it('keeps what was measured when it is cancelled', async () => {
    const control = new AbortController();
    const run = await cut(() => control.abort(), host, control.signal);
    assert.match(run.partial ?? '', /cancelled/);
    await nothingRuns();
  });

  it('keeps what was measured when the connection is lost', async () => {
    const remote = losable(host);
    const run = await cut(remote.lose, remote.host);
    assert.match(run.partial ?? '', /connection was lost/);
    // Nothing can be told to it any more; here its stop is the test's to see to.
    killAgent();
    await nothingRuns();
  });

  it('throws when nothing was measured', async () => {
    const cases = [spscCase(await twoCpus(host))];
    const before = new AbortController();
    before.abort();
    const asked = { bench: MEASURED_SPSC, cases, ...endlessWork };
    await assert.rejects(measure(host, { ...asked, signal: before.signal }), hasCode('cancelled'));
    assert.deepEqual(processesNamed('numa-agent'), []);

    const early = new AbortController();
    const onProgress = (running: Running): void => {
      if (running.round === 1) early.abort();
    };
    await assert.rejects(measure(host, { ...asked, onProgress, signal: early.signal }), hasCode('cancelled'));
    await nothingRuns();

    const broken = variant(host, { startAgent: () => Promise.reject(new Error('out of order')) });
    await assert.rejects(measure(broken, asked), hasCode('internal'));
  });
});

describe('measure, memory', { timeout: 240_000 }, () => {
  const host = localHost();
  after(() => host.close());

  it('measures latency and bandwidth in one run', async () => {
    const [cpu] = await twoCpus(host);
    const cases = [oneThread('latency', { cpus: [cpu] }), oneThread('bandwidth', { cpus: [cpu] })];
    const run = reread(await measure(host, { bench: MEASURED_MEMORY, cases, rounds: 3, durationMs: 300 }));
    assert.deepEqual(
      run.results.map((result) => [result.benchmark, result.metric, result.repetitions.length]),
      [
        ['memory-latency', 'ns', 3],
        ['memory-bandwidth', 'B/s', 3],
      ],
    );
    // Two metrics are not held against each other.
    assert.equal(run.comparison, null);
    assert.match(run.repeat, /--what latency,bandwidth/);
    assert.deepEqual(Object.keys(run.results[0]?.seen.nodes ?? {}), ['0']);
  });

  it('refuses no cases at all, and nodes that are not there', async () => {
    await assert.rejects(
      measure(host, { bench: MEASURED_MEMORY, cases: [], rounds: 1, durationMs: 10 }),
      hasCode('usage'),
    );
    const cases = [oneThread('latency', { nodes: [99] })];
    await assert.rejects(
      measure(host, { bench: MEASURED_MEMORY, cases, rounds: 1, durationMs: 10 }),
      hasCode('node-absent'),
    );
  });

  it('says how to reserve huge pages where there are none', async (t) => {
    const { topology } = await host.discover();
    const pools = topology.nodes.flatMap((node) => node.hugepages);
    // Not every CPU has pages of 1 GiB.
    const sizes = { '1g': 1 << 30, '2m': 2 << 20 } as const;
    const pages = (['1g', '2m'] as const).find((name) => {
      const own = pools.filter(({ sizeBytes }) => sizeBytes === sizes[name]);
      return own.length > 0 && own.every(({ free }) => free === 0);
    });
    if (!pages) {
      t.skip('there is no pool of huge pages here, or pages are reserved in each');
      return;
    }
    const cases = [oneThread('latency', { pages })];
    await assert.rejects(
      measure(host, { bench: MEASURED_MEMORY, cases, rounds: 1, durationMs: 10 }),
      hasCode('no-huge-pages'),
    );
  });
});
