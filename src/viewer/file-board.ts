/** What a file's editor needs of a board: where there is a host it can do more than show, on the web it cannot. */

import type { Run } from '../model/run/run.ts';
import type { PageAct } from '../protocol/acts.ts';
import type { ToPage } from '../protocol/messages.ts';
import type { AttachedPage } from '../protocol/pages.ts';
import type { ReadRecording, ShownFile } from './shown-file.ts';

/** Sends to a page and hears from it. */
export interface BoardSource {
  attach(send: (message: ToPage) => void): AttachedPage;
  /** What a command asks of the page. */
  act(asked: PageAct): void;
}

export interface FileBoard extends BoardSource {
  /** Shows the first, and the second held against it: of one machine, and the board shows that. */
  compare(first: Run, second: Run): void;
  notice(level: 'info' | 'warning' | 'error', message: string): void;
  dispose(): void;
}

/** The desktop or the web. */
export interface Edition {
  readonly readRecording: ReadRecording;
  /** A board that shows this file. */
  readonly board: (file: ShownFile) => Promise<FileBoard> | FileBoard;
}
