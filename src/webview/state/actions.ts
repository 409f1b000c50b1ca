/** Owns what the page can ask for. Mouse, keys and fields all end here; every refusal becomes words on the page. */

import { plural } from '../../model/text/format.ts';
import { toProblem } from '../../model/problem.ts';
import { splitWords } from '../../model/bench/program/command.ts';
import { isThread } from '../../model/bench/program/threads.ts';
import { DEFAULT_RACE_MS } from '../../model/bench/race/budget.ts';
import { DEFAULT_BUDGET_MS } from '../../model/bench/guide/plan.ts';
import { move } from '../../model/placement/placement.ts';
import type { Move } from '../../model/placement/placement.ts';
import { EMPTY_PLACEMENT, samePlaced, withEndsSwapped } from '../../model/placement/slots.ts';
import type { Placement, Slot } from '../../model/placement/slots.ts';
import { hasLinks, MACHINE_MS } from '../../model/board/questions.ts';
import type { BoardQuestion, Tokens } from '../../model/board/questions.ts';
import type { MatrixKind } from '../../model/cases/matrix.ts';
import { offerKindOf, offerOf } from '../../model/bench/index.ts';
import type { OfferKind, Workload } from '../../model/bench/index.ts';
import type { Client } from '../../protocol/client.ts';
import { ranPlacement, shownPlacement, shownRun, slotsOf } from './select.ts';
import { sentenceOf, thiefAt, victimsNow } from './stealing.ts';
import { createMoments } from './moments.ts';
import type { MomentActions } from './moments.ts';
import { createCheckActions } from './check.ts';
import type { CheckActions } from './check.ts';
import { createKeptActions } from './kept.ts';
import type { KeptActions } from './kept.ts';
import { createProcessActions } from './processes.ts';
import type { ProcessActions } from './processes.ts';
import { createPoolActions } from './pools.ts';
import type { PoolActions } from './pools.ts';
import type { Seam } from './seam.ts';
import type { Notice, NoticeAction, Store } from './store.ts';

export interface Actions extends ProcessActions {
  /** Threads of a program that go back into the tray may run anywhere again. */
  place(slot: Slot, made: Move): void;
  /** Starts the user's own program: a line that is split into words, and where it may be (empty: anywhere). */
  program(line: string, where: string): void;
  /** Looks for its best placement: it runs again and again, under each that the machine makes possible. */
  race(line: string): void;
  /** Huge pages: reserving them, and putting them back. */
  readonly pools: PoolActions;
  /** The doctor: whether NUMA is the problem here. */
  readonly check: CheckActions;
  /** Which moment is shown, and which two are compared. */
  readonly moments: MomentActions;
  /** Runs that are kept: opening, listing, naming, deleting, comparing. */
  readonly kept: KeptActions;
  placeAll(tokens: Tokens): void;
  /** Places what a question is about, or measures the machine where it is about all of it. */
  ask(question: BoardQuestion): void;
  undo(): void;
  /** The two ends of the line change places. */
  swapEnds(): void;
  /** All tokens go back into the tray. */
  clear(): void;
  /** The benchmark that Run measures. */
  choose(kind: OfferKind): void;
  /** Changes settings of the chosen benchmark. */
  configure<W extends Workload>(change: Partial<Omit<W, 'kind'>>): void;
  /** The setting that a token carries, to the next choice on this machine, or (-1) the one before. */
  stepSetting(by: 1 | -1): void;
  baseline(run: string | null): void;
  run(): void;
  /** Measures what every node gets of every node's memory. */
  nodes(): void;
  stop(): void;
  show(run: string | null): void;
  /** Shows the matrix beside the machine, or takes it away; says why where no run has one. */
  matrix(): void;
  /** What pairs of CPUs cost by the matrix of a run, row by row; null where it could not be had, and the page then says why. */
  pairs(
    run: string,
    rows: readonly number[],
    columns: readonly number[],
  ): Promise<readonly (readonly (number | null)[])[] | null>;
  export(): void;
  /** Opens the page that was written of a run. */
  openExport(run: string, how: 'page' | 'place'): void;
  connect(target: string): void;
  /** Shows the hosts to choose from. */
  otherHost(): void;
  /** From the page of one run. */
  toBoard(): void;
  /** Gives up connecting to another host. */
  stay(): void;
  disconnect(): void;
  answer(question: string, value: string | null): void;
  notice(level: Notice['level'], message: string, action?: NoticeAction): void;
  /** Closes a notice. */
  dismissNotice(id: number): void;
  dismiss(): void;
  /** Numbers on the machine whom a CPU steals from, in which order; null: the first that can. */
  readonly victims: { of(cpu: number | null): void; end(): void };
  /** From the kernel's numbers of CPUs to lstopo's, and back. */
  renumber(): void;
  /** Said to assistive technology and nowhere else. */
  announce(words: string): void;
}

