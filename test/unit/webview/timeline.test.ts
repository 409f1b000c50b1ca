// The timeline's logic that needs no browser: ticks, columns, gaps, which frame holds, how long ago it was.
import assert from 'node:assert/strict';
import test from 'node:test';
import { measureOf } from '../../../src/model/live/measures/measures.ts';
import { laneReader, lanesOf } from '../../../src/model/live/past/lanes.ts';
import { Past } from '../../../src/model/live/past/past.ts';
import { SAMPLE_SCHEMA } from '../../../src/model/live/sample.ts';
import type { Sample } from '../../../src/model/live/sample.ts';
import { axisOf, ticksBack, ticksByClock } from '../../../src/webview/timeline/axis.ts';
import { columnsOf, Series } from '../../../src/webview/timeline/series.ts';
import { marksAt, marksOf } from '../../../src/webview/timeline/marks.ts';
import { areaOf, lineOf, stretchesOf } from '../../../src/webview/timeline/stretches.ts';
import { agoWords, frameAt } from '../../../src/webview/state/moments.ts';
import type { State } from '../../../src/webview/state/store.ts';
import { twoSockets } from '../topologies.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-01-02T03:04:05.000Z');

function pastOf(times: readonly number[], busy: (ms: number) => number): Past {
  const past = new Past(1 << 20);
  for (const ms of times) {
    const sample: Sample = {
      ...{ schema: SAMPLE_SCHEMA, intervalMs: 1000, nodes: [], processes: [], cpus: [{ id: 0, busy: busy(ms) }] },
      time: new Date(START + ms).toISOString(),
    };
    past.take(sample, past.placeOf(sample));
  }
  return past;
}

test('ticks have room for their words, go back from now, and by the clock are round', () => {
  for (const minutes of [1, 2, 5, 15, 60, 24 * 60]) {
    for (const width of [180, 700, 1300]) {
      const axis = axisOf(START, minutes * MINUTE, 72, width);
      const back = ticksBack(axis);
      assert.equal(back[0]?.words, 'now');
      for (const ticks of [back, ticksByClock(axis, 0)]) {
        const xs = ticks.map(({ x }) => x).sort((a, b) => a - b);
        xs.slice(1).forEach((x, i) =>
          assert.ok(x - (xs[i] ?? 0) > 80, `${String(minutes)} min on ${String(width)} px`),
        );
      }
    }
  }
  assert.deepEqual(
    ticksBack(axisOf(START, 5 * MINUTE, 72, 900)).map(({ words }) => words),
    ['now', '\u22121 min', '\u22122 min', '\u22123 min', '\u22124 min', '\u22125 min'],
  );
  const round = ticksByClock(axisOf(START, 15 * MINUTE, 72, 900), 0);
  assert.ok(round.every(({ words }) => /^\d\d:\d[02468]$|^\d\d:\d[05]$|^\d\d:\d[0369]$/.test(words)));
});

test('columns hold the mean and the peak of what is too near to be drawn apart, and begin anew after a gap', () => {
  const past = pastOf([0, 1000, 2000, 3000, 60_000, 61_000], (ms) => (ms === 1000 ? 1 : 0.5));
  const busy = measureOf('busy');
  const series = new Series(laneReader(busy, lanesOf(twoSockets(), 'node', busy)));
  assert.ok(series.read(past.frames));
  const columns = columnsOf(past.frames, series, 0, 100_000);
  assert.deepEqual(
    columns.map(({ at, mean, peak, gapUntil }) => [at - START, mean, peak, gapUntil && gapUntil - START]),
    [
      [3000, 62.5, 100, -1000],
      [61_000, 50, 50, 59_000],
    ],
  );
  assert.equal(columnsOf(past.frames, series, 0, 1000).length, 6);
  assert.deepEqual(columnsOf(past.frames, series, 1, 1000), [], 'of a node without a figure nothing is drawn');
});

test('a place on the axis is held by the last sample before it', () => {
  const { frames } = pastOf([0, 1000, 5000], () => 0);
  assert.deepEqual(
    [-5000, 0, 999, 1000, 4999, 5000, 9000].map((ms) => frameAt(frames, START + ms)),
    [0, 0, 0, 1, 1, 2, 2],
  );
});

test('marks are where runs ran and where findings began, also after the clock was set back', () => {
  for (const back of [0, 3_600_000]) {
    const time = (ms: number): string => new Date(START + ms - back).toISOString();
    const board = {
      runs: [{ id: 'one', time: time(-5000), seconds: 2, verdict: { sentence: 'Crossing costs 3 ×.' } }],
      running: { question: 'And with padding?', startedAt: time(1500) },
      marks: [{ kind: 'finding', time: time(1000), until: null, words: 'Node 0 is full.' }],
    };
    const frames = [{ at: START + 2000, time: START + 2000 - back }];
    const marks = marksOf({ board, frames, view: { shown: null } } as unknown as State);
    assert.deepEqual(
      marks.map(({ kind, words, from, to, shown }) => [kind, words, from - START, to - START, shown]),
      [
        ['run', 'Crossing costs 3 ×.', -5000, -3000, false],
        ['finding', 'Node 0 is full.', 1000, 1000, false],
        ['run', 'And with padding?', 1500, 2000, true],
      ],
    );
    assert.deepEqual(
      marksAt(marks, START + 1010, 20).map(({ kind }) => kind),
      ['finding'],
    );
  }
});

test('how long ago it was', () => {
  assert.deepEqual([0, 45, 60, 130, 3600, 3900].map(agoWords), [
    'just now',
    '45 s ago',
    '1 min ago',
    '2 min 10 s ago',
    '1 h ago',
    '1 h 5 min ago',
  ]);
});

test('each stretch has an outline of its own, from where its first frame begins; a single point is a dot', () => {
  const column = (at: number, mean: number, gapUntil: number | null = null) => ({ at, mean, peak: mean, gapUntil });
  const stretches = stretchesOf([column(1, 5), column(2, 6), column(9, 7, 8), column(10, 7)]);
  assert.deepEqual(
    stretches.map((columns) => columns.map(({ at }) => at)),
    [
      [1, 2],
      [8, 9, 10],
    ],
  );
  const drawing = { x: (at: number) => at * 10.04, y: ({ mean }: { mean: number }) => 20 - mean };
  assert.equal(lineOf(stretches, drawing), 'M10 15L20.1 14M80.3 13L90.4 13L100.4 13');
  assert.equal(areaOf(stretches.slice(0, 1), drawing, 20), 'M10 15L20.1 14V20H10Z');
  assert.equal(lineOf(stretchesOf([column(3, 4)]), drawing), 'M30.1 16Z');
  assert.equal(lineOf(stretchesOf([]), drawing), '');
});
