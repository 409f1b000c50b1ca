/**
 * What a service printed, JSON lines or Prometheus' text, as reports of figures. Whatever it printed is data: what is none of ours is passed
 * over, what cannot be read is counted, nothing throws.
 */

import type { Figure } from '../cases/service.ts';
import { clean } from '../text/clean.ts';
import { figureNamed } from './figures.ts';

export interface ToldValue {
  readonly figure: Figure;
  /** As the service calls it. */
  readonly name: string;
  /** Null: of all workers together. */
  readonly worker: string | null;
  readonly value: number;
  /** False: a time whose name says no unit. */
  readonly unit: boolean;
}

export interface Told {
  readonly values: readonly ToldValue[];
  /** Of the time since the report before (`elapsed`), not totals since the service began. */
  readonly interval: boolean;
  /** When it was, by the clock of its host (ms since 1970); null: it does not say. */
  readonly wallMs: number | null;
}

export interface Read {
  readonly told: readonly Told[];
  /** Lines that are neither JSON nor Prometheus' text, or too long. */
  readonly malformed: number;
}

const MAX_LINE = 256 << 10;
const MAX_VALUES = 20_000;
const MAX_DEPTH = 4;
const MAX_WORKER = 40;

const WORKER = /^(?:worker|worker_?id|worker_?index)$/i;
const WORKERS = /^workers$/i;
const TIME = /^(?:time|timestamp|ts|@timestamp)$/i;
const ELAPSED = /^elapsed(?:_(?:s|secs|seconds|ms|millis|us|micros|ns|nanos))?$/i;

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const workerName = (value: unknown): string | null => {
  const name = typeof value === 'number' || typeof value === 'string' ? clean(String(value), MAX_WORKER) : '';
  return name === '' ? null : name;
};

const SECONDS = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1 } as const;

/** A number, a Duration as serde writes it ({"secs": 1, "nanos": 5}), or as Rust and Go print one ("1.5ms"); null: none of these. */
function numberOf(value: unknown): { value: number; seconds: boolean } | null {
  if (typeof value === 'number') return Number.isFinite(value) ? { value, seconds: false } : null;
  if (isObject(value)) {
    const { secs, nanos } = value;
    return typeof secs === 'number' && typeof nanos === 'number' && Number.isFinite(secs + nanos)
      ? { value: secs + nanos * 1e-9, seconds: true }
      : null;
  }
  const match = typeof value === 'string' ? /^(\d{1,15}(?:\.\d{1,12})?)(ns|us|µs|ms|s)$/.exec(value) : null;
  return match ? { value: Number(match[1]) * SECONDS[match[2] as keyof typeof SECONDS], seconds: true } : null;
}

function valueOf(name: string, worker: string | null, told: unknown): ToldValue | null {
  const named = figureNamed(name);
  const number = named && numberOf(told);
  if (!named || !number || number.value < 0) return null;
  const scale = number.seconds ? 1 : (named.scale ?? 1);
  return {
    figure: named.figure,
    name: clean(name, 120),
    worker,
    value: number.value * scale,
    unit: number.seconds || named.scale !== null,
  };
}

class Values {
  readonly list: ToldValue[] = [];
  interval = false;
  wallMs: number | null = null;

  add(name: string, worker: string | null, value: unknown): boolean {
    const own = this.list.length < MAX_VALUES ? valueOf(name, worker, value) : null;
    if (own) this.list.push(own);
    return own !== null;
  }
}

/** Seconds, milliseconds or nanoseconds since 1970, by their size, or ISO 8601. */
function wallOf(value: unknown): number | null {
  if (typeof value === 'string') {
    const ms = /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value.slice(0, 40)) : NaN;
    return Number.isFinite(ms) ? ms : null;
  }
  if (typeof value !== 'number' || !(value > 0)) return null;
  return value < 1e11 ? value * 1000 : value < 1e14 ? value : value < 1e17 ? value / 1000 : value / 1e6;
}

function walk(object: Json, prefix: string, outer: string | null, depth: number, into: Values): void {
  const entries = Object.entries(object);
  const own = entries.find(([key]) => WORKER.test(key));
  const worker = (own && workerName(own[1])) ?? outer;
  // {"metric": "total_polls_count", "value": 12}: one figure a line.
  const { metric, value } = object;
  if (typeof metric === 'string') into.add(metric, worker, value);
  for (const [key, child] of entries) {
    const name = prefix === '' ? key : `${prefix}_${key}`;
    if (depth === 0 && TIME.test(key)) into.wallMs ??= wallOf(child);
    else if (ELAPSED.test(key)) into.interval = into.interval || numberOf(child) !== null;
    else if (into.add(name, worker, child) || depth === MAX_DEPTH) continue;
    else if (isObject(child)) walk(child, name, worker, depth + 1, into);
    else if (Array.isArray(child)) {
      for (const [at, one] of child.slice(0, MAX_VALUES).entries()) {
        if (isObject(one))
          walk(one, WORKERS.test(key) ? '' : name, WORKERS.test(key) ? String(at) : worker, depth + 1, into);
        else if (typeof one === 'number' && figureNamed(name)) into.add(name, String(at), one);
      }
    }
  }
}

/** Null: it is no JSON object. */
export function jsonReport(text: string): Told | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(parsed)) return null;
  const values = new Values();
  walk(parsed, '', null, 0, values);
  return { values: values.list, interval: values.interval, wallMs: values.wallMs };
}

const SAMPLE =
  /^([a-zA-Z_:][a-zA-Z0-9_:]{0,199})\s*(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?\s+([+-]?(?:\d[\d.]*(?:[eE][+-]?\d+)?|Inf|NaN))(?:\s+-?[\d.]+)?\s*(?:#.*)?$/;
const LABEL = /\s*([a-zA-Z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*,?/y;

function workerLabel(labels: string): string | null {
  LABEL.lastIndex = 0;
  for (let label = LABEL.exec(labels); label; label = LABEL.exec(labels)) {
    const [, name = '', value = ''] = label;
    if (WORKER.test(name)) return workerName(value.replace(/\\(.)/g, '$1'));
  }
  return null;
}

/** A line of Prometheus' text: into `values` if it is a figure of ours. False: it is no such line. */
function takeSample(line: string, values: Values): boolean {
  if (line.startsWith('#')) return true;
  const match = SAMPLE.exec(line);
  if (!match) return false;
  const [, name = '', labels = '', value = ''] = match;
  const number = Number(value);
  if (Number.isFinite(number) && figureNamed(name)) values.add(name, workerLabel(labels), number);
  return true;
}

/** Whole lines of a file or of an output: a report a JSON object, and one of all lines of Prometheus' text that stand together. */
export function readLines(text: string): Read {
  const told: Told[] = [];
  let [malformed, together] = [0, new Values()];
  const close = (): void => {
    if (together.list.length > 0) told.push({ values: together.list, interval: false, wallMs: null });
    together = new Values();
  };
  for (const raw of text.split('\n')) {
    const line = raw.length > MAX_LINE ? '' : raw.trim();
    if (line === '') malformed += raw.length > MAX_LINE ? 1 : 0;
    else if (line.startsWith('{')) {
      const report = jsonReport(line);
      close();
      if (!report) malformed++;
      else if (report.values.length > 0) told.push(report);
    } else if (!takeSample(line, together)) malformed++;
  }
  close();
  return { told, malformed };
}

/** The body of an answer: one JSON document, or as above. */
export function readBody(text: string): Read {
  const whole = text.trimStart().startsWith('{') ? jsonReport(text) : null;
  return whole ? { told: whole.values.length > 0 ? [whole] : [], malformed: 0 } : readLines(text);
}
