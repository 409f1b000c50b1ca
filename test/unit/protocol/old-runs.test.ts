/** Run files on people's disks stay readable, and nothing in one is lost without a word. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseRun, RunFileError } from '../../../src/protocol/run.ts';

/** Written by version 0.1.0, whose cases had no kind; one of each command. */
const folder = new URL('../../fixtures/runs/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(`${name}.numa.json`, folder), 'utf8');

const KINDS: Readonly<Record<string, string>> = {
  guide: 'spsc',
  matrix: 'matrix',
  memory: 'memory',
  program: 'program',
  spsc: 'spsc',
  'spsc-alternate': 'spsc',
  'spsc-latency': 'spsc',
};

interface Raw {
  results: { placement: Record<string, unknown>; [key: string]: unknown }[];
  [key: string]: unknown;
}

/** The first result of a file of 0.1.0, changed. */
function changed(name: string, change: (raw: Raw) => void): string {
  const raw = JSON.parse(read(name)) as Raw;
  change(raw);
  return JSON.stringify(raw);
}

function problem(text: string): string {
  try {
    parseRun(text);
  } catch (error) {
    assert.ok(error instanceof RunFileError);
    return error.message;
  }
  assert.fail('it was taken');
}

test('every file of 0.1.0 is read, its cases get their kind, and all else stays', () => {
  const names = readdirSync(folder).map((name) => name.replace('.numa.json', ''));
  assert.deepEqual(names.sort(), Object.keys(KINDS).sort());
  for (const name of names) {
    const expected = JSON.parse(read(name)) as Raw;
    for (const result of expected.results) {
      const { cpu, node, what } = result.placement;
      // One thread bound to one node was all that there was of memory, and the triad the only kernel.
      const memory = {
        ...{ cpus: [cpu], policy: 'bind', nodes: [node] },
        ...(what === 'bandwidth' ? { kernel: 'triad' } : {}),
      };
      result.placement = { kind: KINDS[name], ...result.placement, ...(name === 'memory' ? memory : {}) };
    }
    assert.deepEqual(parseRun(read(name)), expected, name);
  }
});

test('what is written is read as it was', () => {
  for (const name of Object.keys(KINDS)) {
    const run = parseRun(read(name));
    assert.deepEqual(parseRun(JSON.stringify(run)), run, name);
  }
});

test('keys that this version does not know are kept at every level', () => {
  const text = changed('memory', (raw) => {
    raw['pools'] = [{ cpus: '0-3' }];
    raw.results[0]!['layout'] = 'split';
    raw.results[0]!.placement['workers'] = '0-3';
  });
  const run = JSON.parse(JSON.stringify(parseRun(text))) as Raw;
  assert.deepEqual(run['pools'], [{ cpus: '0-3' }]);
  assert.equal(run.results[0]?.['layout'], 'split');
  assert.equal(run.results[0].placement['workers'], '0-3');
});

test('a kind of measurement that is not known is refused by name, whatever keys it has', () => {
  const text = changed('memory', (raw) => (raw.results[0]!.placement['kind'] = 'tide'));
  assert.equal(
    problem(text),
    'This run cannot be read: results.0.placement.kind: "tide" is a kind of measurement that this version of NUMA Pinboard does not know: update it to open the run.',
  );
});

test('a damaged case says what is wrong where', () => {
  const words = (name: string, key: string, value: unknown): string =>
    problem(changed(name, (raw) => (raw.results[0]!.placement[key] = value)));
  assert.match(words('spsc', 'padding', 7), /: results\.0\.placement\.padding: .*received 7/);
  assert.match(words('memory', 'node', 'x'), /: results\.0\.placement\.node: Invalid type: Expected number/);
  assert.match(words('program', 'command', 'ls'), /: results\.0\.placement\.command: /);
  assert.match(words('matrix', 'cpus', '3-1'), /: results\.0\.placement\.cpus: not a CPU list/);
  const without = changed('spsc', (raw) => (raw.results[1]!.placement = {}));
  assert.match(problem(without), /: results\.1\.placement\.kind: missing, and it does not follow from the other keys/);
});

test('the course of a program is kept with keys that are not known, and an act that is not known is refused by name', () => {
  const mark = { seconds: 1, until: 2, act: 'pin', what: 'worker to cpu 0', more: true };
  const series = [{ kind: 'printed', metric: 'queries/s', points: [[1, 2]], smooth: 3 }];
  const course = (marks: unknown[]): string =>
    changed('program', ({ results }) => {
      if (results[0]) results[0]['course'] = { seconds: 3, series, marks, later: 4 };
    });
  assert.deepEqual(parseRun(course([mark])).results[0]?.course, { seconds: 3, series, marks: [mark], later: 4 });
  assert.match(
    problem(course([{ ...mark, act: 'freeze' }])),
    /marks\.0\.act: "freeze" is an act on a program that .* does not know/,
  );
  assert.match(problem(course([{ ...mark, seconds: -1 }])), /course\.marks\.0\.seconds/);
});
