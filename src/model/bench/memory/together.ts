/** What memory results say together: what pages change, a curve of sizes or of load, or a table of nodes. */

import type { Result } from '../../run/run.ts';
import { pairedRatio } from '../../run/statistics.ts';
import {
  formatBytes,
  formatCpus,
  formatFigure,
  formatInterval,
  formatMetric,
  formatNs,
  nodeWords,
} from '../../text/format.ts';
import { formatCpuList } from '../../text/cpulist.ts';
import type { Topology } from '../../topology/topology.ts';
import type { Together } from '../bench.ts';
import { nodesTogether } from '../nodes/together.ts';
import { pagesSentence } from './answer.ts';
import { loadCurves, loadOf, sizeCurves } from './curves.ts';
import type { Curve, Point } from './curves.ts';
import { cachesAbove } from './lists.ts';

/** "cpu 0 to node 1, 4k pages". */
export const placeWords = ({ one: { cpus, policy, nodes, pages } }: Point): string => {
  const to = policy === 'local' ? 'its own node' : nodeWords(nodes);
  return `cpu ${String(cpus[0])} to ${to}${policy === 'bind' || policy === 'local' ? '' : ` (${policy})`}, ${pages} pages`;
};

function figureWords({ result }: Point): string {
  const { median, interval, valid, why, noisy } = result;
  if (median === null) return `not measured${why === null ? '' : `: ${why}`}`;
  const range = interval ? `95 % ${formatNs(interval[0])} … ${formatNs(interval[1])}` : 'too few repetitions';
  const marks = [
    ...(result.emulated ? ['emulated'] : []),
    ...(noisy && interval ? ['noisy'] : []),
    ...(valid ? [] : [`INVALID: ${why ?? 'the placement slipped'}`]),
  ];
  return `${formatMetric(median, 'ns').padStart(10)}  ${range}${marks.length === 0 ? '' : `  [${marks.join('; ')}]`}`;
}

const known = ({ result }: Point): number | null => (result.valid ? result.median : null);

/** The largest size that is well inside the cache and outside of the one before: of a cache, other things need a part. */
const INSIDE = 0.75;
/** A buffer this many times the last cache is hardly in it. */
const BEYOND = 2;

interface LevelFigure {
  readonly name: string;
  readonly ns: number;
  /** Of a noisy figure: between what it lies. */
  readonly range: readonly [low: number, high: number] | null;
}

const levelWords = ({ name, ns, range }: LevelFigure): string =>
  `${range ? `${formatNs(range[0])} to ${formatNs(range[1])} (noisy)` : formatNs(ns)} in ${name}`;

/** The figure of each cache, and of memory where a size is well beyond them all. */
function levelFigures(topology: Topology, curve: Curve): LevelFigure[] {
  const caches = cachesAbove(topology, curve[0].one.cpus[0] ?? 0);
  const steps = [
    ...caches.map(({ level, sizeBytes }, at) => ({
      name: `L${String(level)}`,
      from: caches[at - 1]?.sizeBytes ?? 0,
      to: sizeBytes * INSIDE,
    })),
    { name: 'memory', from: (caches.at(-1)?.sizeBytes ?? Infinity) * BEYOND, to: Infinity },
  ];
  return steps.flatMap(({ name, from, to }) => {
    const inside = curve.filter(({ one: { sizeBytes } }) => sizeBytes > from && sizeBytes <= to);
    const point = inside.findLast((one) => known(one) !== null);
    const ns = point && known(point);
    return ns === undefined || ns === null
      ? []
      : [{ name, ns, range: point?.result.noisy ? (point.result.interval ?? null) : null }];
  });
}

function sizeTogether(topology: Topology, curves: readonly Curve[]): Together {
  const lines = curves.flatMap((curve) => {
    const caches = cachesAbove(topology, curve[0].one.cpus[0] ?? 0);
    return [
      `  latency by size, ${placeWords(curve[0])}`,
      ...curve.map((point) => {
        const { sizeBytes } = point.one;
        const holds = caches.find((cache) => cache.sizeBytes >= sizeBytes);
        return `  ${formatBytes(sizeBytes).padStart(9)}  ${(holds ? `L${String(holds.level)}` : 'memory').padEnd(6)}  ${figureWords(point)}`;
      }),
      `  caches: ${caches.length === 0 ? 'this host does not say' : caches.map(({ level, sizeBytes }) => `L${String(level)} ${formatBytes(sizeBytes)}`).join(', ')}`,
    ];
  });
  const sentences = curves.map((curve) => {
    const levels = levelFigures(topology, curve).map(levelWords);
    const where = curves.length > 1 ? ` from ${placeWords(curve[0])}` : '';
    return levels.length === 0 ? 'Nothing valid was measured.' : `A random access${where} takes ${levels.join(', ')}.`;
  });
  return { sentence: sentences.join(' '), lines };
}

function loadSentence(curve: Curve): string {
  const [idle, full] = [curve[0], curve.at(-1) ?? curve[0]];
  const load = loadOf(full);
  const [before, after] = [known(idle), known(full)];
  const ratio = pairedRatio(full.result.repetitions, idle.result.repetitions);
  if (before === null || after === null || load === null || idle.one.what !== 'latency' || !ratio?.interval)
    return `Under load from ${placeWords(idle)} nothing can be said: too few valid rounds.`;
  const [low, high] = ratio.interval;
  const at = `at ${formatMetric(load, 'B/s')} of ${full.one.kernel ?? 'triad'} traffic by ${formatCpus(formatCpuList(full.one.cpus.slice(1)))}`;
  if (low <= 0 && high >= 0) {
    const between = `it changes by ${formatInterval([low, high])}`;
    return `No difference in latency from ${placeWords(idle)} could be shown ${at}: ${between}.`;
  }
  const change = `${formatFigure(1 + ratio.change)} × (${formatFigure(1 + low)} to ${formatFigure(1 + high)})`;
  return `Latency from ${placeWords(idle)} goes from ${formatNs(before)} to ${formatNs(after)} ${at}: ${change}.`;
}

function loadTogether(curves: readonly Curve[]): Together {
  const lines = curves.flatMap((curve) => [
    `  latency under load, ${placeWords(curve[0])}, ${(curve.at(-1) ?? curve[0]).one.kernel ?? 'triad'} by the others`,
    ...curve.map((point) => {
      const load = loadOf(point);
      const words = load === null ? 'load unknown' : load === 0 ? 'no load' : formatMetric(load, 'B/s');
      return `  ${words.padStart(12)}  ${figureWords(point)}`;
    }),
  ]);
  return { sentence: curves.map(loadSentence).join(' '), lines };
}

/** Null where each result stands for itself. */
export function memoryTogether(topology: Topology, results: readonly Result[]): Together | null {
  const loads = loadCurves(results);
  if (loads.length > 0) return loadTogether(loads);
  const sizes = sizeCurves(results);
  if (sizes.flat().length === results.length && sizes.length > 0) return sizeTogether(topology, sizes);
  const pages = pagesSentence(results);
  return pages === null ? nodesTogether(topology, results) : { sentence: pages, lines: null };
}
