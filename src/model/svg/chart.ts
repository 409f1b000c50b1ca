/**
 * A run's figures as a picture for a page: every repetition a tick, the median a bar, its interval a shade, on an axis from
 * zero; round trips by percentile, on a scale of factors. Reads in light and in dark.
 */

import { formatFigure, formatNs, scaleOf, timeScale } from '../text/format.ts';
import { figureOf } from '../bench/index.ts';
import { caseResults } from '../verdict/names.ts';
import { resultLabels, timesHeading } from '../verdict/text.ts';
import { doubtOf, figuresOf } from '../run/run.ts';
import type { Result, Run } from '../run/run.ts';
import { histogramPercentile, PERCENTILES } from '../run/statistics.ts';
import { at, CHART_STYLE, escape, stepOf } from './plot.ts';

const WIDTH = 960;
const LEFT = 330;
const RIGHT = 170;
const ROW = 24;
const HEAD = 40;
const AXIS = 26;

const label = (y: number, words: string, most = 46): string => {
  const short = words.length > most ? `${words.slice(0, most - 1)}…` : words;
  return `<text x="${String(LEFT - 10)}" y="${at(y + 4)}" text-anchor="end">${escape(short)}<title>${escape(words)}</title></text>`;
};

interface Panel {
  readonly height: number;
  /** @param top where it begins. */
  readonly draw: (top: number) => string;
}

interface Row {
  readonly name: string;
  readonly result: Result;
}

function rows(
  title: string,
  top: number,
  count: number,
  ticks: readonly (readonly [x: number, words: string])[],
): string {
  const bottom = top + HEAD + count * ROW;
  const axis = ticks.map(
    ([x, words]) =>
      `<path class="x" d="M${at(x)} ${at(top + HEAD - 6)}V${at(bottom)}"/><text class="d" text-anchor="middle" x="${at(x)}" y="${at(bottom + 16)}">${escape(words)}</text>`,
  );
  return `<text class="t" x="20" y="${at(top + 20)}">${escape(title)}</text>${axis.join('')}`;
}

/** What takes its weight from a figure stands beside it. */
const value = (y: number, words: string, result: Result): string => {
  const { valid } = result;
  const marks = [doubtOf(result), valid ? null : 'not valid'].filter((word) => word !== null).join(', ');
  const said = marks === '' ? '' : `<tspan class="d" dx="6">${marks}</tspan>`;
  return `<text class="v" x="${String(WIDTH - RIGHT + 12)}" y="${at(y + 4)}">${escape(words)}${said}</text>`;
};

/** Of as many figures as a file may hold, which is more than a call takes arguments. */
const largest = (figures: readonly number[]): number => figures.reduce((most, one) => Math.max(most, one), 0);

/** The axes begin at zero. */
function drawable(result: Result): boolean {
  const all = figuresOf(result);
  return !result.classes && largest(all) > 0 && all.every((one) => one >= 0);
}

/** Results of one benchmark and metric, for only those share an axis. */
function repetitions({ benchmark, metric }: Result, shown: readonly Row[]): Panel {
  const most = largest(shown.flatMap(({ result }) => figuresOf(result)));
  const { factor, unit } = metric === 'ns' ? timeScale(most) : scaleOf(metric, most);
  const figureWords = (median: number): string => (metric === 'ns' ? formatNs(median) : formatFigure(median / factor));
  const called = figureOf(benchmark)?.title ?? null;
  const title = called === null ? unit : `${called}, ${unit}`;
  const x = (figure: number): number => LEFT + (figure / most) * (WIDTH - LEFT - RIGHT);
  const step = stepOf(most / factor, 6);
  const ticks: [number, string][] = [];
  for (let tick = 0; tick <= most / factor; tick += step) ticks.push([x(tick * factor), formatFigure(tick)]);
  const emulated = shown.some(({ result }) => result.emulated) ? ', emulated' : '';
  return {
    height: HEAD + shown.length * ROW + AXIS,
    draw: (top) => {
      const lines = shown.map(({ name, result }, row) => {
        const y = top + HEAD + (row + 0.5) * ROW;
        const { median, interval } = result;
        const shade = interval
          ? `<path class="i" d="M${at(x(interval[0]))} ${at(y - 8)}H${at(Math.max(x(interval[1]), x(interval[0]) + 1))}V${at(y + 8)}H${at(x(interval[0]))}z"/>`
          : '';
        const taken = figuresOf(result)
          .map((one) => `M${at(x(one))} ${at(y - 5)}v10`)
          .join('');
        const middle = median === null ? '' : `<path class="m" d="M${at(x(median) - 1.5)} ${at(y - 9)}h3v18h-3z"/>`;
        const figure = median === null ? '' : value(y, figureWords(median), result);
        return `${label(y, name)}${shade}<path class="r" d="${taken}"/>${middle}${figure}`;
      });
      return rows(`${title}${emulated}`, top, shown.length, ticks) + lines.join('');
    },
  };
}

