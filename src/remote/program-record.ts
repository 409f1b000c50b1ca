/** What is known of a program's run: figures it printed by itself, what was seen of its threads, how it ended. */

import { StringDecoder } from 'node:string_decoder';
import { formatCpuList } from '../model/cpulist.ts';
import { clean } from '../model/read/clean.ts';
import { isUnavailable } from '../model/run.ts';
import type { ProgramCase, Reading, Result, Seen } from '../model/run.ts';
import { isNoisy, median, medianInterval, spread } from '../model/statistics.ts';
import type { AgentLineOf } from '../protocol/agent.ts';

/** A printed line beyond this is no figure; figures beyond these counts are left out, so that memory stays bounded. */
const MAX_LINE = 4096;
const MAX_METRICS = 100;
const MAX_FIGURES = 10_000;
const MAX_NAMES = 200;
/** Resident bytes are told in pages of this size, whatever pages the program got. */
const PAGE_BYTES = 4096;

export class ProgramRecord {
  readonly #placement: ProgramCase;
  readonly #emulated: boolean;
  readonly #decoder = new StringDecoder('utf8');
  #line = '';
  readonly #figures = new Map<string, number[]>();
  readonly #cpus = new Map<string, Set<number>>();
  readonly #migrations = new Map<number, number>();
  #resident: Reading<Readonly<Record<string, number>>> = { unavailable: 'the program ended before it was looked at' };
  #exited: AgentLineOf<'exited'> | null = null;

  constructor(placement: ProgramCase, emulated: boolean) {
    this.#placement = placement;
    this.#emulated = emulated;
  }

  /** Lines such as {"metric": "queries/s", "value": 812.5} become figures; all others are none of ours. */
  print(bytes: Uint8Array): void {
    const lines = (this.#line + this.#decoder.write(Buffer.from(bytes))).split('\n');
    // The head of an endless line is enough to know that it is none of ours.
    this.#line = (lines.pop() ?? '').slice(0, MAX_LINE + 1);
    for (const line of lines) this.#read(line);
  }

  #read(line: string): void {
    if (line.length > MAX_LINE || !line.trimStart().startsWith('{')) return;
    const figure = figureIn(line);
    if (!figure) return;
    const known = this.#figures.get(figure.metric);
    if (known && known.length < MAX_FIGURES) known.push(figure.value);
    else if (!known && this.#figures.size < MAX_METRICS) this.#figures.set(figure.metric, [figure.value]);
  }

  observe(line: AgentLineOf<'observed'>): void {
    for (const thread of line.threads) {
      const name = clean(thread.name, 64);
      const cpus = this.#cpus.get(name) ?? new Set();
      if (this.#cpus.has(name) || this.#cpus.size < MAX_NAMES) this.#cpus.set(name, cpus.add(thread.cpu));
      if (thread.migrations !== null) this.#migrations.set(thread.tid, thread.migrations);
    }
    // What was seen last while it lived counts: at its end there are no pages left to look at.
    if (!isUnavailable(line.residentBytes) || isUnavailable(this.#resident)) this.#resident = line.residentBytes;
  }

  exit(line: AgentLineOf<'exited'>): void {
    this.#exited = line;
  }

  /** First how long it took, then each metric of its own in the order it first came. */
  results(): Result[] {
    this.#read(this.#line);
    this.#line = '';
    const seen = this.#seen();
    const why = this.#whyNot();
    const counters = this.#counters();
    const taken: [string, readonly number[]][] = [['s', this.#exited ? [this.#exited.seconds] : []], ...this.#figures];
    return taken.map(([metric, repetitions]) => {
      const middle = repetitions.length === 0 ? null : median(repetitions);
      const interval = medianInterval(repetitions);
      return {
        benchmark: 'run',
        metric,
        median: middle,
        interval,
        repetitions,
        placement: this.#placement,
        seen,
        valid: why === null,
        why,
        counters,
        polls: null,
        histogram: null,
        spread: repetitions.length > 1 ? spread(repetitions) : null,
        noisy: isNoisy(middle, interval),
        emulated: this.#emulated,
      };
    });
  }

  #seen(): Seen {
    const nodes = isUnavailable(this.#resident) ? {} : this.#resident;
    const moves = [...this.#migrations.values()].reduce((sum, count) => sum + count, 0);
    return {
      cpus: Object.fromEntries([...this.#cpus].map(([name, cpus]) => [name, formatCpuList(cpus)])),
      nodes: Object.fromEntries(Object.entries(nodes).map(([node, bytes]) => [node, Math.round(bytes / PAGE_BYTES)])),
      pageBytes: Object.keys(nodes).length === 0 ? null : PAGE_BYTES,
      migrations: this.#exited?.migrations ?? (this.#migrations.size === 0 ? null : moves),
    };
  }

  #whyNot(): string | null {
    const exited = this.#exited;
    if (!exited) return 'the program was ended before it was done';
    if (exited.signal !== null) return `the program was ended by ${clean(exited.signal, 40)}`;
    if (exited.code !== 0) return `the program ended with status ${exited.code ?? 'unknown'}`;
    const absent = exited.pins.find((pin) => pin.matched === 0);
    if (absent) return `no thread was named ${clean(absent.name, 64)}`;
    const slipped = exited.pins.find((pin) => !pin.held);
    return slipped ? `the placement of ${clean(slipped.name, 64)} did not hold` : null;
  }

  #counters(): Record<string, Reading<number>> {
    const exited = this.#exited;
    if (!exited) return {};
    const migrations = exited.migrations ?? { unavailable: 'the host did not let them be counted' };
    const resident = isUnavailable(this.#resident)
      ? { 'resident-bytes': { unavailable: clean(this.#resident.unavailable, 300) } }
      : {};
    return {
      'user-seconds': exited.userSeconds,
      'system-seconds': exited.systemSeconds,
      'max-resident-bytes': exited.maxResidentBytes,
      'voluntary-switches': exited.voluntarySwitches,
      'involuntary-switches': exited.involuntarySwitches,
      'minor-faults': exited.minorFaults,
      'major-faults': exited.majorFaults,
      migrations,
      ...resident,
    };
  }
}

function figureIn(line: string): { metric: string; value: number } | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null || !('metric' in parsed) || !('value' in parsed)) return null;
  const { metric, value } = parsed;
  if (typeof metric !== 'string' || typeof value !== 'number' || !Number.isFinite(value)) return null;
  const name = clean(metric, 80);
  return name === '' ? null : { metric: name, value };
}
