/**
 * One board: the truth about a host, what is placed on it, and what was measured. Pages attach to it and are told what
 * changes; the editor's commands and the command line call the same functions directly.
 */

import type { Board } from '../../model/board/board.ts';
import { boardPatch } from '../../model/board/patch.ts';
import { PinboardError, toProblem } from '../../model/problem.ts';
import type { Run } from '../../model/run/run.ts';
import type { ProcessList } from '../../model/live/processes.ts';
import type { Sample } from '../../model/live/sample.ts';
import { ofProcess, selectionText } from '../../model/live/selection.ts';
import type { Selection } from '../../model/live/selection.ts';
import type { Topology } from '../../model/topology/topology.ts';
import type { MatrixKind } from '../../model/cases/matrix.ts';
import { offerKindOf } from '../../model/bench/index.ts';
import type { PageAct } from '../../protocol/acts.ts';
import type { ToPage } from '../../protocol/messages.ts';
import type { Handlers } from '../../protocol/responder.ts';
import { running } from './beside.ts';
import { HostConnection } from './connection.ts';
import { DoctorOfBoard } from './doctor.ts';
import { Exports } from './exports.ts';
import type { Acts } from './acts.ts';
import { Followed } from './followed.ts';
import { HugePagesOfBoard } from './huge-pages.ts';
import { KeptRuns } from './kept-runs.ts';
import { Live } from './live.ts';
import type { BoardSessionOptions } from './options.ts';
import { Pages } from '../../protocol/pages.ts';
import type { AttachedPage, Page } from '../../protocol/pages.ts';
import { PlanOfBoard } from './plan.ts';
import { Programs } from './programs.ts';
import { Questions } from './questions.ts';
import { Recorder } from './recorder.ts';
import { Runs } from './runs.ts';
import { Sampling } from './sampling.ts';
import type { Standing } from './standing.ts';
import { BoardState } from '../../model/board/state.ts';
import type { BoardChange } from '../../model/board/state.ts';
import { Tokens } from '../../model/board/tokens.ts';
import { atMost } from '../deadline.ts';
import type { Host } from '../host.ts';
import { listProcesses } from '../sampling/processes.ts';
import { PoolJournal } from '../hugepages/journal.ts';
import { UNFINISHED } from '../bench/unfinished.ts';

const SAMPLING_MS = 1000;
/** The agent ends what ignores SIGTERM after 2 s. */
const END_MS = 4000;

export class BoardSession {
  readonly #options: BoardSessionOptions;
  readonly #state: BoardState;
  readonly #pages = new Pages();
  readonly #questions: Questions;
  readonly #connection: HostConnection;
  readonly #runs: Runs;
  readonly #sampling: Sampling;
  readonly #programs: Programs;
  readonly #followed: Followed;
  readonly #exports: Exports;
  /** What is placed, and the benchmark it is placed for. */
  readonly tokens: Tokens;
  readonly hugePages: HugePagesOfBoard;
  readonly doctor: DoctorOfBoard;
  /** The runs that outlive the session. */
  readonly kept: KeptRuns;
  /** The host as it lives: samples, and marks on the time axis. */
  readonly live: Live;
  readonly recorder: Recorder;
  readonly plan: PlanOfBoard;