export function createActions(
  client: Client,
  store: Store,
  seam: Pick<Seam, 'kind' | 'toRun' | 'toBoard'>,
  announce: (words: string) => void,
): Actions {
  let asked = false;
  /** What was asked for last and is not answered yet. */
  let configured: Workload | null = null;
  let lastNotice = 0;

  const fail = (title: string, error: unknown): void => {
    const problem = toProblem(error);
    if (problem.code === 'cancelled') return;
    store.set({ failure: { title, problem } });
    announce(`${title}. ${problem.message}`);
  };
  const ask = async (title: string, request: () => Promise<unknown>): Promise<void> => {
    store.set({ failure: null });
    try {
      await request();
    } catch (error) {
      fail(title, error);
    }
  };
  const dismissNotice = (id: number): void =>
    store.set({ notices: store.get().notices.filter((other) => other.id !== id) });
  const notice: Actions['notice'] = (level, message, action) => {
    const id = ++lastNotice;
    store.set({ notices: [...store.get().notices.slice(-2), { id, level, message, ...(action ? { action } : {}) }] });
    if (!action) setTimeout(() => dismissNotice(id), level === 'info' ? 6000 : 12_000);
  };
  const show = (run: string | null): void => {
    // The doctor's outcome gives way; its button brings it back.
    const hiddenCheckup = store.get().board?.checkup?.startedAt ?? null;
    store.set({ failure: null, exported: null, ...(run === null ? {} : { hiddenCheckup }) });
    store.view({ shown: run });
    // Its tokens stand on the board, and Run again measures it again.
    const shown = shownRun(store.get());
    const { topology } = store.get().board ?? {};
    const kind = shown && topology ? offerKindOf(topology, shown) : null;
    if (kind) choose(kind);
  };

  /** What moves tokens takes several requests, and goes one after the other: what a person does meanwhile comes after it. */
  let moves: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = moves.then(work);
    moves = turn.catch(() => undefined);
    return turn;
  };
  const moveTokens = (title: string, work: () => Promise<unknown>): void => void ask(title, () => inTurn(work));

  /**
   * A shown run's tokens stand where it ran, without the host having been told. As soon as something is done with
   * them they are really put there.
   */
  const adopt = async (wanted: Placement | null): Promise<void> => {
    const held = store.get().board?.placement;
    if (!held || !wanted) return;
    for (const { name } of slotsOf(store.get())) {
      const [on, before] = [wanted[name], held[name]];
      if (!samePlaced(on, before)) await client.request('place', { slot: name, on: on ?? null });
    }
  };

  const configure: Actions['configure'] = (change) => {
    const now = store.get().board?.workload;
    if (!now) return;
    // A change that the board has not told of yet is not lost to the next one.
    const wanted = { ...(configured?.kind === now.kind ? configured : now), ...change };
    configured = wanted;
    void ask('That combination cannot be measured', () => client.request('configure', wanted)).finally(() => {
      if (configured === wanted) configured = null;
    });
  };

  const choose = (kind: OfferKind): void => {
    if (kind === store.get().board?.workload.kind) return;
    moveTokens('The benchmark was not chosen', () => client.request('choose', { kind }));
  };

  const placeAll = ({ kind, on, workload }: Tokens): void => {
    store.view({ shown: null });
    moveTokens('The tokens could not be placed', async () => {
      if (kind !== store.get().board?.workload.kind) await client.request('choose', { kind });
      if (workload) await client.request('configure', workload);
      await adopt(on);
    });
  };
  /** One run at a time; at its end it is shown. */
  const measure = (work: () => Promise<{ readonly run: string }>): void => {
    if (asked || store.get().board?.running) return;
    asked = true;
    store.set({ starting: true, exported: null });
    store.view({ shown: null });
    void ask('The run failed', async () => {
      const { run } = await work();
      store.view({ shown: run });
      const verdict = shownRun(store.get())?.verdict;
      if (verdict) announce(verdict.sentence);
    }).finally(() => {
      asked = false;
      store.set({ starting: false });
    });
  };
  /** CPUs first, for their figures are shown while tokens are carried; a run that was stopped ends it all. */
  const measureMachine = (): void => {
    const matrix = (what: MatrixKind & keyof typeof MACHINE_MS): Promise<{ readonly run: string }> =>
      client.request('matrix', { what, budgetMs: MACHINE_MS[what] });
    measure(async () => {
      const found = await matrix('latency');
      const { topology, runs = [] } = store.get().board ?? {};
      const whole = runs.find(({ id }) => id === found.run)?.partial === null;
      if (topology && whole && hasLinks(topology)) await matrix('bandwidth');
      return found;
    });
  };

  const measureGuide = (): void => {
    measure(() => client.request('guide', { budgetMs: DEFAULT_BUDGET_MS }));
  };

  const record = (): void => {
    const going = store.get().board?.recording != null;
    void ask(going ? 'The recording was not ended' : 'Nothing is recorded', async () => {
      if (!going) {
        const { path } = await client.request('record', {});
        if (path !== null) announce(`Recording to ${path}`);
        return;
      }
      const { recorded } = await client.request('stopRecording', {});
      if (recorded) notice('info', `${plural(recorded.samples, 'sample')} recorded in ${recorded.path}`);
    });
  };

  const processes = createProcessActions({ client, store, ask, notice, announce });

  return {
    program(line, where) {
      store.set({ exported: null });
      store.view({ shown: null });
      void ask('The program was not run', async () => {
        const pinned = where.trim() === '' ? null : where;
        const { run } = await client.request('program', { command: splitWords(line), pin: pinned });
        store.view({ shown: run });
        announce('The program has ended.');
      });
    },
    race(line) {
      measure(() => client.request('race', { command: splitWords(line), budgetMs: DEFAULT_RACE_MS }));
    },
    ...processes,
    check: createCheckActions(client, store, ask, announce),
    pools: createPoolActions(client, store, ask, notice),
    moments: createMoments({ store, announce, record }),
    kept: createKeptActions({ client, store, seam, ask, notice, announce, show }),
    place(slot, made) {
      if (isThread(slot.name)) {
        processes.pin(slot.name, 'drop' in made ? (made.drop[0] ?? null) : null);
        return;
      }
      const ran = ranPlacement(store.get());
      store.view({ shown: null });
      moveTokens('The token could not be placed', () => adopt(move(ran ?? shownPlacement(store.get()), slot, made)));
    },
    placeAll,
    undo() {
      store.view({ shown: null });
      moveTokens('Nothing to undo', () => client.request('undo', {}));
    },
    swapEnds() {
      const swapped = withEndsSwapped(slotsOf(store.get()), shownPlacement(store.get()));
      if (!swapped) {
        notice('info', 'There are no two ends on the machine that could change places.');
        return;
      }
      store.view({ shown: null });
      moveTokens('The ends could not change places', () => adopt(swapped));
    },
    clear() {
      store.view({ shown: null });
      moveTokens('The tokens could not be taken back', () => adopt(EMPTY_PLACEMENT));
    },
    choose(kind) {
      store.view({ shown: null });
      choose(kind);
    },
    configure,
    stepSetting(by) {
      const { topology, workload, running } = store.get().board ?? {};
      const setting = workload && offerOf(workload).setting;
      if (!topology || !setting || running) return;
      const ran = ranPlacement(store.get());
      const choices = setting.choices(topology);
      const at = choices.indexOf(setting.of(configured?.kind === workload.kind ? configured : workload));
      const choice = choices.at((at + by) % choices.length) ?? setting.of(workload);
      // What was run is as it was; this is of the next run, whose tokens stand where they are.
      store.view({ shown: null });
      moveTokens('The token could not be placed', () => adopt(ran));
      configure(setting.change(choice));
      announce(setting.words(choice));
    },
    baseline(run) {
      void ask('The baseline was not changed', () => client.request('baseline', { run }));
    },
    ask({ placement }) {
      if (placement === 'machine') measureMachine();
      else if (placement === 'guide') measureGuide();
      else if (placement === 'process') store.view({ shown: null, measure: 'process' });
      else if (placement) placeAll(placement);
    },
    run() {
      const ran = ranPlacement(store.get());
      measure(async () => {
        await inTurn(() => adopt(ran));
        return client.request('run', {});
      });
    },
    nodes() {
      measure(async () => {
        if (store.get().board?.workload.kind !== 'nodes') await client.request('choose', { kind: 'nodes' });
        return client.request('run', {});
      });
    },
    stop() {
      void ask('The run could not be stopped', () => client.request('stop', {}));
    },
    show,
    matrix() {
      const { board, view } = store.get();
      if ((board?.costs.length ?? 0) === 0)
        notice('info', 'No run has a matrix yet: ask which CPUs are near each other.');
      else store.view({ matrix: view.table || !view.matrix, table: false });
    },
    async pairs(run, rows, columns) {
      try {
        const { figures } = await client.request('pairs', { run, rows: [...rows], columns: [...columns] });
        return figures;
      } catch (error) {
        fail('The figures of the matrix are unavailable', error);
        return null;
      }
    },
    export() {
      const run = shownRun(store.get())?.id;
      if (run === undefined) {
        notice('info', 'Show a run first; its page can then be exported.');
        return;
      }
      void ask('The page was not written', async () => {
        const { folder, opens, reveals } = await client.request('export', { run });
        store.set({ exported: { run, folder, opens, reveals } });
        announce(`Page written to ${folder}`);
      });
    },
    openExport(run, how) {
      void ask('The page was not opened', () => client.request('openExport', { run, how }));
    },
    connect(target) {
      store.set({ choosing: false });
      void ask(`${target} could not be reached`, () => client.request('connect', { target }));
    },
    otherHost: () => store.set({ choosing: true }),
    toBoard: () => seam.toBoard(),
    stay() {
      void ask('Still connecting', () => client.request('stay', {}));
    },
    disconnect() {
      store.set({ choosing: false });
      void ask('Still connected', () => client.request('disconnect', {}));
    },
    answer(question, value) {
      void ask('The answer was not delivered', () => client.request('answer', { question, value }));
    },
    notice,
    dismissNotice,
    victims: {
      of(cpu) {
        const { topology } = store.get().board ?? {};
        const thief = topology ? thiefAt(topology, cpu) : null;
        if (thief === null) {
          notice('info', 'Fewer than two CPUs can be used: nobody steals from anybody.');
          return;
        }
        store.set({ thief });
        const found = victimsNow(store.get());
        announce(found ? sentenceOf(found) : `Victims of cpu ${thief}`);
      },
      end() {
        store.set({ thief: null });
        announce('Victims are no longer numbered.');
      },
    },
    renumber() {
      const numbers = store.get().view.numbers === 'P' ? 'L' : 'P';
      store.view({ numbers });
      announce(numbers === 'L' ? 'CPUs by their logical numbers, L#' : 'CPUs by the kernel\u2019s numbers, P#');
    },
    dismiss: () => store.set({ failure: null }),
    announce,
  };
}
