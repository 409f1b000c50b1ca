/**
 * Figures with their units, for people. Memory sizes are binary and say so as lstopo users read them: "128 GB" is
 * 128 × 1024³ bytes, as the kernel and lstopo print it. Rates of transfer (B/s) are decimal, as STREAM and MLC print.
 */

import { formatCpuList, parseCpuList } from './cpulist.ts';

export const MINUS = '\u2212';
const ARROW = '\u2192';
export const EN_DASH = '\u2013';

/** About three significant digits, and no zero at the end that says nothing: 21.5, 112, 8.1. */
export function formatFigure(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  const digits = size >= 100 || value === 0 ? 0 : size >= 10 ? 1 : 2;
  const text = String(Number(size < 0.1 ? size.toPrecision(2) : size.toFixed(digits)));
  return value < 0 ? MINUS + text : text;
}

export function formatCount(value: number): string {
  return (value < 0 ? MINUS : '') + Math.abs(Math.round(value)).toLocaleString('en-US');
}

const DECIMAL = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** The factor and prefix a set of values is shown in, so that a table or an axis has one unit. */
function decimalPrefix(largest: number): { factor: number; prefix: string } {
  for (const [factor, prefix] of DECIMAL) if (Math.abs(largest) >= factor) return { factor, prefix };
  return { factor: 1, prefix: '' };
}

/** How a metric is written: "M items/s", "k queries/s", "GB/s", "ns". Only a symbol takes the prefix without a blank. */
function metricUnit(metric: string, prefix: string): string {
  return /^[A-Za-z]{1,2}\/s$/.test(metric) ? `${prefix}${metric}` : `${prefix} ${metric}`.trim();
}

/** Only rates scale; a time stays in its unit. */
export function scaleOf(metric: string, largest: number): { factor: number; unit: string } {
  const { factor, prefix } = metric.endsWith('/s') ? decimalPrefix(largest) : { factor: 1, prefix: '' };
  return { factor, unit: metricUnit(metric, prefix) };
}

/** "21.5 M items/s", "112 ns", "31 GB/s". */
export function formatMetric(value: number, metric: string): string {
  const { factor, unit } = scaleOf(metric, value);
  return `${formatFigure(value / factor)} ${unit}`;
}

const TIMES = [
  [1e10, 1e9, 's'],
  [1e7, 1e6, 'ms'],
  [1e4, 1e3, 'µs'],
] as const;

/** The factor and unit a set of times is shown in, so that an axis has one unit. @param largest in ns */
export function timeScale(largest: number): { factor: number; unit: string } {
  for (const [from, factor, unit] of TIMES) if (largest >= from) return { factor, unit };
  return { factor: 1, unit: 'ns' };
}

/** One time that stands for itself, such as a percentile: "843 ns", "7551 ns", "174 ms". Medians stay in ns. */
export function formatNs(ns: number): string {
  const { factor, unit } = timeScale(ns);
  return `${formatFigure(ns / factor)} ${unit}`;
}

const BINARY = [
  [1024 ** 4, 'TB'],
  [1024 ** 3, 'GB'],
  [1024 ** 2, 'MB'],
  [1024, 'KB'],
] as const;

/** "128 GB", "45 MB", "256 KB". */
export function formatBytes(bytes: number): string {
  for (const [factor, unit] of BINARY) if (bytes >= factor) return `${formatFigure(bytes / factor)} ${unit}`;
  return `${bytes} B`;
}

/** A share as signed percent: "−58 %", "+4 %", "0 %". */
export function formatChange(share: number): string {
  const percent = Math.abs(share * 100);
  const text = percent >= 10 ? percent.toFixed(0) : String(Number(percent.toFixed(1)));
  if (text === '0') return '0 %';
  return `${share < 0 ? MINUS : '+'}${text} %`;
}

/** A bound of an interval, a digit finer than the change it belongs to: "−58.7 %". */
export function formatBound(share: number): string {
  const text = String(Number(Math.abs(share * 100).toFixed(1)));
  if (text === '0') return '0 %';
  return `${share < 0 ? MINUS : '+'}${text} %`;
}

/** Between which bounds a change lies: "\u221268.7 to +61.1 %". The last blank does not break. */
export function formatInterval([low, high]: readonly [low: number, high: number]): string {
  return `${formatBound(low).replace(' %', '')} to ${formatBound(high).replace(' ', '\u00a0')}`;
}

/** A share as percent, as coarse as its change would be written: "42 %", "4.1 %". */
export function formatPercent(share: number): string {
  const percent = share * 100;
  return `${formatFigure(Math.abs(percent) >= 10 ? Math.round(percent) : Number(percent.toFixed(1)))} %`;
}

export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${formatFigure(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** CPU set with typographic dashes: "0–17, 36–53". */
export function formatRange(cpus: string): string {
  return cpus.replaceAll(',', ', ').replaceAll('-', EN_DASH);
}

/** As on a package's header: "P#0–17, 36–53"; long sets are cut with how many CPUs there are. */
export function formatCpus(cpus: string, prefix = 'P#'): string {
  if (cpus === '') return 'no CPUs';
  const text = formatRange(cpus);
  return text.length <= 40 ? `${prefix}${text}` : `${parseCpuList(cpus).length} CPUs`;
}

export function formatPair(from: number, to: number): string {
  return `P#${from} ${ARROW} P#${to}`;
}

/** "1 node", "2 nodes". */
export function plural(count: number, word: string): string {
  return `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`;
}

/** "A", "A and B", "A, B and C". */
export function listed(words: readonly string[], last = 'and'): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1) ?? ''}`;
}

/** Begins a sentence with it. */
export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What was found of the first against the second, as the end of a sentence. */
export function found(change: number, time: boolean): string {
  if (time) return `takes ${formatFigure(1 + change)} × as long`;
  return change < 0 ? `keeps ${formatPercent(1 + change)} of its rate` : `is ${formatPercent(change)} faster`;
}

/** "node 1", "nodes 0, 2-3". */
export function nodeWords(ids: readonly number[]): string {
  return `${ids.length === 1 ? 'node' : 'nodes'} ${formatRange(formatCpuList(ids))}`;
}
