/** A file of a run: how large one can be, and its run or the reason why it has none. */

import { messageOf, PinboardError } from '../model/problem.ts';
import type { Run } from '../model/run/run.ts';
import { parseRun } from './run.ts';

/** A run of 2,048 CPUs takes 2 MB. */
export const MAX_RUN_BYTES = 64 * 1024 * 1024;
export const RUN_HINT = 'Provide a run (*.numa.json), as written by an export or bench --format json.';

/** The run that `text` holds; `path` is for the words. @throws PinboardError `bad-file`. */
export function parseRunOf(path: string, text: string): Run {
  try {
    return parseRun(text);
  } catch (error) {
    throw new PinboardError('bad-file', `${path}: ${messageOf(error)}`, RUN_HINT);
  }
}
