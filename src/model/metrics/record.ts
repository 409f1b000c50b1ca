/** What a service told of itself while it was watched, in stretches of time, each with where its work and memory were meanwhile. */

import { FIGURES } from '../cases/service.ts';
import type { Counts, Figure, ServiceRecord, ServiceWindow } from '../cases/service.ts';
import { clean } from '../text/clean.ts';
import type { Placed } from './placed.ts';
import type { Read, Told, ToldValue } from './told.ts';

const MAX_WINDOWS = 300;
const MAX_WORKERS = 1024;
const MAX_PLACED = 2 * MAX_WINDOWS;
/** Reports that come faster are taken together. */
const LEAST_MS = 1000;
/** A report's own time counts where it is no older than this, and not of the future. */
const MAX_AGE_MS = 60_000;

type Sums = Partial<Record<Figure, number>>;

const plus = (one: Counts, two: Counts): Counts => {
  const sums: Sums = { ...one };
  for (const figure of FIGURES) {
    const own = two[figure];
    if (own !== undefined) sums[figure] = (sums[figure] ?? 0) + own;
  }
  return sums;
};

const sumOf = (
  one: Readonly<Record<string, number>>,
  two: Readonly<Record<string, number>>,
  part = 1,
): Record<string, number> => {
  const sums = { ...one };
  for (const [node, own] of Object.entries(two)) sums[node] = (sums[node] ?? 0) + own * part;
  return sums;
};

const farOf = (one: number | null, two: number | null): number | null =>
  one === null && two === null ? null : (one ?? 0) + (two ?? 0);

/** Neighbours as one, so that what lasts for days stays bounded. */
function halved<T>(list: readonly T[], join: (one: T, two: T) => T): T[] {
  return Array.from({ length: Math.ceil(list.length / 2) }, (_, at) => {
    const [one, two] = [list[2 * at], list[2 * at + 1]];
    return two === undefined ? (one as T) : join(one as T, two);
  });
}

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly counts: Counts;
}

/** What one report says of one figure: of the whole where it tells that, else of its workers together. */
type Totals = ReadonlyMap<string, ReadonlyMap<Figure, ToldValue>>;
const WHOLE = '';

/** Values of one name add up over labels other than the worker's; of two names for the same figure the first counts. */
function totalsOf(values: readonly ToldValue[]): Totals {
  const totals = new Map<string, Map<Figure, ToldValue>>();
  for (const one of values) {
    const key = one.worker ?? WHOLE;
    const own = totals.get(key) ?? new Map<Figure, ToldValue>();
    const before = own.get(one.figure);
    if (!before) own.set(one.figure, one);
    else if (before.name === one.name) own.set(one.figure, { ...before, value: before.value + one.value });
    if (totals.has(key) || totals.size <= MAX_WORKERS) totals.set(key, own);
  }
  return totals;
}

export class ServiceRecorder {
  readonly #source: string;
  readonly #fromZero: boolean;
  readonly #names: Partial<Record<Figure, string>> = {};
  readonly #unitless = new Set<Figure>();
  /** Totals told last, by worker and figure. */
  readonly #last = new Map<string, Sums>();
  readonly #workers = new Map<string, Counts>();
  /** Figures that are told of the whole: workers do not add up to them again. */
  readonly #wholes = new Set<Figure>();
  #windows: Stretch[] = [];
  #placed: Placed[] = [];
  #open: Stretch | null = null;
  #startMs: number | null = null;
  #reports = 0;
  #malformed = 0;
  #skippedBytes = 0;
  #resets = 0;
  #changes = 0;
  #why: string | null = 'nothing came from it';

  /** @param fromZero counters are of a service that began with the watching: what the first report tells counts. */
  constructor(source: string, fromZero: boolean) {
    this.#source = clean(source, 400);
    this.#fromZero = fromZero;
  }

  /** The clock begins: when the service did, or the watching. */
  begin(ms: number): void {
    this.#startMs ??= ms;
  }

