// The guided run against hosts that behave as no real one can be told to: slow, forbidding, dying. The agent is played, its lines are its own.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, describe, it } from 'node:test';
import type { Running } from '../../src/model/board/board.ts';
import { guideFindings } from '../../src/model/bench/guide/findings/findings.ts';
import { PinboardError } from '../../src/model/problem.ts';
import type { AgentLine } from '../../src/protocol/agent.ts';
import { parseRun } from '../../src/protocol/run.ts';
import type { AgentProcess, Host } from '../../src/remote/host.ts';
import { measureGuide } from '../../src/remote/bench/guide.ts';
import { machine, repetition, SPSC, SPSC_LATENCY, twoSockets } from '../unit/topologies.ts';
import { hasCode, localHost, variant } from './measuring.ts';

interface Played {
  /** Before each repetition, ms. */
  readonly slow?: number;
  /** May throw what the agent would say in place of starting. */
  readonly refuse?: (args: readonly string[]) => void;
  /** Ends like a killed agent after so many repetitions. */
  readonly diesAfter?: number;
  readonly topology?: ReturnType<typeof twoSockets>;
}

describe('measureGuide', { timeout: 240_000, concurrency: true }, () => {
  const real = localHost();
  after(() => real.close());

  /** @param calls filled: the arguments of each start. */
  function played(
    { slow = 0, refuse, diesAfter = Infinity, topology = twoSockets() }: Played,
    calls: string[][],
  ): Host {
    let count = 0;
    async function* lines(args: readonly string[]): AsyncGenerator<AgentLine> {
      const latency = args.includes('--latency');
      const cases = args.filter((_, at) => args[at - 1] === '--case');
      for (const [index] of cases.entries()) {
        if (++count > diesAfter) throw new PinboardError('agent-died', 'The agent was killed.');
        await sleep(slow);
        const figure = (latency ? 300 : 5e7) + (count % 3);
        const kind = latency ? { ...SPSC_LATENCY, histogram: [] } : SPSC;
        yield { type: 'repetition', seconds: 0.1, ...repetition(index, 0, figure, kind) } as unknown as AgentLine;
      }
    }
    return variant(real, {
      discover: async () => ({ ...(await real.discover()), topology }),
      startAgent: async (args): Promise<AgentProcess> => {
        await sleep(0);
        calls.push([...args]);
        refuse?.(args);
        return { lines: lines(args), ask: () => undefined, stop: () => Promise.resolve() };
      },
    });
  }
  const busy = new Map<number, number>();

  it('measures throughput and round trips in turn, round by round, and says where it stands', async () => {
    const calls: string[][] = [];
    const told: Running[] = [];
    let said = 0;
    const run = await measureGuide(played({}, calls), {
      ...{ budgetMs: 60_000, busy, onPlan: ({ cases }) => (said = cases.length) },
      onProgress: (running) => told.push(running),
    });
    assert.equal(said, 13);
    assert.deepEqual(
      calls.map((args) => args.includes('--latency')),
      Array.from({ length: 30 }, (_, at) => at % 2 === 1),
    );
    for (const { repetitions } of run.results) assert.equal(repetitions.length, 15);
    assert.deepEqual(parseRun(JSON.stringify(run)).guide, { budgetMs: 60_000, leftOut: [] });
    assert.match(told.at(-1)?.step ?? '', /^Preparing the results/);
    assert.ok(told.some(({ step }) => /^Measuring across sockets, padding 64: case 3 of 13, \d+ s left$/.test(step)));
    const shares = told.map(({ share }) => share);
    assert.deepEqual(
      shares,
      [...shares].sort((a, b) => a - b),
    );
    assert.equal(shares.at(-1), 1);
    for (const { step } of told) assert.doesNotMatch(step, /undefined|NaN/);
    const first = run.results[0]?.placement;
    assert.ok(first?.kind === 'spsc');
    assert.deepEqual(
      told.find(({ at }) => at !== null)?.at,
      [first.producer, first.consumer],
      'the pair that is measured',
    );
    const last = told.at(-1);
    assert.deepEqual(
      last?.points.map(({ length }) => length),
      run.results.map(() => 15),
      'every figure lands by its case',
    );
    assert.deepEqual(
      last.metrics,
      run.results.map(({ metric }) => metric),
    );
  });

  it('a host slower than planned: the least telling cases are given up by name, the others get their rounds', async () => {
    const run = await measureGuide(played({ slow: 220 }, []), { budgetMs: 9000, busy });
    assert.equal(run.partial, null);
    assert.ok(run.seconds < 60, 'within its time, but for a stalled machine');
    const { leftOut = [] } = run.guide ?? {};
    assert.ok(
      leftOut.some((words) => /after \d+ rounds?, which took longer/.test(words)),
      leftOut.join('\n'),
    );
    const plain = run.results.filter(({ placement: one }) => one.kind === 'spsc' && one.pin && one.padding === 128);
    const most = Math.max(...run.results.map(({ repetitions }) => repetitions.length));
    assert.ok(plain.some(({ repetitions }) => repetitions.length === most));
    assert.ok(run.results.some(({ repetitions }) => repetitions.length < most));
  });

  it('a cpuset that forbids the other node: measured without it, and said', async () => {
    const refuse = (args: readonly string[]): void => {
      assert.ok(!args.some((word) => word.includes('memory=1')), 'no ring is asked for there');
    };
    const topology = twoSockets({ allowedNodes: '0' });
    const run = await measureGuide(played({ refuse, topology }, []), { budgetMs: 60_000, busy });
    assert.equal(run.partial, null);
    assert.match(run.notes?.join(' ') ?? '', /NUMA node 1 left out: outside the cpuset/);
    const found = guideFindings(run.topology, run.results);
    assert.ok(found.some(({ topic }) => topic === 'throughput'));
    assert.ok(found.every(({ topic }) => topic !== 'memory'));
  });

  it('cut short it keeps what it has; with nothing it throws', async () => {
    const run = await measureGuide(played({ diesAfter: 100 }, []), { budgetMs: 60_000, busy });
    assert.match(run.partial ?? '', /killed/);
    assert.equal(run.results.flatMap(({ repetitions }) => repetitions).length, 100);
    await assert.rejects(measureGuide(played({ diesAfter: 0 }, []), { budgetMs: 60_000, busy }), hasCode('agent-died'));
    const alone = machine({ packages: 1, coresPerNode: 1 });
    await assert.rejects(
      measureGuide(played({ topology: alone }, []), { budgetMs: 60_000, busy }),
      hasCode('unsupported'),
    );
  });

  it('looks at how busy the CPUs are where nobody has told it', async () => {
    const run = await measureGuide(real, { budgetMs: 3000 });
    assert.ok(run.results.length >= 2);
  });
});
