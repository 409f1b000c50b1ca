// `npm run bench:matrix-pages [-- ROUNDS [MS]]`: core-to-core latency in one page reused for all pairs of a node (as earlier
// versions measured) against a fresh page per pair. The two take turns, round by round; each round has its pairs in another order. Prints for each class
// of pairs both medians, and the median of the rounds' ratios with its 95 % interval. Method and figures: docs/BENCHMARKS.md.
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { classNames } from '../../src/model/bench/matrix/infer/sites.ts';
import { measurable, orderedPairs } from '../../src/model/bench/matrix/pairs.ts';
import type { Pair } from '../../src/model/cases/matrix.ts';
import { firstTouchNode } from '../../src/model/placement/usable.ts';
import { median, medianInterval, randomFrom } from '../../src/model/run/statistics.ts';
import type { Topology } from '../../src/model/topology/topology.ts';
import { connectHost } from '../../src/remote/connect/connect.ts';
import { openLocal } from '../../src/remote/connect/local.ts';
import type { Host } from '../../src/remote/host.ts';
import { AGENT, need } from './needs.ts';

const WAYS = ['reused', 'fresh'] as const;
type Way = (typeof WAYS)[number];
/** Of a class; a machine of hundreds of CPUs has tens of thousands of pairs. */
const MOST_PAIRS = 64;

const numbers = process.argv.slice(2).map(Number);
if (numbers.length > 2 || numbers.some((number) => !Number.isInteger(number) || number < 1)) {
  console.error('usage: npm run bench:matrix-pages -- [ROUNDS [MILLISECONDS]]');
  process.exit(2);
}
const [rounds = 11, ms = 4] = numbers;
need([], [AGENT]);
const random = randomFrom(1);
const host = connectHost(openLocal(), { agentDir: fileURLToPath(new URL('../../dist/agent', import.meta.url)) });
try {
  await compare(host);
} finally {
  await host.close();
}

function shuffled<T>(items: readonly T[]): T[] {
  const drawn = items.map((item) => [random(), item] as const);
  return drawn.sort(([a], [b]) => a - b).map(([, item]) => item);
}

/** As many of each class as are wanted, by name of the class. */
function classesOf(topology: Topology): Map<string, Pair[]> {
  const classes = new Map<string, Pair[]>();
  const pairs = shuffled(orderedPairs(topology, measurable(topology)));
  classNames(topology, pairs, true).forEach((name, at) => {
    const own = classes.get(name) ?? [];
    const pair = pairs[at];
    if (pair && own.length < MOST_PAIRS) own.push(pair);
    classes.set(name, own);
  });
  return classes;
}

/** One round of one way: a figure by pair; a pair whose threads did not run together has none. */
async function measure(on: Host, topology: Topology, pairs: readonly Pair[], way: Way): Promise<Map<Pair, number>> {
  const figures = new Map<Pair, number>();
  const cases = pairs.flatMap(([a, b]) => [
    '--case',
    `from=${String(a)},to=${String(b)},node=${String(firstTouchNode(topology, a) ?? 0)}`,
  ]);
  const agent = await on.startAgent(['core-to-core', '--pages', way, '--duration-ms', String(ms), ...cases]);
  for await (const line of agent.lines) {
    const pair = line.type === 'repetition' && line.valid ? pairs[line.case] : undefined;
    if (line.type === 'repetition' && pair && line.value !== null) figures.set(pair, line.value);
  }
  return figures;
}

async function compare(on: Host): Promise<void> {
  const { topology } = await on.discover();
  const classes = classesOf(topology);
  const all = [...classes.values()].flat();
  const taken: Record<Way, Map<Pair, number>>[] = [];
  const emulated = topology.machine.emulated ? ', emulated' : '';
  console.log(
    `load ${loadavg()[0]?.toFixed(1) ?? ''}, ${rounds} rounds, ${all.length} pairs of ${ms} ms each${emulated}`,
  );
  for (let round = 0; round < rounds; round++) {
    const pairs = shuffled(all);
    const figures: Record<Way, Map<Pair, number>> = { reused: new Map(), fresh: new Map() };
    for (const way of round % 2 === 0 ? WAYS : WAYS.toReversed())
      figures[way] = await measure(on, topology, pairs, way);
    taken.push(figures);
  }
  for (const [name, pairs] of classes) tell(name, pairs, taken);
}

function tell(name: string, pairs: readonly Pair[], taken: readonly Record<Way, Map<Pair, number>>[]): void {
  const ofRound = (figures: Map<Pair, number>): number[] => pairs.flatMap((pair) => figures.get(pair) ?? []);
  const both = taken.filter(({ reused, fresh }) => ofRound(reused).length > 0 && ofRound(fresh).length > 0);
  if (both.length === 0) {
    console.log(`${name}: no pair was measured in both ways`);
    return;
  }
  const show = (values: readonly number[], digits: number): string => {
    const bounds = medianInterval(values)?.map((bound) => bound.toFixed(digits));
    return `${median(values).toFixed(digits)} [${bounds?.join(' ') ?? 'too few rounds for an interval'}]`;
  };
  const medians = (way: Way): number[] => both.map((round) => median(ofRound(round[way])));
  const [reused, fresh] = [medians('reused'), medians('fresh')];
  const ratios = fresh.map((value, at) => value / (reused[at] ?? NaN));
  console.log(
    `${name}, ${pairs.length} pairs: reused ${show(reused, 1)} ns, fresh ${show(fresh, 1)} ns, fresh ÷ reused ${show(ratios, 3)}`,
  );
}
