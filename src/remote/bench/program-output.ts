/** What is known of a program's run: figures it printed by itself, what was seen of its threads, how it ended. */

import { StringDecoder } from 'node:string_decoder';
import { formatCpuList } from '../../model/text/cpulist.ts';
import { formatDuration } from '../../model/text/format.ts';
import { clean } from '../../model/text/clean.ts';
import { isUnavailable } from '../../model/run/run.ts';
import type { ProgramCase } from '../../model/cases/program.ts';
import type { Reading, ResidentAt, Result, Seen } from '../../model/run/run.ts';
import { isNoisy, median, medianInterval, spread } from '../../model/run/statistics.ts';
import type { AgentLine, AgentLineOf } from '../../protocol/agent.ts';
import type { CourseRecord } from './program-course.ts';

/** A printed line beyond this is no figure; figures beyond these counts are left out, so that memory stays bounded. */
const MAX_LINE = 4096;
const MAX_METRICS = 100;
const MAX_FIGURES = 10_000;
const MAX_NAMES = 200;
/** Beyond it every second look at its pages is forgotten, so that a program may run for days. */
const MAX_LOOKS = 600;
/** Resident bytes are told in pages of this size, whatever pages the program got. */
const PAGE_BYTES = 4096;

interface About {
  readonly emulated: boolean;
  /** After how long it is ended; null: never. */
  readonly timeoutMs: number | null;
  /** Whether whoever started it has asked for its end: then how it ended is no fault of its own. Absent: nobody does. */
  readonly wasEnded?: (() => boolean) | undefined;
  /** Names of the programs that run beside it: pins of that name are theirs. */
  readonly others: readonly string[];
  /** It does not end by itself: that it is ended is no failure. */
  readonly endless?: boolean;
  /** Where its figures go beside this, with their times. */
  readonly course?: CourseRecord;
}

export class ProgramRecord {
  readonly #placement: ProgramCase;
  readonly #about: About;
  readonly #decoder = new StringDecoder('utf8');
  #line = '';
  /** When it last printed anything. */
  #printedMs = 0;
  readonly #figures = new Map<string, number[]>();
  readonly #cpus = new Map<string, Set<number>>();
  readonly #migrations = new Map<number, number>();
  #resident: Reading<Readonly<Record<string, number>>> = { unavailable: 'the program exited before it was sampled' };
  #looks: ResidentAt[] = [];
  /** Of how many looks one is kept. */
  #every = 1;
  #looked = 0;
  #startMs: number | null = null;
  #pins: AgentLineOf<'exited'>['pins'] = [];
  #exited: AgentLineOf<'exited'> | null = null;

  constructor(placement: ProgramCase, about: About) {
    this.#placement = placement;
    this.#about = about;
  }

  /** Every line of the agent's that is about this program. */
  take(line: AgentLine): void {
    this.#about.course?.take(line);
    if (line.type === 'output' && line.stream === 'stdout') {
      this.#printedMs = line.monotonicMs;
      this.#print(Buffer.from(line.data, 'base64'));
    } else if (line.type === 'observed') this.#observe(line);
    else if (line.type === 'exited') this.#exited = line;
  }

  /** How pins stand at the end of the last program: those for threads are common to all. */
  judge(pins: AgentLineOf<'exited'>['pins']): void {
    this.#pins = pins.filter(({ name }) => !this.#about.others.includes(name));
  }

  /** Lines such as {"metric": "queries/s", "value": 812.5} become figures; all others are none of ours. */
  #print(bytes: Uint8Array): void {
    const lines = (this.#line + this.#decoder.write(Buffer.from(bytes))).split('\n');
    // The head of an endless line is enough to know that it is none of ours.
    this.#line = (lines.pop() ?? '').slice(0, MAX_LINE + 1);
    for (const line of lines) this.#read(line);
  }

  #read(line: string): void {
    if (line.length > MAX_LINE || !line.trimStart().startsWith('{')) return;
    const figure = figureIn(line);
    if (!figure) return;
    this.#about.course?.figure(figure.metric, figure.value, this.#printedMs);
    const known = this.#figures.get(figure.metric);
    if (known && known.length < MAX_FIGURES) known.push(figure.value);
    else if (!known && this.#figures.size < MAX_METRICS) this.#figures.set(figure.metric, [figure.value]);
  }

