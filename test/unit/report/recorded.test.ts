/** The page of a recording: its moments, its gaps and its end are said, and what is hostile stands in it as text. */

import assert from 'node:assert/strict';
import test from 'node:test';
import type { Recording } from '../../../src/model/live/recording.ts';
import { momentsOf } from '../../../src/model/report/recorded/moments.ts';
import { recordingPage } from '../../../src/model/report/recorded/page.ts';
import { headOf, samplesOf, timeAt } from '../../support/recorded.ts';

const head = headOf();
const samples = [...samplesOf(head, 60)].filter((_, at) => at < 20 || at > 30);
const recording: Recording = { ...head, samples, every: 1, marks: [], cutOff: null };

test('first, busiest and last moment, or those asked for', () => {
  assert.deepEqual(
    momentsOf(recording, []).map(({ words }) => words),
    ['The first moment', 'The busiest moment', 'The last moment'],
  );
  assert.deepEqual(
    momentsOf(recording, ['10:00:07', timeAt(41)]).map(({ sample }) => sample.time),
    [timeAt(7), timeAt(41)],
  );
  assert.throws(() => momentsOf(recording, ['11:00']), /11:00 is no time of this recording, which goes from/);
  assert.throws(() => momentsOf({ ...recording, samples: [] }, []), /holds no sample/);
});

test('page, course and stills; gaps, marks and the end are said', () => {
  const marks = [{ time: timeAt(9), until: timeAt(12), kind: 'run', words: '<b>spsc</b>\u202e' } as const];
  const whole = { ...recording, host: 'a<b>&', marks, cutOff: 'The disk is full.' };
  const files = recordingPage(whole, momentsOf(whole, []));
  assert.deepEqual(
    files.map(({ name }) => name),
    ['report.md', 'timeline.svg', 'moment-1.svg', 'moment-2.svg', 'moment-3.svg'],
  );
  const [page, timeline, still] = files.map(({ text }) => text);
  assert.match(page ?? '', /\*\*A recording\*\*, not this moment: 49 samples/);
  assert.match(page ?? '', /Without samples: 10:00:20 to 10:00:32\./);
  assert.match(page ?? '', /It was cut off: The disk is full\./);
  for (const text of [page, timeline]) assert.doesNotMatch(text ?? '', /<b>|\u202e/);
  // A gap is no line.
  assert.ok((timeline?.match(/[ "]?M[\d.]+,/g) ?? []).length >= 4, timeline);
  assert.match(still ?? '', /<title>P#\d+ [\d.]+ % busy<\/title>/);
});

test('a still has the memory that was free at its moment', () => {
  const [first] = recording.samples;
  const sample = { ...first!, nodes: first!.nodes.map((node) => ({ ...node, freeBytes: 3 * 1024 ** 3 })) };
  const [, , still] = recordingPage({ ...recording, samples: [sample, samples[1]!] }, [{ sample, words: 'Then' }]);
  assert.match(still?.text ?? '', />3 GB free <\/text>/);
});
