/** What a page's requests do: each is one function of the session. */

import { pairFigures } from '../../model/bench/matrix/cells.ts';
import { selectionOf, SELECTIONS } from '../../model/live/selection.ts';
import type { Selection } from '../../model/live/selection.ts';
import { PinboardError } from '../../model/problem.ts';
import type { Handlers } from '../../protocol/responder.ts';
import type { BoardSession } from './session.ts';
import { tokenHandlers } from '../../protocol/token-handlers.ts';
import { Upload } from '../../protocol/upload.ts';
import { checkVersion } from '../../protocol/pages.ts';
import type { Page } from '../../protocol/pages.ts';

export function handlersFor(session: BoardSession, page: Page): Handlers {
  const upload = new Upload();
  return {
    open: ({ version }) => {
      checkVersion(version);
      void session.refreshHosts();
      return page.open(session.board);
    },
    watch: ({ visible }) => {
      session.watch(page, visible);
      return {};
    },
    follow: async ({ selection }) => {
      await session.follow(selection && checked(selection));
      return {};
    },
    past: ({ before }) => session.live.piece(before),
    record: async (_, signal) => ({ path: await session.recorder.start(signal) }),
    stopRecording: async () => ({ recorded: await session.recorder.stop() }),
    processes: async (_, signal) => {
      const { count, processes } = await session.processes(signal);
      return { count, processes: [...processes] };
    },
    check: async ({ of }, signal) => {
      await session.doctor.check(of, signal);
      return {};
    },
    stopCheck: () => {
      session.doctor.stop();
      return {};
    },
    ...tokenHandlers(session.tokens),
    baseline: ({ run }) => {
      session.setBaseline(run);
      return {};
    },
    run: (_, signal) => session.run(signal),
    guide: ({ budgetMs }, signal) => session.guide(budgetMs, signal),
    matrix: ({ what, budgetMs }, signal) => session.matrix(what, budgetMs, signal),
    pairs: ({ run, rows, columns }) => ({ figures: pairFigures(session.findRun(run), rows, columns) }),
    program: ({ command, pin }, signal) => session.program(command, pin, signal),
    race: ({ command, budgetMs }, signal) => session.race(command, budgetMs, signal),
    pin: async ({ threads, cpus }) => {
      await session.acts.pin(threads, cpus);
      return {};
    },
    undoPin: async ({ threads }) => {
      await session.acts.undoMove(threads);
      return {};
    },
    pages: ({ to }) => session.acts.movePages(to),
    back: () => session.acts.movePagesBack(),
    planHugePages: (wish, signal) => session.hugePages.plan(wish, signal),
    reserveHugePages: (request, signal) => session.hugePages.reserve(request, signal),
    undoHugePages: ({ force }, signal) => session.hugePages.undo(force, signal),
    plan: async (asked) => {
      await session.plan.do(asked);
      return {};
    },
    stop: async () => {
      await session.cancelRun();
      return {};
    },
    export: ({ run }) => session.exportRun(run),
    openExport: async ({ run, how }) => {
      await session.openExport(run, how);
      return {};
    },
    shelf: async () => {
      const { runs, unread, ...rest } = await session.kept.shelf();
      return { ...rest, runs: [...runs], unread: [...unread] };
    },
    file: async ({ name, text, last }) => {
      const whole = upload.take(name, text, last);
      return { opened: whole === null ? null : await session.kept.open(name, whole) };
    },
    pick: async () => ({ opened: await session.kept.pick() }),
    apart: async ({ run }) => {
      await session.kept.showApart(run);
      return {};
    },
    rename: async ({ run, name }) => {
      await session.kept.rename(run, name);
      return {};
    },
    remove: async ({ run }) => {
      await session.kept.remove(run);
      return {};
    },
    restore: async ({ run }) => {
      await session.kept.restore(run);
      return {};
    },
    connect: async ({ target }, signal) => {
      await session.connect(target, signal);
      return {};
    },
    stay: () => {
      session.stay();
      return {};
    },
    disconnect: async () => {
      await session.disconnect();
      return {};
    },
    answer: ({ question, value }) => {
      session.answer(question, value);
      return {};
    },
  };
}

/** Only as it could have been typed. @throws PinboardError `usage`. */
function checked({ kind, value }: Selection): Selection {
  const selection = selectionOf(kind, value);
  if (!selection)
    throw new PinboardError('usage', `That is no ${kind}.`, `Use something like ${SELECTIONS[kind].example}.`);
  return selection;
}
