// Owns guided runs that never ran: the plan of a machine with figures made up for each of its cases, as a whole run.
import assert from 'node:assert/strict';
import { planGuide } from '../../../../src/model/bench/guide/plan.ts';
import type { GuideCase, GuidePlan } from '../../../../src/model/bench/guide/plan.ts';
import { buildResults } from '../../../../src/model/run/results.ts';
import type { Run } from '../../../../src/model/run/run.ts';
import { buildRun } from '../../../../src/model/verdict/build-run.ts';
import { randomFrom } from '../../../../src/model/run/statistics.ts';
import type { Topology } from '../../../../src/model/topology/topology.ts';
import { repetition, SPSC, SPSC_LATENCY } from '../../topologies.ts';

export function planOf(topology: Topology, budgetMs = 600_000): GuidePlan {
  const plan = planGuide(topology, budgetMs);
  if ('why' in plan) assert.fail(plan.why);
  return plan;
}

export interface Made {
  /** Items a second, or ns, of a case. */
  readonly figure: (one: GuideCase) => number;
  /** Each repetition lies within this share of its figure, by chance. */
  readonly spread?: number;
  readonly rounds?: number;
  readonly seed?: number;
  readonly budgetMs?: number;
}

export function guidedRun(topology: Topology, made: Made): Run {
  const plan = planOf(topology, made.budgetMs);
  const random = randomFrom(made.seed ?? 1);
  const { emulated } = topology.machine;
  const results = [false, true].flatMap((latency) => {
    const own = plan.cases.filter((one) => one.latency === latency);
    const kind = latency ? SPSC_LATENCY : SPSC;
    const lines = Array.from({ length: made.rounds ?? plan.rounds }).flatMap((_, round) =>
      own.map((one, index) => {
        const value = made.figure(one) * (1 + (made.spread ?? 0.01) * (2 * random() - 1));
        return repetition(index, round, value, kind);
      }),
    );
    return buildResults(
      own.map(({ spsc }) => spsc),
      lines,
      { kind: () => kind, emulated },
    );
  });
  return buildRun({
    time: new Date('2026-01-02T03:04:05Z'),
    seconds: 50,
    random: 'abc123',
    host: { name: 'paper', transport: 'ssh' },
    repeat: 'numa-pinboard bench spsc --guide --host paper',
    topology,
    environment: {},
    results,
    question: 'What does crossing sockets cost?',
    partial: null,
    guide: { budgetMs: 60_000, leftOut: plan.leftOut },
  });
}
