/**
 * The elimination of a race, by successive halving (Karnin, Koren, Somekh 2013): every candidate runs once a round, and after some
 * rounds the better half stays, until two are left beside the baseline. These run anew for the proof (`final.ts`), so that nobody
 * wins for having been lucky in the rounds that chose it.
 */

/** The candidate that the others have to beat: without any placement. It runs in every round. */
export const BASELINE = 0;

/** Whether more or less of the figure is better. */
export type Better = 'more' | 'less';

export interface Elimination {
  readonly better: Better;
  /** By candidate, one a round from the first on; shorter for those that are out. */
  readonly figures: readonly (readonly number[])[];
  /** Who runs in the next round, ascending. */
  readonly active: readonly number[];
  /** Rounds until the field is halved; 0: it is small enough for the final. */
  readonly left: number;
}

/** Beside the baseline, so many reach the final. */
const FINALISTS = 2;
/** Behind the best by more than this in each round of a stage: it does not wait for the halving. */
const FAR_BEHIND = 0.1;

const rivalsOf = (active: readonly number[]): number[] => active.filter((one) => one !== BASELINE);

/** Two are too few for outliers; of fewer rivals the differences are smaller. */
const stageRounds = (rivals: number): number => (rivals > FINALISTS + 1 ? 3 : 4);

export function startElimination(candidates: number, better: Better): Elimination {
  const active = Array.from({ length: candidates }, (_, at) => at);
  // One rival needs no choosing.
  const left = candidates > 2 ? stageRounds(candidates - 1) : 0;
  return { better, figures: active.map(() => []), active, left };
}

/** Share of the others that it beat, from 0 to 1, a tie as half a win: ranks need no scale, and one outlier moves them little. */
function score({ figures, better }: Elimination, one: number, others: readonly number[]): number {
  const own = figures[one] ?? [];
  const won = own.flatMap((figure, round) =>
    others.map((other) => {
      const difference = (figures[other]?.[round] ?? figure) - figure;
      return difference === 0 ? 0.5 : Number(difference < 0 === (better === 'more'));
    }),
  );
  return won.reduce((sum, each) => sum + each, 0) / Math.max(1, won.length);
}

/** Those that still run, the best first. */
export function ranking(state: Elimination): number[] {
  const { active } = state;
  const scores = new Map(
    active.map((one) => [
      one,
      score(
        state,
        one,
        active.filter((other) => other !== one),
      ),
    ]),
  );
  return [...active].sort((a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0) || a - b);
}

function isFarBehind({ figures, better }: Elimination, one: number, best: number): boolean {
  const bar = figures[best] ?? [];
  return (figures[one] ?? []).every((figure, round) => {
    const [less, more] = better === 'more' ? [figure, bar[round]] : [bar[round], figure];
    return less !== undefined && more !== undefined && less * (1 + FAR_BEHIND) < more;
  });
}

/** Who stays: the better half, without those that were far behind all the time; always one rival. */
function survivors(state: Elimination): number[] {
  const [best = BASELINE] = ranking(state);
  const rivals = rivalsOf(ranking(state));
  const half = rivals.slice(0, Math.max(FINALISTS, Math.ceil(rivals.length / 2)));
  const close = half.filter((one, place) => place === 0 || !isFarBehind(state, one, best));
  return [BASELINE, ...close].sort((a, b) => a - b);
}

/** @param round the figures of a round by candidate, without those that failed in it: they are out. */
export function afterRound(state: Elimination, round: ReadonlyMap<number, number>): Elimination {
  const figures = state.figures.map((own, one) => {
    const figure = round.get(one);
    return figure === undefined ? own : [...own, figure];
  });
  const ran: Elimination = {
    ...state,
    figures,
    active: state.active.filter((one) => round.has(one)),
    left: state.left - 1,
  };
  if (rivalsOf(ran.active).length < FINALISTS) return { ...ran, left: 0 };
  if (ran.left > 0) return ran;
  const active = survivors(ran);
  const rivals = rivalsOf(active).length;
  return { ...ran, active, left: rivals > FINALISTS ? stageRounds(rivals) : 0 };
}

/** Runs of the elimination, where nobody falls far behind or fails. */
function eliminationRuns(candidates: number): number {
  let [rivals, runs] = [candidates - 1, 0];
  if (rivals < FINALISTS) return 0;
  do {
    runs += (rivals + 1) * stageRounds(rivals);
    rivals = Math.max(FINALISTS, Math.ceil(rivals / 2));
  } while (rivals > FINALISTS);
  return runs;
}

/** Runs of the shortest race that may name a winner. @param finalRounds the fewest of a final. */
export const shortestRace = (candidates: number, finalRounds: number): number =>
  eliminationRuns(candidates) + Math.min(candidates, FINALISTS + 1) * finalRounds;
