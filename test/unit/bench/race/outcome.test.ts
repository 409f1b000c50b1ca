// The verdict of a race: who has won, by what, and what is said where nothing was shown.
import assert from 'node:assert/strict';
import test from 'node:test';
import { candidateRows } from '../../../../src/model/bench/race/lines.ts';
import { raceOutcome } from '../../../../src/model/bench/race/outcome.ts';
import type { Comparison, RaceRecord, Result } from '../../../../src/model/run/run.ts';
import { buildResults } from '../../../../src/model/run/results.ts';
import type { ProgramCase } from '../../../../src/model/cases/program.ts';

const ROUNDS = 3;
const NAMES = ['unpinned', 'node:0', 'interleave'];

function results(figures: readonly number[], metric = 's', emulated = false): Result[] {
  const cases = NAMES.map((candidate): ProgramCase => ({ kind: 'program', candidate, command: ['p'], pins: [] }));
  const taken = figures.flatMap((value, at) =>
    Array.from({ length: ROUNDS }, (_, round) => ({
      ...{ benchmark: 'run', metric, case: at, round, value, valid: true, why: null, counters: {} },
      seen: { cpus: {}, nodes: {}, pageBytes: null, migrations: null },
    })),
  );
  return buildResults(cases, taken as Parameters<typeof buildResults>[1], {
    kind: () => ({ benchmark: 'run', metric }),
    emulated,
  });
}

const compared = (of: number, against: number, change: number, half = 0.02): Comparison => {
  const interval = [change - half, change + half] as const;
  return { of, against, change, interval, shown: interval[0] > 0 || interval[1] < 0 };
};

function record(comparisons: readonly Comparison[], more: Partial<RaceRecord> = {}): RaceRecord {
  const candidates = NAMES.map((name) => ({ name, why: '', out: null }));
  return {
    budgetMs: 1,
    better: 'less',
    candidates,
    leftOut: [],
    final: { from: 0, rounds: ROUNDS, comparisons },
    ...more,
  };
}

test('less time wins, and the sentence has both figures, the interval and the runner-up', () => {
  const { winner, comparison, verdict } = raceOutcome(
    record([compared(1, 0, -0.5), compared(1, 2, -0.01)]),
    results([2, 1, 1.01]),
  );
  assert.equal(winner, 1);
  assert.equal(comparison?.against, 0);
  assert.equal(verdict.tone, 'gain');
  assert.equal(
    verdict.sentence,
    'node:0 beats unpinned: 1 s against 2 s (−52 % to −48 %), out of 2 placements; the runner-up, interleave, may be as good (−3 % to +1 %).',
  );
});

test('more of a rate wins; on an emulated host the sentence says so', () => {
  const { winner, verdict } = raceOutcome(
    record([compared(1, 0, 0.5), compared(1, 2, 0.2)], { better: 'more' }),
    results([2, 3, 2.5], 'q/s', true),
  );
  assert.equal(winner, 1);
  assert.match(verdict.sentence, /it beats the runner-up, interleave, as well \(.*\), on an emulated host\.$/);
});

test('what leads in the elimination and is worse in the final leaves the program alone', () => {
  const { winner, comparison, verdict } = raceOutcome(record([compared(1, 0, 0.1)]), results([1, 1.1, 2]));
  assert.equal(winner, 0);
  assert.ok((comparison?.change ?? 0) < 0 && comparison?.of === 0);
  assert.match(verdict.sentence, /^Leave it unpinned: node:0, .* is worse/);
});

test('a runner-up that beats what beat the baseline has won', () => {
  const { winner, comparison, verdict } = raceOutcome(
    record([compared(1, 0, -0.3), compared(1, 2, 0.1)]),
    results([2, 1.4, 1.27]),
  );
  assert.equal(winner, 2);
  // What it has to do with the program as it is would be missing else.
  assert.match(
    verdict.sentence,
    /^interleave beats node:0: 1\.27 s against 1\.4 s \(.*\), out of 2 placements; node:0 beats unpinned \(−32 % to −28 %\)\.$/,
  );
  assert.deepEqual([comparison?.of, comparison?.against], [2, 1]);
});

