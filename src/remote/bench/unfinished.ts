/** Runs that nobody finished. */

import { PinboardError } from '../../model/problem.ts';

/** What a run says of itself whose measuring program vanished. */
export const UNFINISHED = new PinboardError(
  'cancelled',
  'The program taking this measurement exited before the run finished.',
);
