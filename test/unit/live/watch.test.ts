/** What `watch` shows fits its window, says no more than the sample, and never 0 for what is unknown. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { CSV_HEAD, csvRows } from '../../../src/model/live/watch/csv.ts';
import { textOf } from '../../../src/model/live/watch/lines.ts';
import { helpScreen, watchBlock, watchScreen } from '../../../src/model/live/watch/view.ts';
import type { WatchState } from '../../../src/model/live/watch/view.ts';
import { headOf, samplesOf } from '../../support/recorded.ts';
import type { MachineShape } from '../machines.ts';

const SHAPES: readonly MachineShape[] = [
  { name: 'small', packages: 1, coresPerNode: 2 },
  { name: 'big', packages: 2, nodesPerPackage: 2, coresPerNode: 32, threads: 2 },
  { name: 'huge', packages: 8, nodesPerPackage: 2, coresPerNode: 8, cpulessNodes: 2 },
];

function stateOf(shape: MachineShape, threads = 0): WatchState {
  const head = headOf(shape);
  const [before = null, sample = null] = samplesOf(head, 2, threads);
  return {
    ...{ host: head.host, topology: head.topology, intervalMs: 1000, sample, before, selected: threads > 0 },
    ...{ processes: null, sort: 'cpu', cpus: false, paused: false, checkup: null, recording: null },
  };
}

test('every line fits, and there are as many as the window has', () => {
  for (const whole of SHAPES.map((shape) => stateOf(shape, 3)))
    for (const cpus of [false, true])
      for (const [width, height] of [
        [20, 4],
        [60, 20],
        [80, 24],
        [200, 60],
      ] as const) {
        const state = { ...whole, cpus };
        for (const lines of [watchScreen(state, width, height, null), helpScreen(width, height)]) {
          assert.equal(lines.length, height);
          for (const line of lines) assert.ok(textOf(line).length <= width, textOf(line));
        }
      }
});

test('findings of the doctor stand where sentences stood, the verdict first, and those without room are counted', () => {
  const state = stateOf(SHAPES[1]!);
  const linesOf = (checkup: readonly string[] | null): string[] =>
    watchScreen({ ...state, checkup }, 100, 40, null).map(textOf);
  const [, said = ''] = linesOf(null);
  assert.match(said, /busy/);
  const found = Array.from({ length: 8 }, (_, at) => `! Node ${at} is full.`);
  const lines = linesOf(['8 findings.', ...found]);
  assert.deepEqual(lines.slice(1, 9), ['8 findings.', ...found.slice(0, 6), '… 2 more findings: numa-pinboard doctor']);
  assert.ok(!lines.includes(said));
  assert.deepEqual(linesOf(['NUMA is not your problem.']).slice(1, 3), ['NUMA is not your problem.', '']);
});

test('what does not fit is counted', () => {
  const lines = watchScreen(stateOf(SHAPES[2]!), 80, 12, null).map(textOf);
  assert.ok(
    lines.some((line) => /^… \d+ more lines: enlarge the window/.test(line)),
    lines.join('\n'),
  );
});

test('nodes have a bar with its figure, and "–" for what the host does not say', () => {
  const state = stateOf(SHAPES[0]!);
  const [node] = state.sample!.nodes;
  const unsaid = { ...node!, freeBytes: null, usedBytes: null, otherPerSecond: null, localPerSecond: null };
  const lines = watchBlock({ ...state, sample: { ...state.sample!, cpus: [], nodes: [unsaid] } }, 120).map(textOf);
  const row = lines.find((line) => /^ *0 /.test(line));
  assert.match(row ?? '', /^ +0 +– +– +– +– +–/);
  const whole = watchBlock(state, 120).map(textOf);
  assert.match(whole.join('\n'), /^ +0 +█*·* +[\d.]+ %/m);
});

test('a sentence that begins with the name of a device leaves it as the kernel writes it', () => {
  const state = stateOf(SHAPES[0]!);
  const devices = [
    { name: 'vda', kind: 'interrupts', node: 0, interruptsPerSecond: 500, farInterruptsPerSecond: 0 },
  ] as const;
  const sample = { ...state.sample!, devices, figures: { interrupts: { 0: 500 } } };
  const lines = watchBlock({ ...state, sample }, 200).map(textOf);
  assert.ok(
    lines.some((line) => line.startsWith('vda raises ')),
    lines.join('\n'),
  );
});

test('each CPU is a character, its node before it, and the busiest are named', () => {
  const state = { ...stateOf(SHAPES[1]!), cpus: true };
  const lines = watchScreen(state, 100, 40, null).map(textOf);
  const drawn = lines.filter((line) => /^(?:node \d+)? +P#/.test(line)).map((line) => line.slice(20));
  assert.equal(drawn.join('').length, 256);
  assert.match(lines.join('\n'), /^Busiest: P#\d+ [\d.]+ %, /m);
});

test('processes are sorted by what the key says, with the nodes their memory is on', () => {
  const state = stateOf(SHAPES[1]!, 3);
  const [process] = state.sample!.processes;
  const before = {
    ...state.before!,
    processes: [{ ...process!, threads: [{ ...process!.threads[0]!, cpuSeconds: 1 }] }],
  };
  const threads = [{ ...process!.threads[0]!, cpuSeconds: 1.5 }];
  const small = { ...process!, pid: 7, name: 'small', residentBytes: { '1': 1024 }, threads };
  const sample = { ...state.sample!, intervalMs: 1000, processes: [small, { ...process!, threads }] };
  const rows = (sort: 'cpu' | 'memory'): string[] =>
    watchScreen({ ...state, sort, before, sample }, 120, 40, null)
      .map(textOf)
      .filter((line) => /^ *(?:7|4242) /.test(line));
  assert.match(rows('cpu')[0] ?? '', /4242 +queue +50 % +[\d.]+ [GM]B +\d: \d+ %, /);
  assert.match(rows('cpu')[1] ?? '', /7 +small +– +1 KB +1: 100 %/);
  assert.match(rows('memory')[0] ?? '', /4242/);
});

test('CSV has a row a node, with empty cells for what is unknown', () => {
  const { topology, sample } = stateOf(SHAPES[2]!);
  const rows = csvRows(topology, sample!).map((row) => row.split(','));
  assert.equal(rows.length, 18);
  const head = CSV_HEAD.split(',');
  for (const row of rows) assert.equal(row.length, head.length);
  // Memory without CPUs is never busy, nor idle.
  assert.equal(rows[17]?.[head.indexOf('busy')], '');
  assert.match(rows[0]?.[head.indexOf('busy')] ?? '', /^[\d.]+$/);
});
