/**
 * A service's own figures held against the thresholds of a separation. Signs say where to look; that separating pays is for a measurement of
 * both placements to show, and the sentence claims no more.
 */

import { signRow, unknownSign } from '../bench/separation/signs.ts';
import type { DecisionRow, SignFigure } from '../bench/separation/signs.ts';
import type { SignName } from '../bench/separation/sign-names.ts';
import { limitsOf } from '../bench/separation/thresholds.ts';
import type { SeparationLimits } from '../bench/separation/thresholds.ts';
import type { Counts, Figure, ServiceRecord, ServiceWindow } from '../cases/service.ts';
import { givesMemory } from '../placement/usable.ts';
import { pearson } from '../run/correlation.ts';
import { median, medianInterval } from '../run/statistics.ts';
import type { ServiceDecision } from '../live/sample.ts';
import { capital, formatFigure, formatPercent, listed } from '../text/format.ts';
import { indexTopology } from '../topology/relation.ts';
import type { Topology } from '../topology/topology.ts';
import { isGo } from './figures.ts';

/** Windows are taken together into so many, of which the interval is: neighbours resemble each other. */
const BLOCKS = 20;
/** Points in time that a correlation needs; workers are fewer, and further apart. */
const FEWEST_WINDOWS = 8;
const FEWEST_WORKERS = 3;

/** What the names in the reasons are looked for by. */
const TELLS: Readonly<Record<Figure, string>> = {
  polls: 'total_polls_count',
  taskPolls: 'total_poll_count',
  stealOperations: 'total_steal_operations',
  stolen: 'total_steal_count',
  slowPolls: 'total_slow_poll_count',
  pollTime: 'total_poll_duration',
  slowTime: 'total_slow_poll_duration',
  busy: 'total_busy_duration',
};

function blocks(windows: readonly ServiceWindow[]): ServiceWindow[][] {
  const count = Math.min(BLOCKS, windows.length);
  const edge = (at: number): number => Math.round((at * windows.length) / count);
  return Array.from({ length: count }, (_, at) => windows.slice(edge(at), edge(at + 1)));
}

/** The median of a share by block, with its interval. */
function byBlock(
  title: string,
  windows: readonly ServiceWindow[],
  part: (window: ServiceWindow) => number | null,
  whole: (window: ServiceWindow) => number | null,
  none: string,
): SignFigure {
  const shares = blocks(windows).flatMap((own) => {
    const both = own.flatMap((one) => {
      const [a, b] = [part(one), whole(one)];
      return a === null || b === null ? [] : [[a, b] as const];
    });
    const [above, below] = [0, 1].map((at) => both.reduce((sum, pair) => sum + (pair[at] ?? 0), 0));
    return below !== undefined && below > 0 ? [(above ?? 0) / below] : [];
  });
  if (shares.length === 0) return unknownSign(title, none);
  return { title, value: median(shares), interval: medianInterval(shares), why: null };
}

/** How a share is worked out: the first of these whose figures are told. */
type Way = readonly [title: string, part: Figure, whole: Figure];

const STEAL: readonly Way[] = [
  ['Steal operations ÷ polls', 'stealOperations', 'polls'],
  ['Steal operations ÷ polls of tasks', 'stealOperations', 'taskPolls'],
  ['Stolen tasks ÷ polls', 'stolen', 'polls'],
  ['Stolen tasks ÷ polls of tasks', 'stolen', 'taskPolls'],
];
const SLOW: readonly Way[] = [
  ['Slow polls', 'slowPolls', 'taskPolls'],
  ['Slow polls', 'slowPolls', 'polls'],
  ['Time in slow polls ÷ in polls', 'slowTime', 'pollTime'],
  ['Time in slow polls ÷ busy', 'slowTime', 'busy'],
];
const EFFICIENCY: readonly Way[] = [['Stolen tasks ÷ steal operations', 'stolen', 'stealOperations']];

const wayOf = ({ names }: ServiceRecord, ways: readonly Way[]): Way | null =>
  ways.find(([, part, whole]) => names[part] !== undefined && names[whole] !== undefined) ?? null;

const told = (counts: Counts, figure: Figure): number | null => counts[figure] ?? null;

function missing({ names }: ServiceRecord, ways: readonly Way[]): string {
  if (Object.values(names).some(isGo) && names.stolen === undefined && ways !== SLOW)
    return 'Go’s runtime counts no steals';
  const [first] = ways;
  const lacking = first ? [first[1], first[2]].filter((figure) => names[figure] === undefined) : [];
  return `the service does not tell ${listed(lacking.map((figure) => TELLS[figure]))}`;
}

