/** A page and the session it shows: the one place that knows both what a page may ask for and what a session can do. */

import type { ToPage } from '../../protocol/messages.ts';
import { handlersFor } from './handlers.ts';
import type { AttachedPage } from '../../protocol/pages.ts';
import type { BoardSession } from './session.ts';

/** `send` gets what goes to the page, `receive` takes what comes from it. Closing it cancels what it waits for. */
export function attachPage(session: BoardSession, send: (message: ToPage) => void): AttachedPage {
  return session.attach(send, (page) => handlersFor(session, page));
}
