/** Ctrl+C: the first one ends whatever is going on and keeps what was measured, a second one ends the program at once. */

import { PinboardError, PROBLEM_EXIT } from '../model/problem.ts';
import { say } from './output.ts';

/** What is to be ended on a host gets this long; what is left ends by itself there, as without a connection. */
const ENDING_MS = 20_000;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Aborts with the first interrupt. */
export function onInterrupt(): AbortSignal {
  const control = new AbortController();
  const endNow = (): void => {
    // Should the process be held up even in ending (a file system that does not answer), a third one kills it.
    for (const name of SIGNALS) process.removeAllListeners(name);
    process.exit(PROBLEM_EXIT.cancelled);
  };
  const stop = (): void => {
    if (control.signal.aborted) endNow();
    control.abort();
    const late = setTimeout(() => {
      say(`numa-pinboard: not everything could be stopped within ${String(ENDING_MS / 1000)} s.`);
      endNow();
    }, ENDING_MS);
    late.unref();
  };
  for (const name of SIGNALS) process.on(name, stop);
  return control.signal;
}

/** Work on files alone, which nothing has to be tidied up after: it is left where it is. @throws PinboardError `cancelled`. */
export async function unlessInterrupted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const interrupted = new Promise<never>((_, reject) => {
    const stop = (): void => reject(new PinboardError('cancelled', 'Cancelled.'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  return Promise.race([work, interrupted]);
}
