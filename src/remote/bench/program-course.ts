/** A program's course as it is seen: what it prints, its threads and their CPU time, and what is done to it, by the host's own clock. */

import type { Course, CourseMark, CourseSeries } from '../../model/cases/course.ts';
import type { AgentLine, AgentLineOf } from '../../protocol/agent.ts';

/** Beyond it every second point is forgotten, so that a program may run for days and still be told within a message a second. */
const MAX_POINTS = 400;
/** Figures that it prints, by name; further ones have no line. */
const MAX_PRINTED = 8;
const MAX_MARKS = 200;
/** Between two looks that a share of CPU time is worked out from (s). */
const LEAST_S = 0.1;

class Line {
  #points: [seconds: number, value: number][] = [];
  /** Of how many points one is kept. */
  #every = 1;
  #seen = 0;

  add(seconds: number, value: number): void {
    if (this.#seen++ % this.#every !== 0) return;
    this.#points.push([Math.round(seconds * 1000) / 1000, value]);
    if (this.#points.length < MAX_POINTS) return;
    this.#points = this.#points.filter((_, at) => at % 2 === 0);
    this.#every *= 2;
  }

  get points(): CourseSeries['points'] {
    return [...this.#points];
  }
}

export class CourseRecord {
  #startMs: number | null = null;
  #seconds = 0;
  readonly #threads = new Line();
  readonly #cpus = new Line();
  readonly #printed = new Map<string, Line>();
  readonly #marks: CourseMark[] = [];
  /** CPU seconds by thread at the last look, and when that was. */
  #used = new Map<number, number>();
  #lookedAt = 0;

  /** Every line of the agent's that is about this program. */
  take(line: AgentLine): void {
    if (line.type === 'started') this.#startMs = line.monotonicMs;
    else if (line.type === 'observed') this.#observe(line);
  }

  /** It printed a figure. */
  figure(metric: string, value: number, monotonicMs: number): void {
    const known = this.#printed.get(metric);
    if (!known && this.#printed.size === MAX_PRINTED) return;
    const line = known ?? new Line();
    this.#printed.set(metric, line);
    line.add(this.#since(monotonicMs), value);
  }

  /** Something was done to it; the answer says when. */
  mark(act: CourseMark['act'], what: string, { begunMs, monotonicMs }: AgentLineOf<'answer'>): void {
    if (this.#marks.length === MAX_MARKS) return;
    this.#marks.push({ seconds: this.#since(begunMs), until: this.#since(monotonicMs), act, what });
  }

  get course(): Course {
    const own: CourseSeries[] = [
      { kind: 'cpus', metric: 'CPUs', points: this.#cpus.points },
      { kind: 'threads', metric: 'threads', points: this.#threads.points },
    ];
    const printed = [...this.#printed].map(([metric, line]): CourseSeries => ({
      kind: 'printed',
      metric,
      points: line.points,
    }));
    const series = [...printed, ...own].filter(({ points }) => points.length > 0);
    return { seconds: this.#seconds, series, marks: [...this.#marks] };
  }

  #since(monotonicMs: number): number {
    const seconds = Math.max(0, Math.round(monotonicMs - (this.#startMs ?? monotonicMs)) / 1000);
    this.#seconds = Math.max(this.#seconds, seconds);
    return seconds;
  }

  /** A thread that is new since the last look has used all that it has in between. */
  #observe({ monotonicMs, threads }: AgentLineOf<'observed'>): void {
    const seconds = this.#since(monotonicMs);
    this.#threads.add(seconds, threads.length);
    const used = threads.reduce((sum, { tid, cpuSeconds }) => sum + cpuSeconds - (this.#used.get(tid) ?? 0), 0);
    const passed = seconds - this.#lookedAt;
    // Times are counted in hundredths of a second: over less than this they are no figure.
    if (passed < LEAST_S) return;
    this.#cpus.add(seconds, Math.max(0, Math.round((used / passed) * 1000) / 1000));
    this.#used = new Map(threads.map(({ tid, cpuSeconds }) => [tid, cpuSeconds]));
    this.#lookedAt = seconds;
  }
}
