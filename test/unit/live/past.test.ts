// What is remembered of samples: as they were, in bounded memory, in the order they came, with its gaps.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import * as v from 'valibot';
import { chunkBefore, framesOf } from '../../../src/model/live/past/chunk.ts';
import { Past } from '../../../src/model/live/past/past.ts';
import type { Frame } from '../../../src/model/live/past/frame.ts';
import { SAMPLE_SCHEMA } from '../../../src/model/live/sample.ts';
import type { Sample } from '../../../src/model/live/sample.ts';
import { pastSchema } from '../../../src/protocol/past.ts';

const START = Date.parse('2026-01-02T03:04:05.000Z');
const HOUR = 3_600_000;
const MIB = 1 << 20;

const sampleAt = (ms: number, more: Partial<Sample> = {}): Sample => ({
  schema: SAMPLE_SCHEMA,
  time: new Date(START + ms).toISOString(),
  intervalMs: 1000,
  cpus: [{ id: 0, busy: 0.25 }],
  nodes: [],
  processes: [],
  ...more,
});

const take = (past: Past, sample: Sample): void => past.take(sample, past.placeOf(sample));
const samplesOf = (past: Past): Sample[] => past.frames.map((frame) => past.sampleOf(frame));
const last = (past: Past): Frame => past.frames.at(-1) ?? assert.fail('nothing is kept');

/** Of a machine of so many CPUs, another one at each time. */
function busySample(ms: number, cpus: number): Sample {
  const share = (id: number): number => (((ms / 1000) * 7 + id * 13) % 101) / 100;
  return sampleAt(ms, {
    cpus: Array.from({ length: cpus }, (_, id) => ({ id, busy: share(id) })),
    nodes: [0, 1].map((id) => ({
      ...{ id, freeBytes: 2 ** 36 + ms * 4096, usedBytes: 2 ** 35, fileBytes: null },
      ...{ hitPerSecond: ms, missPerSecond: 0, foreignPerSecond: null, localPerSecond: 12.5, otherPerSecond: 3 },
      hugepages: [{ sizeBytes: 2 ** 21, total: 512, free: id }],
    })),
  });
}

/** Equal but for the rounding to 32 bits. */
function isAsItWas(kept: unknown, was: unknown, where = 'sample'): void {
  if (typeof was === 'number' && typeof kept === 'number')
    assert.ok(Math.abs(kept - was) <= Math.abs(was) * 2 ** -23, `${where}: ${String(kept)}, was ${String(was)}`);
  else if (typeof was !== 'object' || was === null) assert.equal(kept, was, where);
  else {
    assert.ok(typeof kept === 'object' && kept !== null, where);
    assert.deepEqual(Object.keys(kept).sort(), Object.keys(was).sort(), where);
    for (const [key, one] of Object.entries(was))
      isAsItWas((kept as Record<string, unknown>)[key], one, `${where}.${key}`);
  }
}

test('a sample comes back as it was: figures to 32 bits, all else exactly, fields nobody thought of too', () => {
  const threads = [{ tid: 4_194_303, name: 'worker', cpu: 3, migrations: null }];
  const later = { pressure: { cpu: 0.5, why: null }, links: ['a', 'b'], on: true };
  const samples = [
    busySample(0, 8),
    sampleAt(1000, { processes: [{ pid: 77, name: 'db', residentBytes: { 0: 1e12, 1: 4096 }, threads }] }),
    sampleAt(2000, { processes: [{ pid: 77, name: 'db', residentBytes: { unavailable: 'no right' }, threads: [] }] }),
    { ...busySample(3000, 8), figures: { interrupts: { 0: 17.25, 3: 1e9 } }, ...later } as Sample,
    busySample(4000, 7),
  ];
  const past = new Past(MIB);
  for (const sample of samples) take(past, sample);
  samplesOf(past).forEach((kept, i) => isAsItWas(kept, samples[i]));
  assert.equal(past.sampleOf(last(past)), past.sampleOf(last(past)), 'the same moment is the same object');
});

test('whatever a sample holds comes back', () => {
  const json = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(fc.array(json, { minLength: 1, maxLength: 4 }), (values) => {
      const past = new Past(MIB);
      const samples = values.map((held, i) => ({
        ...sampleAt(i * 1000),
        held: JSON.parse(JSON.stringify(held)) as unknown,
      }));
      for (const sample of samples) take(past, sample);
      samplesOf(past).forEach((kept, i) => {
        const was = JSON.stringify(samples[i], (_, one: unknown) => (typeof one === 'number' ? Math.fround(one) : one));
        assert.deepEqual(
          JSON.parse(JSON.stringify(kept, (_, one: unknown) => (typeof one === 'number' ? Math.fround(one) : one))),
          JSON.parse(was),
        );
      });
    }),
  );
});

