/** What a page's requests do on a board that only shows: looking is answered, everything else says why not. */

import { pairFigures } from '../model/bench/matrix/cells.ts';
import { PinboardError } from '../model/problem.ts';
import { clean } from '../model/text/clean.ts';
import { REQUESTS } from '../protocol/requests.ts';
import type { Method, Returned } from '../protocol/messages.ts';
import { checkVersion } from '../protocol/pages.ts';
import type { Page } from '../protocol/pages.ts';
import { pieceBefore } from '../protocol/past.ts';
import type { Handlers } from '../protocol/responder.ts';
import { parseRunOf } from '../protocol/run-file.ts';
import { tokenHandlers } from '../protocol/token-handlers.ts';
import { Upload } from '../protocol/upload.ts';
import { ELSEWHERE } from './session.ts';
import type { ViewSession } from './session.ts';

/** Asks a person for files of runs; none where a person goes back. @throws PinboardError `bad-file`. */
export type PickFiles = () => Promise<readonly { readonly name: string; readonly text: string }[]>;

function refuse(): never {
  throw new PinboardError('unsupported', 'Files are shown here; nothing runs, and nothing is written.', ELSEWHERE);
}

export function handlersFor(session: ViewSession, page: Page, pickFiles: PickFiles): Handlers {
  const upload = new Upload();
  const add = (name: string, text: string): NonNullable<Returned<'file'>['opened']> => {
    const run = parseRunOf(clean(name, 200), text);
    const known = session.runs.known(run.id) !== null;
    session.runs.add(run);
    if (session.runs.isListed(run.id)) return { run: run.id, host: run.host.name, here: true, known };
    throw new PinboardError(
      'unsupported',
      `${clean(name, 200)} was measured on ${run.host.name}, which is not the machine that is shown here.`,
      'Open it in an editor of its own.',
    );
  };
  const refusals = Object.fromEntries(Object.keys(REQUESTS).map((method) => [method, refuse]));
  return {
    ...(refusals as Record<Method, typeof refuse>),
    open: ({ version }) => {
      checkVersion(version);
      return page.open(session.board);
    },
    watch: () => ({}),
    past: ({ before }) => pieceBefore(session.past, before),
    ...tokenHandlers(session.tokens),
    baseline: ({ run }) => {
      session.setBaseline(run);
      return {};
    },
    pairs: ({ run, rows, columns }) => ({ figures: pairFigures(session.runs.find(run), rows, columns) }),
    file: ({ name, text, last }) => {
      const whole = upload.take(name, text, last);
      return { opened: whole === null ? null : add(name, whole) };
    },
    pick: async () => ({ opened: (await pickFiles()).map(({ name, text }) => add(name, text)) }),
  };
}
