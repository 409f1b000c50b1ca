// What the agent's lines say together; and that no line, of whatever bytes, does more than end the sampling with words.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { AgentLines } from '../../../src/model/live/agent-lines.ts';
import type { SampleLine } from '../../../src/model/live/agent-lines.ts';
import { Rates } from '../../../src/model/live/rates.ts';
import type { FigureSource } from '../../../src/model/live/rates.ts';
import type { Reading } from '../../../src/model/live/reading.ts';
import { AgentProtocolError, parseAgentLine } from '../../../src/protocol/agent.ts';
import { sampleSchema } from '../../../src/protocol/sample.ts';
import * as v from 'valibot';

/** Readings of lines that follow from each other, numbered here. */
function readings(...lines: Partial<SampleLine>[]): Reading[] {
  const together = new AgentLines();
  return lines.map((line, i) => {
    const reading = together.take({ line: i, monotonicMs: i * 100, ...line });
    assert.ok(typeof reading !== 'string', JSON.stringify(reading));
    return reading;
  });
}

const cpusOf = (...lines: SampleLine['cpus'][]): (readonly [number, number])[][] =>
  readings(...lines.map((cpus) => (cpus ? { cpus } : {}))).map(({ cpus }) => cpus.map(({ id, busy }) => [id, busy]));

/** As native/src/sample_cpus.c writes a number. */
function pair(number: number): string {
  return [Math.floor(number / 93), number % 93]
    .map((digit) => {
      let code = 0x20 + digit;
      if (code >= 0x22) code++;
      if (code >= 0x5c) code++;
      return String.fromCharCode(code);
    })
    .join('');
}

test('a share is a number of two characters, and what did not change is left out', () => {
  const [one, two, three, four] = cpusOf(
    { ids: '0,4-6', of: 8000 },
    { shares: pair(4000) + pair(0) + pair(8001) + pair(8000) },
    undefined,
    { shares: pair(8001 + 3) + pair(2000) },
  );
  assert.deepEqual(one, []);
  assert.deepEqual(two, [
    [0, 0.5],
    [4, 0],
    [6, 1],
  ]);
  assert.deepEqual(three, two);
  assert.deepEqual(four?.at(-1), [6, 0.25]);
});

test('of many CPUs three share a number', () => {
  const three = (a: number, b: number, c: number): string => pair(a + 20 * b + 400 * c);
  const [, now, later] = cpusOf(
    { ids: '0-7', of: 18 },
    { shares: three(0, 9, 18) + three(19, 6, 3) + three(1, 2, 19) },
    { shares: pair(8001 + 2) + three(18, 18, 19) },
  );
  assert.deepEqual(now, [
    [0, 0],
    [1, 0.5],
    [2, 1],
    [4, 6 / 18],
    [5, 3 / 18],
    [6, 1 / 18],
    [7, 2 / 18],
  ]);
  assert.deepEqual(later?.slice(-2), [
    [6, 1],
    [7, 1],
  ]);
});

test('when CPUs come or go none keeps a share that another one had', () => {
  const [, , gone, back] = cpusOf(
    { ids: '0-2', of: 8000 },
    { shares: pair(800) + pair(1600) + pair(2400) },
    { ids: '0,2', of: 8000, shares: pair(800) + pair(4000) },
    { ids: '0-2', of: 8000, shares: pair(8001 + 2) + pair(1600) },
  );
  assert.deepEqual(gone, [
    [0, 0.1],
    [2, 0.5],
  ]);
  assert.deepEqual(back, [[2, 0.2]]);
});

test('a line that is not the next one is said to be none, and nothing is believed after it', () => {
  const first: SampleLine = { line: 0, monotonicMs: 5, cpus: { ids: '0-3', of: 8000 } };
  const bad: Partial<SampleLine>[] = [
    { line: 2 },
    { line: 0 },
    { monotonicMs: 4 },
    { cpus: { shares: 'x' } },
    { cpus: { shares: '""' } },
    { cpus: { shares: pair(0).repeat(5) } },
    { cpus: { ids: 'x', of: 8000 } },
    { cpus: { ids: '0', of: 7 } },
    { tables: { nodes: { hit: '1' } } },
    { files: { x: { 0: 'a' } } },
  ];
  for (const change of bad) {
    const lines = new AgentLines();
    lines.take(first);
    assert.match(
      JSON.stringify(lines.take({ line: 1, monotonicMs: 5, ...change })),
      /^"The agent's samples cannot be read on: /,
    );
    assert.equal(typeof lines.take({ line: 2, monotonicMs: 9 }), 'string');
  }
});

