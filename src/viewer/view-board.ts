/** The board of an edition without hosts: a session that shows, and the pages that look at it. */

import type { FileBoard } from './file-board.ts';
import { handlersFor } from './handlers.ts';
import type { PickFiles } from './handlers.ts';
import { ViewSession } from './session.ts';
import type { ShownFile } from './shown-file.ts';

export function viewBoard(file: ShownFile, pickFiles: PickFiles): FileBoard {
  const session = new ViewSession(file);
  const { pages } = session;
  return {
    attach: (send) =>
      pages.attach(
        send,
        (page) => handlersFor(session, page, pickFiles),
        // Nothing begins or ends with being looked at.
        (_, change) => change(),
      ),
    compare: (first, second) => session.compare(first, second),
    act: (asked) => pages.act(asked),
    notice: (level, message) => pages.notice(level, message),
    // It holds nothing: a page that is closed detaches itself.
    dispose: () => undefined,
  };
}
