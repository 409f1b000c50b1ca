// `bench matrix` as it is typed: on this machine, and from files in the place of a clock.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as v from 'valibot';
import { cellOf, readGrid, writeGrid } from '../../src/model/bench/matrix/csv.ts';
import { allPairs, measurable } from '../../src/model/bench/matrix/pairs.ts';
import { median } from '../../src/model/run/statistics.ts';
import { parseRun } from '../../src/protocol/run.ts';
import { varied } from '../support/long.ts';
import { machine } from '../unit/topologies.ts';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import { cli } from './cli.ts';
import type { Topology } from '../../src/model/topology/topology.ts';
import { topologySchema } from '../../src/protocol/topology.ts';
import type { Answer } from './cli.ts';

const topologyOfThis = ({ stdout }: Answer): Topology => v.parse(topologySchema, JSON.parse(stdout));

describe('bench matrix', { timeout: 600_000 }, () => {
  let folder: string;
  let topology: Topology;
  let recorded: string;
  let file: string;

  before(() => {
    folder = temporaryFolder('matrix');
    topology = machine({ packages: 2, coresPerNode: 24, l3PerNode: 6 });
    recorded = join(folder, 'machine.numa.json');
    file = join(folder, 'figures.csv');
    const cpus = measurable(topology);
    const l3 = (cpu: number): number => Math.floor(cpu / 4);
    // CPUs of the second package are as far from one another as from the first.
    const figures = allPairs(cpus).map(([a, b]) => {
      const base = l3(a) === l3(b) ? 20 : b < 24 ? 100 : 200;
      return [[a, b], base + ((a * 7 + b * 3) % 5) / 5] as const;
    });
    writeFileSync(file, writeGrid(cpus, figures));
  });
  after(() => removeFolder(folder));

  /** A run that holds nothing but the machine: what `--from` takes. */
  const record = async (): Promise<string> => {
    const run = await cli([
      'bench',
      'spsc',
      '--producer',
      '0',
      '--consumer',
      '1',
      '--repeat',
      '1',
      '--duration',
      '50ms',
      '--format',
      'json',
    ]);
    writeFileSync(recorded, JSON.stringify({ ...parseRun(run.stdout), topology }));
    return recorded;
  };

  it('takes its figures from a file: classes with their medians, from some of the pairs', async () => {
    const from = await record();
    const asked = ['bench', 'matrix', '--what', 'latency', '--simulate', file, '--from', from];
    const answer = await cli([...asked, '--format', 'json']);
    assert.equal(answer.code, 0, answer.stderr);
    const [result] = parseRun(answer.stdout).results;
    assert.equal(result?.benchmark, 'core-to-core');
    const grid = readGrid(readFileSync(file, 'utf8'));
    const { classes = [], measuredPairs = NaN } = result;
    assert.equal(classes.flatMap((own) => own.pairs).length, (48 * 47) / 2);
    assert.equal(measuredPairs, 400);
    for (const own of classes) {
      const truth = median(own.pairs.map(([a, b]) => cellOf(grid, a, b)));
      assert.ok(
        Math.abs((own.median ?? NaN) / truth - 1) < 0.05,
        `${own.name}: ${String(own.median)}, in truth ${String(truth)}`,
      );
    }
    const words = await cli(asked);
    assert.match(
      words.stdout,
      /400 of 1,128 pairs measured \(35 %\), the others inferred, simulated from figures\.csv/,
    );
    const all = await cli([...asked, '--exhaustive', '--format', 'csv']);
    assert.equal(all.stdout, readFileSync(file, 'utf8'), 'measured whole it is the file again');
  });

  it('of some CPUs alone: their pairs and no others, and the one that cannot be measured by its name', async () => {
    const asked = ['bench', 'matrix', '--simulate', file, '--from', recorded, '--exhaustive'];
    const answer = await cli([...asked, '--cpus', '1,4-5,20', '--format', 'json']);
    assert.equal(answer.code, 0, answer.stderr);
    const run = parseRun(answer.stdout);
    const [result] = run.results;
    assert.ok(result?.placement.kind === 'matrix');
    assert.equal(result.placement.cpus, '1,4-5,20');
    const grid = readGrid(readFileSync(file, 'utf8'));
    const figures = (result.classes ?? []).flatMap((own) =>
      own.pairs.map((pair, at) => [pair, own.figures[at]] as const),
    );
    assert.equal(figures.length, 6);
    for (const [[a, b], figure] of figures) assert.equal(figure, cellOf(grid, a, b), `${String(a)}-${String(b)}`);
    assert.match(run.repeat, / --cpus 1,4-5,20 /);
    for (const [list, code, says] of [
      ['0,99', 4, /no CPU 99/],
      ['3', 2, /needs at least two CPUs/],
      ['x', 2, /Give a list such as/],
    ] as const) {
      const refused = await cli([...asked, '--cpus', list]);
      assert.equal(refused.code, code, refused.stderr);
      assert.match(refused.stderr, says);
    }
    const own = measurable(topologyOfThis(await cli(['topology', '--format', 'json'])));
    const [first = 0, second = 1] = own;
    const pair = `${String(first)},${String(second)}`;
    // Of rates and bandwidth the whole machine below; a long run takes them of a pair as well.
    for (const what of varied(['latency'], ['latency', 'throughput', 'bandwidth'])) {
      const words = ['bench', 'matrix', '--what', what, '--cpus', pair, '--budget', '20s', '--format', 'json'];
      const measured = await cli(words);
      assert.ok(measured.code === 0 || measured.code === 5, measured.stderr);
      assert.ok(parseRun(measured.stdout).results.length > 0);
    }
  });

  it('refuses a file of another machine, one that is no matrix, and one that is not there', async () => {
    const short = join(folder, 'short.csv');
    writeFileSync(short, ',,\n1,,\n2,3,\n');
    for (const [path, says] of [
      [short, /covers 3 CPUs, but the machine has 48/],
      [recorded, /is not a core-to-core matrix: it has fewer than two lines/],
      [join(folder, 'none.csv'), /does not exist/],
    ] as const) {
      const answer = await cli(['bench', 'matrix', '--simulate', path, '--from', recorded]);
      assert.equal(answer.code, 2, answer.stderr);
      assert.match(answer.stderr, says);
      assert.equal(answer.stdout, '');
    }
  });

  it('measures every pair of this machine, and says where the line lay', async () => {
    const answer = await cli(['bench', 'matrix', '--budget', '60s', '--format', 'json']);
    assert.equal(answer.code, 0, answer.stderr);
    const snapshot = parseRun(answer.stdout);
    const [result] = snapshot.results;
    assert.ok(result?.valid, result?.why ?? 'no result');
    assert.ok(result.placement.kind === 'matrix' && result.placement.line === 'first');
    assert.ok((result.measuredPairs ?? 0) > 0);
    assert.ok((result.classes ?? []).every((own) => own.median === null || own.median > 0));
    assert.ok(Object.keys(result.seen.nodes).length > 0, 'the node of the line, as found');
    assert.match(snapshot.repeat, /^numa-pinboard bench matrix --what latency --budget 60000ms$/);
  });

  it('puts the line where it is asked to, or says that it cannot', async () => {
    const answer = await cli(['bench', 'matrix', '--line-home', '0', '--budget', '20s', '--format', 'json']);
    if (existsSync('/sys/devices/system/node/node0')) {
      assert.equal(answer.code, 0, answer.stderr);
      const { results, repeat } = parseRun(answer.stdout);
      assert.ok(results[0]?.placement.kind === 'matrix' && results[0].placement.line === 0);
      assert.deepEqual(Object.keys(results[0].seen.nodes), ['0']);
      assert.match(repeat, / --line-home 0 /);
    } else {
      assert.equal(answer.code, 4, answer.stderr);
      assert.match(answer.stderr, /shows no NUMA nodes/);
    }
    const words = ['bench', 'matrix', '--line-home', 'to'];
    for (const more of [
      ['--what', 'bandwidth'],
      ['--simulate', file],
    ]) {
      assert.equal((await cli([...words, ...more])).code, 2);
    }
  });

  it('measures rates between CPUs, and the bandwidth between nodes', async () => {
    for (const [what, benchmark, metric] of [
      ['throughput', 'spsc', 'items/s'],
      ['bandwidth', 'memory-bandwidth', 'B/s'],
    ] as const) {
      const answer = await cli(['bench', 'matrix', '--what', what, '--budget', '20s', '--format', 'json']);
      assert.equal(answer.code, 0, answer.stderr);
      const [result] = parseRun(answer.stdout).results;
      assert.deepEqual([result?.benchmark, result?.metric], [benchmark, metric]);
      assert.ok((result?.median ?? 0) > 0);
    }
  });
});
