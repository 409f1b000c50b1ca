/** Owns the seam to whoever holds the truth: the editor's message port, or the loopback server's socket. */

import type { ToHost } from '../../protocol/requests.ts';

export interface Seam {
  readonly kind: 'editor' | 'browser';
  send(message: ToHost): void;
  onMessage(receive: (message: unknown) => void): void;
  /** Called with true when a line is there (again), with false when it was lost. */
  onLine(change: (open: boolean) => void): void;
  /** What the page looked like last time, for this editor panel or browser tab. */
  load(): unknown;
  save(state: unknown): void;
  /** The page shows one run on its own picture, apart from the board. */
  readonly apart: boolean;
  /** Leaves for the page of one run. */
  toRun(run: string): void;
  /** Leaves for the board. */
  toBoard(): void;
}

interface EditorApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare global {
  /** Only there inside a webview of VS Code; may be called once. */
  var acquireVsCodeApi: (() => EditorApi) | undefined;
}

/** The editor's port never breaks while the page lives. */
function editor(api: EditorApi): Seam {
  return {
    kind: 'editor',
    send: (message) => api.postMessage(message),
    onMessage(receive) {
      // The webview's own bootstrap posts from the same window; a sub-frame (there is none) would have another source.
      addEventListener('message', (event: MessageEvent<unknown>) => receive(event.data));
    },
    onLine: (change) => change(true),
    load: () => api.getState(),
    save: (state) => api.setState(state),
    // A run has an editor of its own there: another page.
    apart: false,
    toRun: () => undefined,
    toBoard: () => undefined,
  };
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8000;
/** Which run a page shows; without it, the board. */
const RUN = 'run';

/** The server knows this page by a cookie that scripts cannot read and that is sent below this page's own path only. */
function browser(): Seam {
  let receive: (message: unknown) => void = () => undefined;
  let change: (open: boolean) => void = () => undefined;
  let socket: WebSocket | null = null;
  let wait = FIRST_WAIT_MS;
  const { search } = location;
  // The board's page and that of a run remember what they show each for itself.
  const stored = `numa-pinboard${search}`;

  const open = (): void => {
    const next = new WebSocket(`ws://${location.host}${location.pathname}socket${search}`);
    socket = next;
    next.addEventListener('open', () => {
      wait = FIRST_WAIT_MS;
      change(true);
    });
    next.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (typeof event.data === 'string') receive(parse(event.data));
    });
    next.addEventListener('close', () => {
      socket = null;
      change(false);
      setTimeout(open, wait);
      wait = Math.min(LONGEST_WAIT_MS, wait * 2);
    });
  };

  return {
    kind: 'browser',
    send(message) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    onMessage(next) {
      receive = next;
    },
    onLine(next) {
      change = next;
      open();
    },
    load: () => parse(sessionStorage.getItem(stored) ?? 'null'),
    save: (state) => sessionStorage.setItem(stored, JSON.stringify(state)),
    apart: new URLSearchParams(search).has(RUN),
    toRun: (run) => location.assign(`?${String(new URLSearchParams([[RUN, run]]))}`),
    toBoard: () => location.assign(location.pathname),
  };
}

/** Text that is not JSON is handed on as text: the client refuses it with words. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function connectHost(): Seam {
  return typeof acquireVsCodeApi === 'function' ? editor(acquireVsCodeApi()) : browser();
}