  /** @param ms when it was read, by the host's clock of all lines. @param wallMs the same by its wall clock; null: not known. */
  take(read: Read, ms: number, wallMs: number | null, skippedBytes = 0): void {
    this.begin(ms);
    this.#changes++;
    this.#malformed += read.malformed;
    this.#skippedBytes += skippedBytes;
    if (read.told.length > 0) this.#why = null;
    else if (this.#reports === 0) this.#why = 'it tells nothing by a name that is known';
    for (const told of read.told) this.#report(told, this.#timeOf(told, ms, wallMs));
  }

  /** It could not be read now; what it told before stays. */
  fail(why: string): void {
    this.#changes++;
    this.#why = clean(why, 300);
  }

  place(placed: Placed): void {
    this.#placed.push(placed);
    if (this.#placed.length > MAX_PLACED)
      this.#placed = halved(this.#placed, (one, two) => ({
        fromMs: one.fromMs,
        toMs: two.toMs,
        busy: sumOf(one.busy, two.busy),
        farSeconds: farOf(one.farSeconds, two.farSeconds),
      }));
  }

  #timeOf({ wallMs: own }: Told, ms: number, wallMs: number | null): number {
    const age = own === null || wallMs === null ? 0 : wallMs - own;
    const at = age > 0 && age < MAX_AGE_MS ? ms - age : ms;
    // Reports are in order, whatever their clocks say.
    return Math.max(at, this.#open?.toMs ?? this.#startMs ?? at);
  }

  #report({ values, interval }: Told, ms: number): void {
    this.#reports++;
    const first = this.#open === null;
    const counts = this.#grown(totalsOf(values), interval);
    const open = this.#open ?? {
      fromMs: this.#fromZero || interval ? (this.#startMs ?? ms) : ms,
      toMs: ms,
      counts: {},
    };
    this.#open = { ...open, toMs: ms, counts: plus(open.counts, counts) };
    // Before the first report there is nothing to hold its totals against.
    if (first && !this.#fromZero && !interval) return;
    if (this.#open.toMs - this.#open.fromMs < LEAST_MS) return;
    this.#windows.push(this.#open);
    this.#open = { fromMs: ms, toMs: ms, counts: {} };
    if (this.#windows.length > MAX_WINDOWS)
      this.#windows = halved(this.#windows, (one, two) => ({
        fromMs: one.fromMs,
        toMs: two.toMs,
        counts: plus(one.counts, two.counts),
      }));
  }

  #grown(totals: Totals, interval: boolean): Counts {
    const [whole, sum]: [Sums, Sums] = [{}, {}];
    for (const [worker, own] of totals)
      for (const [figure, told] of own) {
        this.#names[figure] ??= told.name;
        if (!told.unit) this.#unitless.add(figure);
        const grown = interval ? told.value : this.#since(worker, told);
        if (worker === WHOLE) {
          this.#wholes.add(figure);
          whole[figure] = grown;
        } else {
          sum[figure] = (sum[figure] ?? 0) + grown;
          if (this.#workers.has(worker) || this.#workers.size < MAX_WORKERS)
            this.#workers.set(worker, plus(this.#workers.get(worker) ?? {}, { [figure]: grown }));
        }
      }
    // Workers add up only to what nobody tells of the whole.
    const apart = Object.entries(sum).filter(([figure]) => !this.#wholes.has(figure as Figure));
    return { ...Object.fromEntries(apart), ...whole };
  }

  /** A counter that fell began anew: what it has now was counted since. */
  #since(worker: string, { figure, value }: ToldValue): number {
    if (!this.#last.has(worker) && this.#last.size > MAX_WORKERS) return 0;
    const last = this.#last.get(worker) ?? {};
    const before = last[figure] ?? (this.#fromZero ? 0 : value);
    this.#last.set(worker, { ...last, [figure]: value });
    if (value >= before) return value - before;
    this.#resets++;
    return value;
  }

  /** Grows with whatever its record says anew, but for where its threads are. */
  get changes(): number {
    return this.#changes;
  }

  get record(): ServiceRecord {
    const start = this.#startMs ?? 0;
    const open = this.#open && this.#open.toMs > this.#open.fromMs ? [this.#open] : [];
    const since = (ms: number): number => Math.max(0, Math.round(ms - start) / 1000);
    return {
      ...{ source: this.#source, names: { ...this.#names }, unitless: [...this.#unitless], reports: this.#reports },
      ...{ malformed: this.#malformed, skippedBytes: this.#skippedBytes, resets: this.#resets, why: this.#why },
      windows: [...this.#windows, ...open].map(({ fromMs, toMs, counts }) => ({
        ...{ from: since(fromMs), to: since(toMs), counts },
        ...this.#during(fromMs, toMs),
      })),
      workers: [...this.#workers].map(([worker, counts]) => ({ worker, counts })),
    };
  }

  /** Of the samples that reach into a stretch their part in it. */
  #during(fromMs: number, toMs: number): Pick<ServiceWindow, 'busy' | 'farSeconds'> {
    let [busy, farSeconds]: [Record<string, number>, number | null] = [{}, null];
    for (const one of this.#placed) {
      const together = Math.min(toMs, one.toMs) - Math.max(fromMs, one.fromMs);
      if (together <= 0) continue;
      const part = together / (one.toMs - one.fromMs);
      busy = sumOf(busy, one.busy, part);
      farSeconds = farOf(farSeconds, one.farSeconds === null ? null : one.farSeconds * part);
    }
    return { busy, farSeconds };
  }
}