test('without a difference nobody wins, and what would have been seen is said', () => {
  const { winner, verdict } = raceOutcome(record([compared(1, 0, -0.01, 0.03)]), results([1, 1, 1]));
  assert.equal(winner, null);
  assert.equal(verdict.tone, 'even');
  assert.match(
    verdict.sentence,
    /^No difference could be shown; node:0, .* −4 % to \+2 %: a gain of more than 4 % would have been seen\.$/,
  );
});

test('the runner-up alone wins nothing: only who beats the baseline does', () => {
  const found = raceOutcome(record([compared(1, 0, -0.01), compared(1, 2, -0.5)]), results([1, 1, 2]));
  assert.equal(found.winner, null);
});

test('too few rounds, and placements that all failed, are told apart', () => {
  const few = raceOutcome(record([], { final: { from: 0, rounds: 3, comparisons: [] } }), results([1, 1, 1]));
  assert.match(few.verdict.sentence, /the final had 3 rounds and needs at least 8/);
  const candidates = NAMES.map((name, at) => ({ name, why: '', out: at === 0 ? null : 'status 1' }));
  const failed = raceOutcome(record([], { candidates, final: null }), results([1, 1, 1]));
  assert.equal(failed.verdict.sentence, 'No answer: no placement ran to its end.');
});

test('of noisy figures only the interval is told, which is of the rounds pair by pair', () => {
  const taken = results([2, 1, 1]).map((result) => ({ ...result, noisy: true }));
  const { winner, verdict } = raceOutcome(record([compared(1, 0, -0.5)]), taken);
  assert.equal(winner, 1);
  assert.match(verdict.sentence, /^node:0 beats unpinned: the change lies between −52 % and −48 %/);
});

test('where leaving it alone led and nothing was shown, what the placement would change is told all the same', () => {
  const { winner, comparison, verdict } = raceOutcome(record([compared(0, 1, 0.01, 0.03)]), results([1, 1, 1]));
  assert.equal(winner, null);
  assert.deepEqual([comparison?.of, comparison?.against], [1, 0]);
  assert.match(verdict.sentence, /; node:0, .* changes it by −3.8 % to \+2 %: a gain of more than 3.8 %/);
});

test('medians that deny the interval are not told beside it', () => {
  // Drift: the medians are alike, and yet every round has the placement ahead.
  const { verdict } = raceOutcome(record([compared(1, 0, -0.5)]), results([1, 0.99, 2]));
  assert.match(
    verdict.sentence,
    /^node:0 beats unpinned: the change lies between −52 % and −48 %, out of 2 placements/,
  );
});

test('the only placement is not called the best of one', () => {
  const candidates = NAMES.slice(0, 2).map((name) => ({ name, why: '', out: null }));
  const said = (change: number, half?: number): string =>
    raceOutcome(record([compared(1, 0, change, half)], { candidates }), results([2, 2 * (1 + change), 9])).verdict
      .sentence;
  assert.equal(said(-0.5), 'node:0 beats unpinned: 1 s against 2 s (−52 % to −48 %).');
  assert.match(said(0.5), /^Leave it unpinned: node:0 is worse: /);
  assert.match(said(-0.01, 0.03), /^No difference could be shown; node:0 changes it by /);
});

test('nobody is said to be in a final that was not begun', () => {
  const fates = (of: RaceRecord, won: number | null): string[] =>
    candidateRows({ race: of, winner: won, results: results([1, 1, 1]) }).map(({ fate }) => fate);
  assert.deepEqual(
    fates(record([], { final: null }), null),
    NAMES.map(() => 'not out when the race ended'),
  );
  assert.deepEqual(fates(record([compared(1, 0, -0.5)]), 1), ['in the final', 'winner', 'in the final']);
});