/** A dot a percentile; the tail of a latency is read in factors, so the axis is one of factors. */
function percentiles(shown: readonly Row[]): Panel {
  const found = shown.map(({ name, result }) => ({
    name,
    result,
    at: PERCENTILES.flatMap(([words, share]) => {
      const ns = histogramPercentile(result.histogram ?? [], share);
      return ns === null || ns <= 0 ? [] : [[words, ns] as const];
    }),
  }));
  const all = found.flatMap((one) => one.at.map(([, ns]) => ns));
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const low = 10 ** Math.floor(Math.log10(least));
  const high = Math.max(low * 10, 10 ** Math.ceil(Math.log10(most)));
  const x = (ns: number): number => LEFT + (Math.log(ns / low) / Math.log(high / low)) * (WIDTH - LEFT - RIGHT);
  const ticks: [number, string][] = [];
  for (let tick = low; tick <= high * 1.001; tick *= 10) ticks.push([x(tick), formatNs(tick)]);
  const emulated = shown.some(({ result }) => result.emulated) ? ', emulated' : '';
  return {
    height: HEAD + shown.length * ROW + AXIS,
    draw: (top) => {
      const lines = found.map(({ name, result, at: points }, row) => {
        const y = top + HEAD + (row + 0.5) * ROW;
        const [first, last] = [points[0], points.at(-1)];
        const line = first && last ? `<path class="r" d="M${at(x(first[1]))} ${at(y)}H${at(x(last[1]))}"/>` : '';
        const dots = points.map(
          ([words, ns]) =>
            `<circle class="m" cx="${at(x(ns))}" cy="${at(y)}" r="4"><title>${words} ${escape(formatNs(ns))}</title></circle>`,
        );
        return `${label(y, name)}${line}${dots.join('')}${value(y, first ? formatNs(first[1]) : '', result)}`;
      });
      const times = timesHeading(shown.map(({ result }) => result));
      const names = PERCENTILES.map(([words]) => words).join(', ');
      return (
        rows(`${times}${emulated}: ${names}, from left to right; the figure is p50`, top, shown.length, ticks) +
        lines.join('')
      );
    },
  };
}

/** @returns null where nothing was measured that an axis from zero can show. A matrix has a picture of its own. */
export function chartSvg(run: Run): string | null {
  const cases = caseResults(run.results);
  const labels = resultLabels(cases);
  const named = cases.map((result, i): Row => ({ name: labels[i] ?? '', result }));
  const drawn = named.filter(({ result }) => drawable(result));
  const kindOf = ({ benchmark, metric }: Result): string => `${benchmark} ${metric}`;
  const kinds = new Map(drawn.map(({ result }) => [kindOf(result), result]));
  const trips = drawn.filter(({ result }) => result.histogram?.some(([upper, count]) => upper > 0 && count > 0));
  const panels = [
    ...[...kinds].map(([kind, one]) =>
      repetitions(
        one,
        drawn.filter(({ result }) => kindOf(result) === kind),
      ),
    ),
    ...(trips.length > 0 ? [percentiles(trips)] : []),
  ];
  if (panels.length === 0) return null;
  let top = 8;
  const parts = panels.map((panel) => {
    const part = panel.draw(top);
    top += panel.height + 20;
    return part;
  });
  const foot = 'Each thin line is one repetition, the bar their median, the shaded area its 95 % interval.';
  const size = `viewBox="0 0 ${String(WIDTH)} ${String(top + 16)}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="${escape(`Figures of the run on ${run.host.name}`)}">
<style>${CHART_STYLE}</style><rect class="g" width="${String(WIDTH)}" height="${String(top + 16)}"/>
${parts.join('\n')}
<text class="d" x="20" y="${at(top + 2)}">${foot}</text>
</svg>
`;
}
