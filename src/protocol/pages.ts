/** The pages that show a board: what each was told already, and which of them somebody looks at. */

import type { Board } from '../model/board/board.ts';
import type { BoardPatch } from '../model/board/patch.ts';
import { PinboardError } from '../model/problem.ts';
import type { PlacedSample } from '../model/live/past/past.ts';
import type { PageAct } from './acts.ts';
import { MESSAGES_VERSION } from './messages.ts';
import type { HostEvent, Returned, ToPage } from './messages.ts';
import { createResponder } from './responder.ts';
import type { Handlers, Responder } from './responder.ts';

type NoticeLevel = Extract<HostEvent, { event: 'notice' }>['level'];

export interface Page {
  /** Whether somebody looks at it: it says so itself, and its face does not say otherwise. */
  readonly visible: boolean;
  asksToWatch: boolean;
  shown: boolean;
  /** What `open` answers with; also again, after the page was loaded anew. */
  open(board: Board): Returned<'open'>;
  deliver(event: HostEvent): void;
}

export interface AttachedPage extends Responder {
  /** What its face knows of it: an editor hides a page without the page noticing. */
  show(shown: boolean): void;
}

export class Pages {
  /** Those that have a board: changes to what a page does not have mean nothing to it. */
  readonly #opened = new Set<Page>();
  readonly #all = new Set<Page>();
  /** What is to be shown or done that no page was there for yet. */
  #unshown: HostEvent | null = null;

  /** @param handlersFor what the page's requests do. @param onLook makes a change to whether it is looked at. */
  attach(
    send: (message: ToPage) => void,
    handlersFor: (page: Page) => Handlers,
    onLook: (page: Page, change: () => void) => void,
  ): AttachedPage {
    let opening: unknown = null;
    let waiting: HostEvent[] = [];
    let closed = false;
    const page: Page = {
      get visible() {
        return !closed && page.asksToWatch && page.shown;
      },
      asksToWatch: false,
      shown: true,
      open: (board) => {
        opening = board;
        waiting = [];
        this.#opened.add(page);
        return asOpened(board);
      },
      deliver: (event) => {
        if (closed) return;
        if (opening === null) send(event);
        else waiting.push(event);
      },
    };
    const responder = createResponder(handlersFor(page), (message) => {
      if (closed) return;
      send(message);
      if (message.type !== 'response' || message.outcome !== 'result' || message.result !== opening) return;
      // What happened between reading the board and answering with it must come behind the answer.
      opening = null;
      for (const event of waiting.splice(0)) send(event);
      if (this.#unshown) this.#ask(this.#unshown);
    });
    this.#all.add(page);
    return {
      receive: (message) => responder.receive(message),
      close: () => {
        if (closed) return;
        this.#all.delete(page);
        this.#opened.delete(page);
        responder.close();
        onLook(page, () => (closed = true));
      },
      show: (shown) => onLook(page, () => (page.shown = shown)),
    };
  }

  get watched(): boolean {
    return [...this.#all].some((page) => page.visible);
  }

  changed(patch: BoardPatch): void {
    this.#tell(asBoardEvent(patch));
  }

  sampled(sample: PlacedSample): void {
    for (const page of this.#opened) if (page.visible) page.deliver(asEvent(sample));
  }

  /** The last one, to a page that is looked at from now on. */
  tellSample(page: Page, sample: PlacedSample): void {
    page.deliver(asEvent(sample));
  }

  notice(level: NoticeLevel, message: string): void {
    this.#tell({ type: 'event', event: 'notice', level, message });
  }

  /** @param beside the run that is held against it; null: none. */
  show(run: string, beside: string | null = null): void {
    this.#ask({ type: 'event', event: 'show', run, ...(beside === null ? {} : { beside }) });
  }

  /** As `show`. */
  act(asked: PageAct): void {
    this.#ask({ type: 'event', event: 'act', asked });
  }

  /** As `show`. @param finding of the doctor, as the board numbers them. */
  reveal(finding: number): void {
    this.#ask({ type: 'event', event: 'reveal', finding });
  }

  #ask(event: HostEvent): void {
    this.#unshown = this.#opened.size === 0 ? event : null;
    this.#tell(event);
  }

  #tell(event: HostEvent): void {
    for (const page of this.#opened) page.deliver(event);
  }
}

/** @throws PinboardError `version` where page and program are not of one piece. */
export function checkVersion(version: number): void {
  if (version === MESSAGES_VERSION) return;
  throw new PinboardError(
    'version',
    `The page uses protocol version ${version}, the program that serves it ${MESSAGES_VERSION}.`,
    'Reload the page.',
  );
}

// The schemas' types are the model's without `readonly`; what is sent is never changed on this side.
const asOpened = (board: Board): Returned<'open'> => board as unknown as Returned<'open'>;
const asBoardEvent = (patch: BoardPatch): HostEvent =>
  ({ type: 'event', event: 'board', patch }) as unknown as HostEvent;
const asEvent = ({ sample, at, after }: PlacedSample): HostEvent =>
  ({ type: 'event', event: 'sample', sample, at, after }) as unknown as HostEvent;
