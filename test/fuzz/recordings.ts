/** Recordings that a broken disk has changed, or somebody who means harm: in their bytes, in a line, or in what a line holds. */

import { gzipSync } from 'node:zlib';
import { pack } from '../../src/model/live/packed.ts';
import { RECORDING_SCHEMA } from '../../src/model/live/recording.ts';
import { headOf, samplesOf, timeAt } from '../support/recorded.ts';
import type { Random } from './random.ts';

const head = headOf();
const MARK = { time: timeAt(1), until: timeAt(2), kind: 'note', words: 'here' };
const LINES = [
  { schema: RECORDING_SCHEMA, ...head },
  ...[...samplesOf(head, 4, 3)].map((sample) => ({ sample: pack(sample) })),
  { mark: MARK },
  { end: { time: timeAt(5), cutOff: null } },
].map((line) => JSON.stringify(line));

/** Lists in lists, tables that are none, and far too many rows. */
const SAMPLES = [
  `{"sample":${'[0,'.repeat(50_000)}1${']'.repeat(50_000)}}`,
  `{"sample":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`,
  `{"sample":[1,["id"],[${'0,'.repeat(900_000)}0]]}`,
  `{"sample":[1,[${'"a",'.repeat(90_000)}"a"],[]]}`,
  `{"sample":[2,["__proto__"],[{"time":1}]]}`,
  `{"sample":${JSON.stringify(pack({ schema: 'numa-pinboard/sample/1', time: timeAt(3), intervalMs: 1, cpus: [], nodes: [], processes: [] }))}}`,
  `{"mark":${JSON.stringify({ ...MARK, words: '\u202e\u0007' })}}`,
  '{}',
  '',
];

export function recording(
  random: Random,
  mutateText: (text: string) => string,
  mutateBytes: (bytes: Buffer) => Buffer,
): Buffer {
  const way = random.below(8);
  if (way === 0) return mutateBytes(gzipSync(LINES.join('\n')));
  const lines = [...LINES];
  if (way < 5) {
    const at = random.below(lines.length);
    lines[at] = mutateText(lines[at] ?? '');
  } else {
    const times = random.pick([1, 1, 2, 1000]);
    const line = random.pick(SAMPLES);
    lines.splice(1 + random.below(5), 0, ...Array.from({ length: line.length > 10_000 ? 1 : times }, () => line));
  }
  return gzipSync(`${lines.join('\n')}\n`, { level: 1 });
}