test('files and processes stand until they change or go', () => {
  const process = { pid: 7, name: 'a', start: 3, residentBytes: {}, threads: [] };
  const [a, b, c, d] = readings(
    { files: { x: '1', y: '2' }, processes: [process] },
    {},
    { files: { x: null }, processes: [{ ...process, name: 'c' }] },
    { processes: [] },
  );
  assert.deepEqual([...(a?.files ?? [])], [...(b?.files ?? [])]);
  assert.deepEqual(
    [a, b, c, d].map((one) => one?.fresh.files),
    [true, false, true, false],
  );
  assert.deepEqual([...(c?.files ?? [])], [['y', '2']]);
  assert.deepEqual(
    [b, c].map((one) => one?.processes[0]?.name),
    ['a', 'c'],
  );
  assert.deepEqual(d?.processes, []);
});

test('of a file that is known the lines come that changed', () => {
  const [, now] = readings({ files: { x: 'a 1\nb 2\n' } }, { files: { x: { 1: 'b 3' } } });
  assert.equal(now?.files.get('x'), 'a 1\nb 3\n');
  for (const change of [{ 3: 'c' }, { 1: 'b\n' }, { z: 'a' }, { '-1': 'a' }]) {
    const lines = new AgentLines();
    lines.take({ line: 0, monotonicMs: 0, files: { x: 'a 1\nb 2\n' } });
    assert.equal(
      typeof lines.take({ line: 1, monotonicMs: 0, files: { x: change } }),
      'string',
      JSON.stringify(change),
    );
  }
});

test('figures that are read once a second are rates over that second, and stand until the next', () => {
  const source: FigureSource = {
    files: [['/x']],
    figures: (before, after, seconds) => ({
      0: (Number(after.files.get('x')) - Number(before.files.get('x'))) / seconds,
    }),
  };
  const rates = new Rates(new Map([['m', source]]));
  const all = readings(
    { files: { x: '0' }, tables: { nodes: { numa_hit: '=2s' } } },
    {},
    {},
    {},
    { files: {}, tables: { nodes: {} } },
    { files: { x: '30' }, tables: { nodes: { numa_hit: '7' } } },
    {},
  ).map((reading) => rates.take(reading, '2026-01-02T03:04:05.000Z'));
  assert.deepEqual(
    all.map((sample) => sample && [sample.figures?.['m']?.[0] ?? null, sample.nodes[0]?.hitPerSecond]),
    [null, [null, null], [null, null], [null, null], [0, 0], [300, 70], [300, 70]],
  );
});

test('whatever the bytes of a line, it ends in a reading, in words, or in a line of no form; samples stay well-formed', () => {
  const share = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(' ', '!', 'x', '~', '#') }));
  const words = fc.array(fc.oneof(fc.integer().map(String), fc.constantFrom('=1', '~3', '!', '=99999999999999999')));
  const line = fc.record(
    {
      type: fc.constant('sample'),
      line: fc.oneof({ weight: 9, arbitrary: fc.constant(-1) }, { weight: 1, arbitrary: fc.nat() }),
      monotonicMs: fc.nat(),
      cpus: fc.record(
        { ids: fc.constantFrom('0-1', '0-8191', '0', '', 'x'), of: fc.constantFrom(18, 8000, 3), shares: share },
        { requiredKeys: [] },
      ),
      tables: fc.dictionary(
        fc.constantFrom('nodes', 'time', 'x'),
        fc.oneof(
          fc.string(),
          fc.dictionary(
            fc.constantFrom('MemTotal', 'numa_hit', 'user', 'hugepages-4kB/nr_hugepages', 'y'),
            words.map((list) => list.join(' ')),
          ),
        ),
      ),
      files: fc.dictionary(
        fc.string(),
        fc.oneof(fc.string(), fc.constant(null), fc.dictionary(fc.constantFrom('0', '1', 'x'), fc.string())),
      ),
    },
    { requiredKeys: ['type', 'line', 'monotonicMs'] },
  );
  const text = fc.oneof(
    { weight: 20, arbitrary: line.map((one) => JSON.stringify(one)) },
    { weight: 1, arbitrary: fc.string() },
  );
  fc.assert(
    fc.property(fc.array(text), (lines) => {
      const [together, rates] = [new AgentLines(), new Rates()];
      let ms = 0;
      for (const [i, one] of lines.entries()) {
        try {
          const parsed = parseAgentLine(one.replace('"line":-1', `"line":${i}`));
          if (parsed.type !== 'sample') continue;
          const reading = together.take({ ...parsed, monotonicMs: (ms += parsed.monotonicMs) });
          if (typeof reading === 'string') return;
          const sample = rates.take(reading, '2026-01-02T03:04:05.000Z');
          if (sample) v.parse(sampleSchema, sample);
        } catch (error) {
          if (!(error instanceof AgentProtocolError)) throw error;
          return;
        }
      }
    }),
    { numRuns: 400 },
  );
});