function shareOf(record: ServiceRecord, ways: readonly Way[]): SignFigure {
  const way = wayOf(record, ways);
  const title = way?.[0] ?? ways[0]?.[0] ?? '';
  if (!way) return unknownSign(title, missing(record, ways));
  const [, part, whole] = way;
  const unit = (figure: Figure): boolean => record.unitless.includes(figure);
  if (unit(part) !== unit(whole))
    return unknownSign(title, `of ${record.names[part] ?? ''} and ${record.names[whole] ?? ''} one says no unit`);
  const none = `${record.names[whole] ?? ''} did not grow`;
  return byBlock(
    title,
    record.windows,
    ({ counts }) => told(counts, part),
    ({ counts }) => told(counts, whole),
    none,
  );
}

const seconds = ({ busy }: ServiceWindow): number => Object.values(busy).reduce((sum, own) => sum + own, 0);

/** Where pages are used alike by all threads, this is the share of accesses that go to another node. */
function crossNode({ windows }: ServiceRecord, nodes: readonly string[]): SignFigure {
  const title = 'Memory on another node than the work';
  if (nodes.length < 2) return unknownSign(title, 'there is one node');
  return byBlock(
    title,
    windows,
    ({ farSeconds }) => farSeconds,
    (window) => (window.farSeconds === null ? null : seconds(window)),
    'no process of it was followed, or its pages could not be seen',
  );
}

const ratio = (counts: Counts, way: Way | null): number | null => {
  const [part, whole] = way ? [told(counts, way[1]), told(counts, way[2])] : [null, null];
  return part === null || whole === null || whole <= 0 ? null : part / whole;
};

/** Of workers where they are told apart, else of stretches of time. */
function correlation(record: ServiceRecord): SignFigure {
  const [steal, slow] = [wayOf(record, STEAL), wayOf(record, SLOW)];
  const pairs = (of: readonly { readonly counts: Counts }[]): (readonly [number, number])[] =>
    of.flatMap(({ counts }) => {
      const [x, y] = [ratio(counts, steal), ratio(counts, slow)];
      return x === null || y === null ? [] : [[x, y] as const];
    });
  const title = 'Correlation of stolen and slow';
  if (!steal || !slow) return unknownSign(title, missing(record, steal ? SLOW : STEAL));
  const [workers, windows] = [pairs(record.workers), pairs(record.windows)];
  const [points, of] = workers.length >= FEWEST_WORKERS ? [workers, 'workers'] : [windows, 'time'];
  if (of === 'time' && points.length < FEWEST_WINDOWS)
    return unknownSign(
      title,
      `${String(FEWEST_WORKERS)} workers or ${String(FEWEST_WINDOWS)} stretches of time are needed`,
    );
  const found = pearson(points);
  return found
    ? { title: `${title}, by ${of === 'workers' ? 'worker' : 'time'}`, ...found, why: null }
    : unknownSign(title, `one of both is the same for all ${of === 'workers' ? 'workers' : 'of the time'}`);
}

const apart = (shares: readonly number[]): number | null => {
  const most = Math.max(...shares);
  return shares.length < 2 || most <= 0 ? null : (most - Math.min(...shares)) / most;
};

/** How much less the idlest node was busy with it than the busiest; on one node, of its workers. */
function imbalance({ windows, workers }: ServiceRecord, topology: Topology, nodes: readonly string[]): SignFigure {
  if (nodes.length < 2) {
    const title = 'Imbalance of workers';
    const value = apart(workers.flatMap(({ counts }) => counts.busy ?? []));
    return value === null
      ? unknownSign(title, `there is one node, and the service does not tell ${TELLS.busy} by worker`)
      : { title, value, interval: null, why: null };
  }
  const title = 'Imbalance of nodes';
  const shares = blocks(windows).flatMap((own) => {
    const busy = nodes.map(
      (node) => own.reduce((sum, one) => sum + (one.busy[node] ?? 0), 0) / cpusOf(topology, Number(node)),
    );
    return apart(busy) ?? [];
  });
  if (shares.length === 0) return unknownSign(title, 'no process of it was followed');
  return { title, value: median(shares), interval: medianInterval(shares), why: null };
}

