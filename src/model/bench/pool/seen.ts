/** What was counted of the workers of one case, in shares that can be held against each other, and in words. */

import type { PoolWorker } from '../../cases/pool.ts';
import type { Result } from '../../run/run.ts';
import { formatFigure, formatPercent } from '../../text/format.ts';

const sum = (workers: readonly PoolWorker[], of: (worker: PoolWorker) => number): number =>
  workers.reduce((all, one) => all + of(one), 0);

const total = (counts: readonly number[]): number => counts.reduce((all, one) => all + one, 0);

/** Null where there is nothing to divide by. */
const share = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);

export interface PoolShares {
  /** Jobs got by stealing, of all that were run. */
  readonly stealRate: number | null;
  /** Attempts that got something. */
  readonly efficiency: number | null;
  /** Of those got, by class of distance. */
  readonly gotByClass: readonly number[];
  readonly slowPolls: number | null;
  /** Executions away from the node of who put the job in. */
  readonly remote: number | null;
  readonly idle: number | null;
  readonly allocationNs: number | null;
}

export function poolShares(workers: readonly PoolWorker[]): PoolShares {
  const [polls, got] = [sum(workers, (one) => one.polls), sum(workers, (one) => total(one.got))];
  const classes = Math.max(0, ...workers.map((one) => one.got.length));
  const timed = workers.filter(({ allocationNs }) => allocationNs !== null);
  const cost = share(
    sum(timed, ({ allocationNs, allocations }) => (allocationNs ?? 0) * allocations),
    sum(timed, ({ allocations }) => allocations),
  );
  return {
    stealRate: share(got, polls),
    efficiency: share(
      got,
      sum(workers, (one) => total(one.tried)),
    ),
    gotByClass: Array.from({ length: classes }, (_, at) => sum(workers, (one) => one.got[at] ?? 0)),
    slowPolls: share(
      sum(workers, (one) => one.slowPolls),
      sum(workers, (one) => one.timedPolls),
    ),
    remote: share(
      sum(workers, (one) => one.remote),
      sum(workers, (one) => one.local + one.remote),
    ),
    idle: share(
      sum(workers, (one) => one.idleSeconds),
      sum(workers, (one) => one.seconds),
    ),
    allocationNs: cost,
  };
}

const percent = (value: number | null, words: string): string[] =>
  value === null ? [] : [`${formatPercent(value)} ${words}`];

/** "11 % of jobs stolen (82 % same L3, 18 % node at distance 21), 4 % idle, …"; empty where nothing was counted. */
export function poolWordsOf({ placement, workers = [] }: Result): string[] {
  if (placement.kind !== 'pool' || workers.length === 0) return [];
  const shares = poolShares(workers);
  const got = total(shares.gotByClass);
  const byClass = shares.gotByClass.flatMap((count, at) =>
    count > 0 ? [`${formatPercent(count / got)} ${placement.classes[at] ?? 'elsewhere'}`] : [],
  );
  return [
    [
      ...percent(
        shares.stealRate,
        `of jobs stolen${byClass.length === 0 ? '' : ` (${byClass.join(', ')}; ${formatPercent(shares.efficiency ?? 0)} of attempts)`}`,
      ),
      ...percent(shares.remote, 'run on another node'),
      ...percent(shares.idle, 'of the time idle'),
      ...percent(shares.slowPolls, 'of jobs longer than 1 ms'),
      ...(shares.allocationNs === null ? [] : [`${formatFigure(shares.allocationNs)} ns an allocation`]),
    ].join(', '),
  ];
}
