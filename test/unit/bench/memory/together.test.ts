/** Curves: which results make one, what is said of it, and how it is drawn. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { MEASURED_MEMORY } from '../../../../src/model/bench/memory/measured.ts';
import { memoryTogether } from '../../../../src/model/bench/memory/together.ts';
import { memoryCases } from '../../../../src/model/bench/memory/lists.ts';
import type { MemoryWish } from '../../../../src/model/bench/memory/lists.ts';
import type { MemoryCase } from '../../../../src/model/cases/memory.ts';
import { buildResults } from '../../../../src/model/run/results.ts';
import type { RawRepetition } from '../../../../src/model/run/results.ts';
import type { Run } from '../../../../src/model/run/run.ts';
import { buildRun } from '../../../../src/model/verdict/build-run.ts';
import { runText } from '../../../../src/model/verdict/text.ts';
import { curvesSvg } from '../../../../src/model/svg/curves.ts';
import { reportMarkdown } from '../../../../src/model/report/markdown.ts';
import { parseRun } from '../../../../src/protocol/run.ts';
import { twoSockets } from '../../topologies.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
/** Caches of 48 KiB or less, 2 MiB or less, and 32 MiB are on this machine. */
const topology = twoSockets();

const wish: MemoryWish = {
  ...{ whats: ['latency'], cpus: [0, 1], threads: [2], policies: ['bind'], nodes: [1] },
  ...{ pages: ['4k'], sizes: [16 * KIB, 128 * KIB, 16 * MIB, 128 * MIB], kernels: ['read'] },
};

function runOf(
  cases: readonly MemoryCase[],
  figure: (one: MemoryCase) => Partial<RawRepetition> & { value: number },
): Run {
  const lines = cases.flatMap((one, index) =>
    [0, 1, 2, 3, 4].map((round): RawRepetition => {
      const { value, ...more } = figure(one);
      return {
        ...{ benchmark: 'memory-latency', metric: 'ns', case: index, round, value: value * (1 + round / 1000) },
        ...{ valid: true, why: null, counters: {} },
        seen: { cpus: { thread: '0' }, nodes: { '1': 1 }, pageBytes: 4096, migrations: 0 },
        ...more,
      };
    }),
  );
  return buildRun({
    ...{ time: new Date('2026-01-02T03:04:05Z'), seconds: 9, random: 'abc123', topology, environment: {} },
    ...{
      host: { name: 'paper', transport: 'ssh' },
      repeat: 'numa-pinboard bench memory',
      question: 'What?',
      partial: null,
    },
    results: buildResults(cases, lines, { kind: (one) => MEASURED_MEMORY.figure(one, null), emulated: false }),
  });
}

test('four sizes or more are a curve, with the figure of each cache', () => {
  const ns = new Map([
    [16 * KIB, 2],
    [128 * KIB, 5],
    [16 * MIB, 30],
    [128 * MIB, 110],
  ]);
  const run = runOf(memoryCases(wish), ({ sizeBytes }) => ({ value: ns.get(sizeBytes) ?? 0 }));
  const sentence = run.verdict?.sentence ?? '';
  assert.match(sentence, /^A random access takes 2 ns in L1, 5.* ns in L2, 30.* ns in L3, 110 ns in memory\.$/);
  assert.match(
    runText(run),
    /latency by size, cpu 0 to node 1, 4k pages\n +16 KB {2}L1 .*\n[^]* 128 MB {2}memory [^]*caches: L1 /,
  );
  const svg = curvesSvg(run) ?? assert.fail('it is drawn');
  for (const words of ['Latency by size of the buffer', 'L3 32 MB', '128 MB: 110 ns'])
    assert.ok(svg.includes(words), words);
  assert.deepEqual(parseRun(JSON.stringify(run)), run);
  const few = runOf(memoryCases({ ...wish, sizes: [MIB, 2 * MIB] }), () => ({ value: 1 }));
  assert.equal(memoryTogether(topology, few.results), null);
  assert.equal(curvesSvg(few), null);
});

test('a load curve goes from no load to all of it', () => {
  const cases = memoryCases({ ...wish, whats: ['loaded-latency'], sizes: [128 * MIB] });
  const run = runOf(cases, ({ what, pauseNs = 0 }) =>
    what === 'latency'
      ? { value: 100 }
      : { value: pauseNs === 0 ? 250 : 110, loadBytesPerSecond: 1e12 / (pauseNs + 50) },
  );
  assert.match(
    run.verdict?.sentence ?? '',
    /^Latency from cpu 0 to node 1, 4k pages goes from 100 ns to 25\d(\.\d)? ns at 20 GB\/s of read traffic by P#1: 2\.5 × \(2\.5 to 2\.5\)\.$/,
  );
  assert.match(runText(run), /latency under load[^\n]*\n +no load {2} +100 ns[^]* +20 GB\/s +25\d/);
  assert.ok(curvesSvg(run)?.includes('Latency under load'));
  assert.deepEqual(parseRun(JSON.stringify(run)), run);
});

test('of threads together the slowest and the fastest are told', () => {
  const cases = memoryCases({ ...wish, whats: ['bandwidth'], cpus: [0, 5, 2], threads: [3], sizes: [128 * MIB] });
  const rate = { benchmark: 'memory-bandwidth', metric: 'B/s', value: 12e9 } as const;
  const run = runOf(cases, () => ({ ...rate, threads: [4e9, 3e9, 5e9] }));
  assert.match(runText(run), /\n {4}slowest thread 3 GB\/s on cpu 5, fastest 5 GB\/s on cpu 2\n/);
  assert.match(reportMarkdown(run, []), /slowest thread 3 GB\/s on cpu 5, fastest 5 GB\/s on cpu 2 *\|/);
  const emulated = { ...run, results: run.results.map((result) => ({ ...result, emulated: true })) };
  for (const words of [runText(emulated), reportMarkdown(emulated, [])])
    assert.match(words, /slowest thread 3 GB\/s on cpu 5, fastest 5 GB\/s on cpu 2 \\?\(emulated\\?\)/);
});

test('a load that could not be told, or too few rounds, claim nothing', () => {
  const cases = memoryCases({ ...wish, whats: ['loaded-latency'], sizes: [128 * MIB] });
  const slipped = runOf(cases, ({ what }) => ({ value: 100, valid: what === 'latency', why: 'it slipped' }));
  assert.match(slipped.verdict?.sentence ?? '', /nothing can be said/);
});