  #observe(line: AgentLineOf<'observed'>): void {
    for (const thread of line.threads) {
      const name = clean(thread.name, 64);
      const cpus = this.#cpus.get(name) ?? new Set();
      if (this.#cpus.has(name) || this.#cpus.size < MAX_NAMES) this.#cpus.set(name, cpus.add(thread.cpu));
      if (thread.migrations !== null) this.#migrations.set(thread.tid, thread.migrations);
    }
    const { residentBytes } = line;
    // What was seen last while it lived counts: at its end there are no pages left to look at.
    if (isUnavailable(residentBytes)) {
      if (isUnavailable(this.#resident)) this.#resident = residentBytes;
    } else if (Object.keys(residentBytes).length > 0) {
      this.#resident = residentBytes;
      this.#keep(line.monotonicMs, residentBytes);
    }
  }

  #keep(monotonicMs: number, nodes: ResidentAt['nodes']): void {
    this.#startMs ??= monotonicMs;
    if (this.#looked++ % this.#every !== 0) return;
    this.#looks.push({ seconds: Math.round(monotonicMs - this.#startMs) / 1000, nodes });
    if (this.#looks.length < MAX_LOOKS) return;
    this.#looks = this.#looks.filter((_, at) => at % 2 === 0);
    this.#every *= 2;
  }

  /** Whether it has printed a figure. */
  get begun(): boolean {
    return this.#figures.size > 0;
  }

  /** First how long it took, then each metric of its own in the order it first came. @param ended nothing more is printed. */
  results(ended: boolean): Result[] {
    if (ended) {
      this.#read(this.#line);
      this.#line = '';
    }
    const seen = this.#seen();
    const why = this.#whyNot();
    const counters = this.#counters();
    const taken: [string, readonly number[]][] = [['s', this.#exited ? [this.#exited.value] : []], ...this.#figures];
    return taken.map(([metric, repetitions], at) => {
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
        emulated: this.#about.emulated,
        ...(at === 0 && this.#stopped ? { stopped: true as const } : {}),
        ...(at === 0 && this.#looks.length > 0 ? { resident: this.#looks } : {}),
        ...(at === 0 && this.#about.course ? { course: this.#about.course.course } : {}),
      };
    });
  }

  #seen(): Seen {
    const nodes = isUnavailable(this.#resident) ? {} : this.#resident;
    const counted = this.#exited?.counters['migrations'];
    const moves = [...this.#migrations.values()].reduce((sum, count) => sum + count, 0);
    return {
      cpus: Object.fromEntries([...this.#cpus].map(([name, cpus]) => [name, formatCpuList(cpus)])),
      nodes: Object.fromEntries(Object.entries(nodes).map(([node, bytes]) => [node, Math.round(bytes / PAGE_BYTES)])),
      pageBytes: Object.keys(nodes).length === 0 ? null : PAGE_BYTES,
      migrations: typeof counted === 'number' ? counted : this.#migrations.size === 0 ? null : moves,
    };
  }

  get #stopped(): boolean {
    return this.#exited !== null && !this.#exited.timedOut && this.#about.wasEnded?.() === true;
  }

  #whyNot(): string | null {
    const exited = this.#exited;
    if (!exited) return 'the run was cut short before the program exited';
    if (this.#about.endless === true)
      return exited.timedOut ? this.#slipped() : 'the program exited before it was ended';
    if (exited.timedOut)
      return `the program was stopped after ${formatDuration(this.#about.timeoutMs ?? 0)}, the timeout that was set`;
    if (!this.#stopped && exited.signal !== null) return `the program was killed by ${clean(exited.signal, 40)}`;
    if (!this.#stopped && exited.code !== 0) return `the program exited with status ${exited.code ?? 'unknown'}`;
    return this.#slipped();
  }

  #slipped(): string | null {
    const absent = this.#pins.find((pin) => pin.matched === 0);
    if (absent && this.#cpus.size === 0)
      return 'the program exited before its threads were looked at, so whether its placement held is not known';
    if (absent) return `no thread was named ${clean(absent.name, 64)}`;
    const slipped = this.#pins.find((pin) => !pin.held);
    return slipped ? `the placement of ${clean(slipped.name, 64)} did not hold` : null;
  }

  #counters(): Record<string, Reading<number>> {
    const exited = this.#exited;
    if (!exited) return {};
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
      ...Object.fromEntries(Object.entries(exited.counters).map(([name, value]) => [clean(name, 80), value])),
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