  constructor(options: BoardSessionOptions) {
    this.#options = options;
    const samplingMs = options.samplingMs ?? SAMPLING_MS;
    this.#state = new BoardState(samplingMs, new Date().toISOString());
    this.#state.onPatch((change, before) => this.#pages.changed(boardPatch(before, change)));
    this.recorder = new Recorder(this.#state, options.recordTo, {
      host: () => this.#connected(),
      onChange: () => void this.#sample(),
      onProblem: ({ message }) => this.notice('error', `The recording has ended: ${message}`),
    });
    this.live = new Live(this.#state, this.recorder);
    const undisturbed = (): Host => {
      // A look or a change in the middle of a run would be measured, too.
      this.#refuseWhileRunning();
      return this.#connected();
    };
    this.plan = new PlanOfBoard(this.#state, {
      host: options.planHost ?? (() => running(undisturbed(), this.board.topology)),
      watched: () => this.#pages.watched,
      ended: (words) => this.notice('warning', words),
    });
    this.tokens = new Tokens(this.#state);
    this.#programs = new Programs(this.#state, {
      mayStart: options.mayStart ?? (() => null),
      follow: (pid) => void this.follow(pid === null ? null : ofProcess(pid)),
    });
    this.#followed = new Followed(this.#state, {
      host: () => this.#connected(),
      last: () => this.live.last?.sample ?? null,
      warn: (message) => this.notice('warning', message),
    });
    this.hugePages = new HugePagesOfBoard(this.#state, {
      journal: options.poolJournal ?? new PoolJournal(),
      host: () => this.#connected(),
      hostToChange: undisturbed,
    });
    this.doctor = new DoctorOfBoard(this.#state, {
      host: undisturbed,
      mark: (mark) => this.live.mark(mark),
      limits: options.doctorLimits,
    });
    this.#questions = new Questions((question) => this.#state.patch({ question }));
    this.#runs = new Runs(this.#state, {
      onRun: (run) => {
        this.kept.save(run);
        this.live.ran(run);
      },
      thresholds: options.separationThresholds,
      onCheckpoint: options.store ? (run) => this.kept.checkpoint(run) : null,
    });
    this.#exports = new Exports(options.exporter, options);
    const told = (error: unknown): void => this.notice('warning', toProblem(error).message);
    this.kept = new KeptRuns(this.#state, this.#runs, options, options.onStoreProblem ?? told);
    this.#sampling = new Sampling(samplingMs, {
      onSample: (sample) => {
        const taken = this.live.take(sample);
        this.#followed.sampled();
        this.#pages.sampled(taken);
      },
      onProblem: (problem) => this.notice('warning', `Live figures are unavailable: ${problem.message}`),
    });
    this.#connection = new HostConnection(this.#state, {
      connector: options.connector,
      prompterFor: options.prompterFor ?? ((signal) => this.#questions.prompter(signal)),
      stopLeaving: () => this.#refuseWhileRunning(),
      onHost: () => this.#hostChanged(),
    });
    this.#state.onPatch(({ host, topology }) => {
      if (host !== undefined || topology !== undefined) this.#runs.list();
    });
    void this.refreshHosts();
  }

  get board(): Board {
    return this.#state.board;
  }

  /** The host that is connected, with what it is made of; null: none, or one on paper. */
  get alive(): { readonly host: Host; readonly topology: Topology } | null {
    const { host } = this.#connection;
    const { topology, measuring } = this.board;
    return host && topology && measuring?.code !== 'unsupported' ? { host, topology } : null;
  }

  /** How it stands with the host that is connected, and with one that is connected to. */
  get standing(): Standing {
    return this.#connection.standing;
  }

  /** Whether somebody looks at a page. */
  get watched(): boolean {
    return this.#pages.watched;
  }

  /** Null while nobody looks at a page. */
  get lastSample(): Sample | null {
    return this.live.last?.sample ?? null;
  }

  /** @returns what stops it. */
  onChange(listener: (change: BoardChange) => void): () => void {
    return this.#state.onPatch(listener);
  }

  /** @param handlersFor what answers the requests of the page; `attachPage` gives those of this session. */
  attach(send: (message: ToPage) => void, handlersFor: (page: Page) => Handlers): AttachedPage {
    return this.#pages.attach(send, handlersFor, (page, change) => this.#look(page, change));
  }

  /** Whether somebody looks at a page: while nobody does, nothing is sampled. */
  watch(page: Page, visible: boolean): void {
    this.#look(page, () => (page.asksToWatch = visible));
  }

  #look(page: Page, change: () => void): void {
    const before = page.visible;
    change();
    if (page.visible === before) return;
    if (page.visible && this.live.last) this.#pages.tellSample(page, this.live.last);
    if (page.visible) this.plan.beside.wake();
    void this.#sample();
  }

  /** Has the threads and pages of processes sampled, too; null: of none. */
  async follow(selection: Selection | null): Promise<void> {
    const { following } = this.board;
    if (following === selection || (following && selection && selectionText(following) === selectionText(selection)))
      return;
    const left = this.#followed.leave();
    this.#state.patch({ following: selection });
    // Of a program that was started here it is known what it was started with.
    if (selection && !this.board.program) void this.#followed.look();
    await Promise.all([left, this.#sample()]);
  }

  /** What a person does to processes: to the program that was started from here, else to what is followed. */
  get acts(): Acts {
    return this.board.program ? this.#programs.acts : this.#followed.acts;
  }

  /** What runs on the host, to choose one to follow. @throws PinboardError also where no agent runs. */
  processes(signal?: AbortSignal): Promise<ProcessList> {
    return listProcesses(this.#connected(), signal);
  }

  refreshHosts(): Promise<void> {
    return this.#listing('The hosts in your SSH config', this.#listHosts());
  }

  async #listHosts(): Promise<void> {
    const hosts = await this.#options.listHosts();
    const hostsFrom = this.#options.hostsFrom?.() ?? this.#state.board.hostsFrom;
    this.#state.patch({ hosts: [...hosts], hostsFrom });
  }

  /** @throws PinboardError `not-found`. Null: the board chooses. */
  setBaseline(run: string | null): void {
    if (run !== null) this.#runs.find(run);
    this.#state.patch({ baseline: run });
  }

  /** Measures what is placed; aborting keeps what was measured so far. @throws PinboardError when nothing was. */
  async run(signal?: AbortSignal): Promise<{ run: string }> {
    return this.#runs.run(this.#connected(), signal);
  }

  /** Measures what pairs of CPUs, or nodes, cost; else as `run`. */
  async guide(budgetMs: number, signal?: AbortSignal): Promise<{ run: string }> {
    const cpus = this.live.last?.sample.cpus;
    const busy = cpus && new Map(cpus.map((cpu) => [cpu.id, cpu.busy]));
    return this.#runs.guide(this.#connected(), { budgetMs, ...(busy ? { busy } : {}) }, signal);
  }

  async matrix(what: MatrixKind, budgetMs: number, signal?: AbortSignal): Promise<{ run: string }> {
    return this.#runs.matrix(this.#connected(), { what, budgetMs }, signal);
  }

  /** Starts the user's own program; else as `run`. @throws PinboardError also where nothing may be started. */
  async program(command: readonly string[], pin: string | null, signal?: AbortSignal): Promise<{ run: string }> {
    const host = this.#connected();
    const work = this.#runs.program(host, this.#programs.prepare(command, pin), signal);
    try {
      return await work;
    } finally {
      this.#programs.ended();
    }
  }

  /** Runs that program under placement after placement; else as `run`. @throws PinboardError also where nothing may be started. */
  async race(command: readonly string[], budgetMs: number, signal?: AbortSignal): Promise<{ run: string }> {
    const host = this.#connected();
    this.#programs.nameOf(command);
    return this.#runs.race(host, { command, budgetMs }, signal);
  }

  /** Ends the run that is going on, whoever started it; it is kept as far as it came. */
  async cancelRun(): Promise<void> {
    const cancel = this.#runs.canceller();
    await this.#programs.end();
    await cancel();
  }

  /** Puts a run on the list, as it was stored or opened. */
  addRun(snapshot: Run): void {
    this.#runs.add(snapshot);
  }

  /** @throws PinboardError `not-found`. */
  findRun(id: string): Run {
    return this.#runs.find(id);
  }

  /** Shows a run on every page, or on the next one that opens; `beside`, held against it. @throws PinboardError `not-found`. */
  showRun(id: string, beside: string | null = null): void {
    const run = this.#runs.find(id);
    const kind = offerKindOf(run.topology, run);
    // Its tokens stand on the board, and Run measures it again.
    if (kind && !this.#runs.going) this.tokens.choose(kind);
    this.#pages.show(id, beside);
  }

  /** Has a page do what a command asks for, or the next one that opens. */
  act(asked: PageAct): void {
    this.#pages.act(asked);
  }

  /** Shows one of what the doctor found, on every page, or on the next one that opens. @param at as `findingsOf` has them. */
  revealFinding(at: number): void {
    this.#pages.reveal(at);
  }

  /** One of the board, else one that is kept. @throws PinboardError `not-found`, or why it cannot be written. */
  async exportRun(id: string): ReturnType<Exports['write']> {
    const run = await this.kept.find(id);
    return this.#exports.write(run, this.doctor.partOf(run));
  }

  openExport(...asked: Parameters<Exports['open']>): Promise<void> {
    return this.#exports.open(...asked);
  }

  /**
   * Null: to this machine. A host that is connected stays until the other one stands; connecting to it again changes nothing.
   * @throws PinboardError `busy` while a run goes on, `cancelled`, or why there is no connection.
   */
  async connect(target: string | null, signal?: AbortSignal): Promise<void> {
    await this.#connection.connect(target, signal);
  }

  /** Takes over a host that is open already, to close it: also when it is refused. @throws as `connect`. */
  async useHost(host: Host, signal?: AbortSignal): Promise<void> {
    await this.#connection.use(host, signal);
  }

  /** Gives up connecting; a host that is connected stays. */
  stay(): void {
    this.#connection.stay();
  }

  /** Ends a run as far as it came, then the connection. */
  async disconnect(): Promise<void> {
    // A program is asked to end, so that what it used is told; a host that is silent is not waited for.
    await atMost(END_MS, this.#programs.end());
    await this.#runs.cancel();
    await this.recorder.stop();
    // The board forgets the host at once; what is connected to while it still closes is another one's.
    const closed = this.#connection.disconnect();
    this.tokens.clear();
    this.#runs.openHost(null);
    await closed;
  }

  /** @throws PinboardError `not-found` when it is not asked any more. */
  answer(question: string, value: string | null): void {
    this.#questions.answer(question, value);
  }

  notice(level: 'info' | 'warning' | 'error', message: string): void {
    this.#pages.notice(level, message);
  }

  async dispose(): Promise<void> {
    await this.#runs.cancel(UNFINISHED);
    await this.disconnect();
    await this.kept.settled();
  }

  #connected(): Host {
    const { host } = this.#connection;
    if (!host) throw new PinboardError('not-connected', 'No host is connected.', 'Connect to a host first.');
    return host;
  }

  #refuseWhileRunning(): void {
    if (!this.#runs.going) return;
    throw new PinboardError('busy', 'A run is in progress.', 'Cancel it first; what it has measured is kept.');
  }

  async #hostChanged(): Promise<void> {
    this.live.forget();
    this.tokens.forgetMoves();
    // Another host's process of that number is another process.
    const left = this.#followed.leave();
    this.#state.patch({ following: null, reserved: null });
    this.doctor.forget();
    this.plan.beside.leave();
    const { host } = this.#connection;
    this.live.of(host);
    this.#runs.openHost(host);
    const isShown = (): boolean => this.#connection.host === host;
    if (host) void this.#listing('Huge pages reserved earlier', this.hugePages.look(host, isShown));
    // A saved run is shown where it ran: by tokens of its benchmark.
    const [saved] = host?.transport.kind === 'recorded' ? (host.runs ?? []) : [];
    const kind = saved && offerKindOf(saved.topology, saved);
    if (kind) this.tokens.choose(kind);
    await Promise.all([left, this.#sample(), host && this.#listing('Earlier runs', this.kept.addOf(host))]);
  }

  /** A board does without what cannot be listed, and says so. */
  async #listing(what: string, work: Promise<void>): Promise<void> {
    await work.catch((error: unknown) =>
      this.notice('warning', `${what} cannot be listed: ${toProblem(error).message}`),
    );
  }

  async #sample(): Promise<void> {
    const { host } = this.#connection;
    // A recorded machine has no life to sample.
    const watched = this.alive !== null && (this.#pages.watched || this.recorder.host === host);
    if (!watched) this.live.forget();
    await this.#sampling.follow(watched ? host : null, this.board.following);
  }
}
