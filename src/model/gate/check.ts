/** Gates for CI: what of a run breaks a limit, what keeps it, and what its figures cannot tell. */

import type { Run } from '../run/run.ts';
import { between } from './between.ts';
import { betterOf } from '../run/better.ts';
import { penalties } from './penalty.ts';

export interface Limits {
  /** Factor that crossing nodes may cost at most: 1.5 is half as much again. */
  readonly maxPenalty: number | null;
  /** The run that this one is held against, and by how much it may be worse: 0.1 is 10 %. */
  readonly regression: { readonly baseline: Run; readonly max: number } | null;
}

export interface GateOutcome {
  readonly gate: 'penalty' | 'regression';
  readonly name: string;
  /**
   * `broke`: beyond the limit with its whole interval, or the gate would guard nothing. `held`: within it with its whole
   * interval. `not shown`: the interval holds the limit. `skipped`: nothing there to check. Only `broke` fails.
   */
  readonly outcome: 'broke' | 'held' | 'not shown' | 'skipped';
  /** Penalty: the factor. Regression: how much worse, as a share; below 0 is better. */
  readonly value: number | null;
  readonly interval: readonly [low: number, high: number] | null;
  readonly limit: number;
  /** Why it was skipped, or what takes its weight from it. */
  readonly why: string | null;
}

export interface Checked {
  readonly schema: 'numa-pinboard/check/1';
  readonly run: string;
  readonly host: string;
  readonly ok: boolean;
  readonly findings: readonly GateOutcome[];
  /** Why the run was cut short, or null: what was to be measured after that is not here. */
  readonly partial: string | null;
  /** What else was another than in the baseline. */
  readonly differences: readonly string[];
}

function outcomeOf(interval: readonly [number, number] | null, limit: number): GateOutcome['outcome'] {
  if (!interval) return 'not shown';
  if (interval[0] > limit) return 'broke';
  return interval[1] <= limit ? 'held' : 'not shown';
}

const EMULATED = 'this CPU is emulated in software; its times say nothing about hardware';
const FEW = 'too few rounds for an interval; take at least three';

function skipped(gate: GateOutcome['gate'], limit: number, why: string): GateOutcome[] {
  return [{ gate, name: 'nothing to check', outcome: 'skipped', value: null, interval: null, limit, why }];
}

const nodesWithCpus = ({ topology }: Run): number => topology.nodes.filter(({ cpus }) => cpus !== '').length;

function penaltyFindings(run: Run, limit: number): GateOutcome[] {
  const gate = 'penalty';
  if (run.topology.machine.emulated) return skipped(gate, limit, EMULATED);
  if (nodesWithCpus(run) < 2)
    return skipped(gate, limit, 'this host has one NUMA node with CPUs: there is no crossing to check');
  const found = penalties(run);
  if (found.length === 0)
    return skipped(
      gate,
      limit,
      'the run has no case across nodes with one like it within a node: `bench spsc --guide` measures both',
    );
  return found.map(({ name, factor, interval, invalid }) => ({
    gate,
    name,
    // What slipped was measured elsewhere than it says: a gate that lets it pass guards nothing.
    outcome: invalid === null ? outcomeOf(interval, limit) : 'broke',
    value: factor,
    interval,
    limit,
    why: invalid ?? (interval ? null : FEW),
  }));
}

function regressionFindings(run: Run, baseline: Run, limit: number): GateOutcome[] {
  const gate = 'regression';
  const { cases, onlyBefore } = between(baseline, run);
  if (run.topology.machine.emulated || baseline.topology.machine.emulated) return skipped(gate, limit, EMULATED);
  if (cases.length === 0) {
    const [here, there] = [nodesWithCpus(run), nodesWithCpus(baseline)];
    if (here < 2 && there > 1) {
      return skipped(gate, limit, `this host has one NUMA node with CPUs, that of the baseline ${String(there)}`);
    }
    // A default that changed, or another pair of CPUs: a gate that lets that pass is open for good, and nobody sees it.
    const why = 'the run and its baseline have no case in common: measure the same placement, or a new baseline';
    return [{ gate, name: 'nothing in common', outcome: 'broke', value: null, interval: null, limit, why }];
  }
  const missing = onlyBefore.map((name): GateOutcome => ({
    gate,
    name,
    outcome: 'skipped',
    value: null,
    interval: null,
    limit,
    why: 'the baseline has it, this run does not',
  }));
  return [
    ...cases.map(({ name, metric, change, interval, marks }): GateOutcome => {
      const better = betterOf(metric);
      const own = { gate, name, limit } as const;
      if (better === null) {
        const why = `${metric} is neither a time nor a rate, so it is not known whether more is worse`;
        return { ...own, outcome: 'skipped', value: null, interval: null, why };
      }
      // A time that grew, a rate that fell.
      const [low, high] = interval ?? [NaN, NaN];
      const turned: [number, number] | null = interval && (better === 'less' ? [low, high] : [-high, -low]);
      const slipped = marks.find((mark) => mark.startsWith('not valid'));
      const said = turned ? marks.join(', ') : FEW;
      return {
        ...own,
        outcome: slipped === undefined ? outcomeOf(turned, limit) : 'broke',
        value: better === 'less' ? change : -change,
        interval: turned,
        why: slipped ?? (said === '' ? null : said),
      };
    }),
    ...missing,
  ];
}

export function check(run: Run, { maxPenalty, regression }: Limits): Checked {
  const findings = [
    ...(maxPenalty === null ? [] : penaltyFindings(run, maxPenalty)),
    ...(regression === null ? [] : regressionFindings(run, regression.baseline, regression.max)),
  ];
  return {
    schema: 'numa-pinboard/check/1',
    run: run.id,
    host: run.host.name,
    ok: findings.every(({ outcome }) => outcome !== 'broke'),
    findings,
    partial: run.partial,
    differences: regression === null ? [] : between(regression.baseline, run).differences,
  };
}