test('an hour of 256 CPUs, once a second, stays whole in 8 MiB; of 1,024 its last quarter of an hour does', () => {
  for (const [cpus, whole] of [
    [256, HOUR],
    [1024, HOUR / 4],
  ] as const) {
    const past = new Past(8 * MIB);
    // To make each anew would take long: the same few are put at other times.
    const made = Array.from({ length: 8 }, (_, i) => busySample(i * 1000, cpus));
    for (let ms = 0; ms <= HOUR; ms += 1000) {
      const sample = made[(ms / 1000) % made.length] ?? assert.fail();
      take(past, { ...sample, time: new Date(START + ms).toISOString() });
    }
    assert.ok(past.bytes <= 8 * MIB);
    const late = past.frames.filter(({ at }) => at > START + HOUR - whole);
    assert.equal(late.length, whole / 1000, `${String(cpus)} CPUs`);
    assert.ok((past.frames[0]?.from ?? Infinity) <= START, 'none of it is out of reach');
  }
});

test('24 hours: never more than its budget, all of it in reach, the older the sparser, without a gap that was none', () => {
  const past = new Past(MIB);
  let most = 0;
  for (let ms = 0; ms <= 24 * HOUR; ms += 1000) {
    take(past, sampleAt(ms, { cpus: [{ id: 0, busy: (ms % 7000) / 7000 }] }));
    most = Math.max(most, past.bytes);
  }
  assert.ok(most <= MIB, `${String(most)} bytes`);
  const { frames } = past;
  assert.ok((frames[0]?.from ?? Infinity) <= START);
  for (const [i, frame] of frames.entries()) {
    if (i > 0) assert.equal(frame.from, frames[i - 1]?.at, 'each begins where the one before it ends');
    const age = last(past).at - frame.at;
    assert.ok(frame.at - frame.from <= Math.max(1000, age / 8 + 1000), 'it stands for an eighth of its age at most');
  }
  assert.equal(frames.filter(({ at }) => at > last(past).at - 60_000).length, 60, 'the last minute is whole');
  assert.ok(past.sparseUntil !== null && past.sparseUntil < last(past).at);
});

test('samples that nothing can stand for go, the oldest first', () => {
  const past = new Past(20_000);
  for (let i = 0; i < 500; i++) take(past, sampleAt(i * HOUR));
  assert.ok(past.bytes <= 20_000);
  assert.equal(last(past).at, START + 499 * HOUR);
  assert.ok(
    past.frames.every(({ at, from }) => at - from === 1000),
    'each has a gap before it',
  );
});

test('a gap is a gap: nothing was sampled from the one to the other', () => {
  const past = new Past(MIB);
  for (const ms of [0, 1000, 2900, 60_000, 61_000]) take(past, sampleAt(ms));
  assert.deepEqual(
    past.frames.map(({ from, at }) => [from - START, at - START]),
    [
      [-1000, 0],
      [0, 1000],
      [1000, 2900],
      [59_000, 60_000],
      [60_000, 61_000],
    ],
  );
});

test('a clock that is set back changes neither the order nor the distances, and each sample keeps its own time', () => {
  const past = new Past(MIB);
  for (const ms of [0, 1000, -3_600_000, -3_599_000, -3_599_000]) take(past, sampleAt(ms));
  assert.deepEqual(
    past.frames.map(({ at }) => at - START),
    [0, 1000, 2000, 3000, 4000],
  );
  assert.equal(samplesOf(past)[2]?.time, new Date(START - 3_600_000).toISOString());
});

test('a page gets it piece by piece, the newest first, and has the same afterwards, whatever it had before', () => {
  const host = new Past(8 * MIB);
  for (let i = 0; i < 700; i++) take(host, busySample(i * 1000, 128));
  const page = new Past(8 * MIB);
  for (const frame of host.frames.slice(-3)) page.add([frame]);
  let pieces = 0;
  for (let before: number | null = null, more = true; more; pieces++) {
    const told: unknown = JSON.parse(JSON.stringify(chunkBefore(host, before)));
    assert.ok(JSON.stringify(told).length < MIB);
    const piece = v.parse(pastSchema, told);
    page.add(framesOf(piece, page));
    [before, more] = [piece.frames[0]?.at ?? null, piece.more];
  }
  assert.ok(pieces > 1);
  assert.deepEqual(
    page.frames.map(({ at, from }) => [at, from]),
    host.frames.map(({ at, from }) => [at, from]),
  );
  host.frames.forEach((frame, i) => isAsItWas(page.sampleOf(page.frames[i] ?? frame), host.sampleOf(frame)));
});

test('a piece that holds no samples is refused', () => {
  const past = new Past(MIB);
  take(past, busySample(0, 2));
  const piece = chunkBefore(past, null);
  assert.ok(v.is(pastSchema, piece));
  const others = piece.parts.filter(({ name }) => name !== 'nodes');
  const frames = piece.frames.map((frame) => ({ ...frame, parts: frame.parts.filter((at) => at < others.length) }));
  assert.ok(!v.is(pastSchema, { ...piece, parts: others, frames }));
  assert.ok(!v.is(pastSchema, { ...piece, frames: piece.frames.map((frame) => ({ ...frame, time: 1e300 })) }));
  assert.ok(!v.is(pastSchema, { ...piece, parts: piece.parts.map((part) => ({ ...part, like: 'x' })) }));
});
