/** What a machine out of a file cannot do. */

import { PinboardError } from '../problem.ts';

/** @param elsewhere how to get at a machine that runs. */
export const onPaper = (elsewhere: string): PinboardError =>
  new PinboardError(
    'unsupported',
    'This machine is a recording: it can be viewed, but nothing can run on it.',
    elsewhere,
  );