/** CPUs of a node that this session may use. */
const cpusOf = (topology: Topology, node: number): number =>
  (indexTopology(topology).cpusOfNode.get(node) ?? []).filter((id) => {
    const cpu = indexTopology(topology).places.get(id)?.cpu;
    return cpu?.online === true && cpu.allowed;
  }).length;

/** Nodes that have CPUs and memory. */
const nodesOf = (topology: Topology): string[] =>
  topology.nodes.filter((node) => givesMemory(node) && cpusOf(topology, node.id) > 0).map(({ id }) => String(id));

/** Counters that fall again and again are no totals. */
const areNoTotals = ({ reports, resets }: ServiceRecord): boolean => resets >= 3 && 4 * resets > reports;

function rowsOf(record: ServiceRecord, topology: Topology, limits: SeparationLimits): DecisionRow[] {
  const nodes = nodesOf(topology);
  const nothing = areNoTotals(record)
    ? 'its counters fall again and again: figures of an interval need "elapsed" beside them'
    : record.reports === 0
      ? (record.why ?? 'nothing was told')
      : record.windows.length === 0
        ? 'it reported once: what a counter grew by needs two reports'
        : null;
  const orNothing = (figure: SignFigure): SignFigure =>
    nothing === null ? figure : unknownSign(figure.title, nothing);
  const row = (sign: SignName, figure: SignFigure): DecisionRow => signRow(sign, figure, limits);
  return [
    row('stealRate', orNothing(shareOf(record, STEAL))),
    row('slowPollRatio', orNothing(shareOf(record, SLOW))),
    row('crossNodeShare', crossNode(record, nodes)),
    row('stealEfficiency', orNothing(shareOf(record, EFFICIENCY))),
    row('correlation', orNothing(correlation(record))),
    row('imbalance', imbalance(record, topology, nodes)),
    row('degradation', unknownSign('p99 at 200 % ÷ at 60 %', 'the load of a service is not set from here')),
  ];
}

const MAIN = ['stealRate', 'slowPollRatio', 'crossNodeShare'] as const;

const rowWords = ({ title, value, sign }: DecisionRow): string =>
  `${title.charAt(0).toLowerCase()}${title.slice(1)} ${value === null ? '' : sign === 'correlation' ? formatFigure(value) : formatPercent(value)}`;

const MEASURE = 'whether it pays, only a run under both placements shows';

function judged(rows: readonly DecisionRow[], oneNode: boolean): Omit<ServiceDecision, 'rows'> {
  const main = rows.filter(({ sign }) => MAIN.some((one) => one === sign));
  const known = main.filter(({ value }) => value !== null);
  const named = (says: DecisionRow['says']): string[] => known.filter((row) => row.says === says).map(rowWords);
  const [loud, doubtful] = [named('separate'), named('investigate')];
  if (oneNode) return { verdict: 'skip', sentence: 'This host has one node: there is nothing to separate by node.' };
  if (known.length === 0)
    return { verdict: 'not-shown', sentence: `No answer: ${main[0]?.why ?? 'nothing was told'}.` };
  const crossing = known.some(({ sign, says }) => sign === 'crossNodeShare' && says === 'separate');
  if (crossing && loud.length > 1)
    return { verdict: 'separate', sentence: `Signs speak for separating by node: ${listed(loud)}; ${MEASURE}.` };
  if (loud.length > 0) return { verdict: 'investigate', sentence: `Worth looking into: ${listed(loud)}; ${MEASURE}.` };
  if (doubtful.length > 0)
    return { verdict: 'investigate', sentence: `Between the thresholds: ${listed(doubtful)}; ${MEASURE}.` };
  const unknown = main
    .filter(({ value }) => value === null)
    .map(({ title, why }) => `${title.toLowerCase()} (${why ?? ''})`);
  return unknown.length > 0
    ? {
        verdict: 'not-shown',
        sentence: `Nothing of what was told speaks for separating; unavailable: ${listed(unknown)}.`,
      }
    : { verdict: 'skip', sentence: `No sign speaks for separating by node: ${listed(named('skip'))}.` };
}

/** @param thresholds that a person set, by name. */
export function decideService(
  record: ServiceRecord,
  topology: Topology,
  thresholds: Readonly<Record<string, number>> = {},
): ServiceDecision {
  const rows = rowsOf(record, topology, limitsOf(thresholds));
  const { verdict, sentence } = judged(rows, nodesOf(topology).length < 2);
  const { emulated } = topology.machine;
  return { rows, verdict, sentence: capital(emulated ? sentence.replace(/\.$/, ', on an emulated host.') : sentence) };
}
