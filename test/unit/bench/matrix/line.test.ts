// Where the memory between two CPUs lies: what the agent is asked for, what the run says of it, and when it cannot be had.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { IN_LIST, lineCaption } from '../../../../src/model/bench/matrix/line.ts';
import { heatmapSvg } from '../../../../src/model/svg/heatmap.ts';
import type { LineHome } from '../../../../src/model/cases/matrix.ts';
import type { Result, Run } from '../../../../src/model/run/run.ts';
import type { Topology } from '../../../../src/model/topology/topology.ts';
import { conditions } from '../../../../src/model/verdict/conditions.ts';
import { resultSchema } from '../../../../src/protocol/run.ts';
import type { AgentLine } from '../../../../src/protocol/agent.ts';
import { measureMatrix } from '../../../../src/remote/bench/matrix.ts';
import type { Host } from '../../../../src/remote/host.ts';
import { machine } from '../../topologies.ts';

/** CPUs 0 and 1 on node 0, 2 and 3 on node 1. */
const topology = machine({ packages: 2, coresPerNode: 2, threads: 1 });

interface Asked {
  readonly from: string;
  readonly to: string;
  readonly node: string;
}

/** An agent whose figure tells the pair and the node: 100 × from + 10 × to + node + 1. @param asked filled. */
function paper(on: Topology, asked: Asked[]): Host {
  async function* lines(args: readonly string[]): AsyncGenerator<AgentLine> {
    for (const [number, words] of args.filter((_, at) => args[at - 1] === '--case').entries()) {
      const one = Object.fromEntries(words.split(',').map((word) => word.split('='))) as unknown as Asked;
      asked.push(one);
      await Promise.resolve();
      const { from, to, node } = one;
      const value = 100 * Number(from) + 10 * Number(to) + Number(node) + 1;
      yield {
        ...{
          type: 'repetition',
          benchmark: 'core-to-core',
          case: number,
          round: 0,
          value,
          metric: 'ns',
          seconds: 0.004,
        },
        ...{ valid: true, why: null, counters: {}, quartiles: [value, value], samples: 9, page: 'fresh' },
        seen: { cpus: { producer: from, consumer: to }, nodes: { [node]: 1 }, pageBytes: null, migrations: 0 },
      };
    }
  }
  return {
    transport: { kind: 'local', name: 'paper', lost: new Promise<never>(() => undefined) },
    agentSha256: null,
    discover: () => Promise.resolve({ topology: on, environment: {}, files: new Map() }),
    startAgent: (args: readonly string[]) =>
      Promise.resolve({ lines: lines(args), ask: () => undefined, stop: () => Promise.resolve() }),
  } as unknown as Host;
}

const measured = (home: LineHome | undefined, asked: Asked[] = [], on = topology): Promise<Run> =>
  measureMatrix(paper(on, asked), { what: 'latency', budgetMs: null, ...(home === undefined ? {} : { home }) });

const figures = ({ classes = [] }: Result): Map<string, number | undefined> =>
  new Map(classes.flatMap((own) => own.pairs.map((pair, at) => [pair.join(), own.figures[at]])));

const words = (result: Result): string[] => conditions(result, {}).map(({ text }) => text);

test('by default the line lies on the first CPU’s node, in a page of its own', async () => {
  const asked: Asked[] = [];
  const { results, repeat } = await measured(undefined, asked);
  const [result] = results;
  assert.ok(result?.placement.kind === 'matrix');
  assert.ok(asked.length > 0 && asked.every(({ from, node }) => node === (Number(from) < 2 ? '0' : '1')));
  assert.deepEqual([result.placement.line, result.placement.freshPages], ['first', true]);
  assert.ok(!repeat.includes('--line-home'));
  assert.ok(words(result).includes('Cache line on the first CPU’s node, a fresh page per pair'));
});

test('on the second CPU’s node: every figure stands at the pair as it was measured', async () => {
  const asked: Asked[] = [];
  const { results, repeat } = await measured('second', asked);
  const [result] = results;
  assert.ok(result?.placement.kind === 'matrix');
  assert.ok(asked.some(({ from, to }) => Number(from) < 2 !== Number(to) < 2));
  assert.ok(asked.every(({ to, node }) => node === (Number(to) < 2 ? '0' : '1')));
  const found = figures(result);
  for (const { from, to, node } of asked)
    assert.equal(found.get(`${from},${to}`), 100 * Number(from) + 10 * Number(to) + Number(node) + 1);
  assert.equal(result.placement.line, 'second');
  assert.match(repeat, / --line-home to /);
  assert.deepEqual(v.parse(resultSchema, result), result);
  assert.ok(words(result).includes('Cache line on the second CPU’s node, a fresh page per pair'));
  assert.match(heatmapSvg(topology, result) ?? '', /The memory between two CPUs is on the node of the column\./);
});

test('on a third node: one figure a pair, for both ways would be the same', async () => {
  const asked: Asked[] = [];
  const { results, repeat } = await measured(1, asked);
  const [result] = results;
  assert.ok(result?.placement.kind === 'matrix');
  assert.ok(asked.every(({ node }) => node === '1'));
  assert.equal(figures(result).size, (4 * 3) / 2);
  assert.match(repeat, / --line-home 1 /);
  assert.deepEqual(v.parse(resultSchema, result), result);
  assert.ok(words(result).includes('Cache line on node 1, a fresh page per pair'));
  assert.match(heatmapSvg(topology, result) ?? '', /The memory between two CPUs is on node 1\./);
});

test('where there is no such node, or no nodes at all, it says so and measures nothing', async () => {
  const asked: Asked[] = [];
  await assert.rejects(measured(7, asked), { code: 'node-absent' });
  const none = { ...topology, nodes: topology.nodes.slice(0, 1).map((node) => ({ ...node, inferred: true })) };
  for (const home of ['second', 0] as const) {
    await assert.rejects(measured(home, asked, none), { code: 'unsupported', message: /shows no NUMA nodes/ });
  }
  assert.deepEqual(asked, []);
});

test('a run of before says that its pairs shared a page', async () => {
  const { results } = await measured(undefined);
  const [result] = results;
  assert.ok(result?.placement.kind === 'matrix');
  const { freshPages, ...placement } = result.placement;
  assert.equal(freshPages, true);
  const before = v.parse(resultSchema, { ...result, placement });
  assert.ok(words(before).includes('Cache line on the first CPU’s node, one page reused for all pairs of a node'));
});

test('a list of pairs says on whose node the line lay, and nothing of it where the figures come out of a file', async () => {
  const said = async (home: LineHome | undefined): Promise<string> => {
    const placement = (await measured(home)).results[0]?.placement;
    assert.ok(placement?.kind === 'matrix');
    return lineCaption(placement, IN_LIST);
  };
  assert.equal(await said('first'), 'The memory between two CPUs is on the node of the first CPU.');
  assert.equal(await said('second'), 'The memory between two CPUs is on the node of the second CPU.');
  assert.equal(await said(1), 'The memory between two CPUs is on node 1.');
  const of = { kind: 'matrix', matrix: 'latency', cpus: '0-3', line: 'unknown', simulated: 'xeon.csv' } as const;
  assert.equal(lineCaption(of, IN_LIST), 'Simulated from xeon.csv; on which node the line lay is not known.');
});
