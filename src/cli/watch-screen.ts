/** `watch` in a terminal: a table that is redrawn with every sample, and the keys of `top`. */

import { briefLines } from '../model/doctor/text.ts';
import { watchScreen, helpScreen } from '../model/live/watch/view.ts';
import type { WatchState } from '../model/live/watch/view.ts';
import type { ProcessList } from '../model/live/processes.ts';
import type { Sample } from '../model/live/sample.ts';
import type { Selection } from '../model/live/selection.ts';
import { messageOf } from '../model/problem.ts';
import type { Host } from '../remote/host.ts';
import { listProcesses } from '../remote/sampling/processes.ts';
import { watchHost } from '../remote/sampling/sampler.ts';
import type { WatchOptions } from '../remote/sampling/sampler.ts';
import { readKeys } from './keys.ts';
import { closeScreen, drawScreen, openScreen, screenSize } from './output.ts';
import { duration } from './values.ts';

/** All processes are listed so often: it takes the host longer than a sample. */
const PROCESSES_MS = 5000;
export const LEAST_INTERVAL_MS = 10;

export class WatchScreen {
  #state: WatchState;
  readonly #host: Host;
  readonly #ended: AbortController = new AbortController();
  /** Ends the samples of one interval. */
  #turn = new AbortController();
  #help = false;
  /** What is typed for another interval; null: nothing is asked. */
  #typed: string | null = null;
  #wrong: string | null = null;
  #listing = -Infinity;
  #checking = false;
  #selection: Selection | null = null;

  constructor(host: Host, state: WatchState) {
    this.#host = host;
    this.#state = state;
  }

  /** @param onSample told of each sample, also while the picture is paused. Settles when it is left. */
  async run(options: WatchOptions, onSample: (sample: Sample) => string | null): Promise<void> {
    const end = (): void => this.#end();
    const draw = (): void => this.#draw();
    this.#selection = options.selections?.[0] ?? null;
    const openAgain = (): void => {
      openScreen();
      draw();
    };
    options.signal?.addEventListener('abort', end);
    openScreen();
    const keys = readKeys((key) => this.#press(key), { before: closeScreen, after: openAgain });
    process.on('SIGWINCH', draw);
    try {
      draw();
      let left = options.count;
      while (!this.#ended.signal.aborted && options.signal?.aborted !== true && left !== 0) {
        this.#turn = new AbortController();
        const { signal } = this.#turn;
        const { intervalMs } = this.#state;
        for await (const sample of watchHost(this.#host, {
          ...options,
          intervalMs,
          signal,
          ...(left === undefined ? {} : { count: left }),
        })) {
          if (left !== undefined) left--;
          this.#take(sample, onSample(sample));
        }
      }
    } finally {
      this.#ended.abort();
      options.signal?.removeEventListener('abort', end);
      process.off('SIGWINCH', draw);
      keys.close();
      closeScreen();
    }
  }

  #end(): void {
    this.#ended.abort();
    this.#turn.abort();
  }

  #change(change: Partial<WatchState>): void {
    this.#state = { ...this.#state, ...change };
    this.#draw();
  }

  #take(sample: Sample, recording: string | null): void {
    if (!this.#state.selected) void this.#listProcesses();
    if (this.#state.paused) this.#change({ recording });
    else this.#change({ sample, before: this.#state.sample, recording });
  }

  async #listProcesses(): Promise<void> {
    const now = performance.now();
    if (now - this.#listing < PROCESSES_MS || !this.#follows()) return;
    this.#listing = Infinity;
    let processes: ProcessList | string;
    try {
      processes = await listProcesses(this.#host, this.#ended.signal);
    } catch (error) {
      processes = messageOf(error);
    }
    this.#listing = performance.now();
    if (this.#follows()) this.#change({ processes });
  }

  /** The doctor's look, as `doctor` takes it, or away with what the last one found; samples go on meanwhile. */
  async #check(): Promise<void> {
    if (this.#checking) return;
    if (this.#state.checkup) {
      this.#change({ checkup: null });
      return;
    }
    this.#checking = true;
    const signal = this.#ended.signal;
    const tell = (checkup: readonly string[]): void => {
      if (!signal.aborted) this.#change({ checkup });
    };
    try {
      const { diagnose } = await import('../remote/doctor/doctor.ts');
      const onStep = (step: string): void => tell([`Checking: ${step} …`]);
      tell(briefLines(await diagnose(this.#host, { selection: this.#selection, signal, onStep })));
    } catch (error) {
      tell([`It could not be checked: ${messageOf(error)}`]);
    } finally {
      this.#checking = false;
    }
  }

  #follows(): boolean {
    return !this.#ended.signal.aborted && !this.#state.paused;
  }

  #draw(): void {
    const { width, height } = screenSize();
    const asked = this.#typed === null ? null : `Interval (such as 500ms or 2s), then Enter: ${this.#typed}`;
    drawScreen(this.#help ? helpScreen(width, height) : watchScreen(this.#state, width, height, this.#wrong ?? asked));
  }

  #press(key: string): void {
    if (this.#typed !== null) this.#type(this.#typed, key);
    else if (this.#help) this.#help = false;
    else if (key === 'q') this.#end();
    else if (key === 'P' || key === 'M') this.#state = { ...this.#state, sort: key === 'P' ? 'cpu' : 'memory' };
    else if (key === '1') this.#state = { ...this.#state, cpus: !this.#state.cpus };
    else if (key === 'p') this.#state = { ...this.#state, paused: !this.#state.paused };
    else if (key === 'D') void this.#check();
    else if (key === 'd' || key === 's') this.#typed = '';
    else if (key === 'h' || key === '?') this.#help = true;
    this.#draw();
  }

  #type(typed: string, key: string): void {
    this.#wrong = null;
    if (key === '\x7f' || key === '\b') this.#typed = typed.slice(0, -1);
    else if (key === '\r' || key === '\n') this.#enter(typed);
    else if (/^[\d.ms]$/.test(key)) this.#typed = `${typed}${key}`.slice(0, 12);
    else this.#typed = null;
  }

  #enter(typed: string): void {
    this.#typed = null;
    if (typed === '') return;
    try {
      const intervalMs = duration(typed);
      if (intervalMs < LEAST_INTERVAL_MS) throw new Error(`It must be at least ${LEAST_INTERVAL_MS} ms.`);
      this.#state = { ...this.#state, intervalMs };
      this.#turn.abort();
    } catch (error) {
      this.#typed = '';
      this.#wrong = `${messageOf(error)} Type another, or Esc:`;
    }
  }
}
