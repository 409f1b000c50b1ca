/** An end for every wait for somebody else: the work itself, a time that has passed, or a cancel. */

import { PinboardError } from '../model/problem.ts';

/** How long a shell on a host may take until it first answers: start-up files may read a slow network file system. */
export const ANSWER_MS = 60_000;

export interface Limits {
  readonly ms: number;
  readonly signal?: AbortSignal | undefined;
  /** What it says when the time has passed. */
  readonly late: () => PinboardError;
}

export function cancelled(words = 'It was cancelled.'): PinboardError {
  return new PinboardError('cancelled', words);
}

/** A function, because the compiler takes a flag that it saw unset for unset for ever. */
export const isAborted = (signal: AbortSignal): boolean => signal.aborted;

/**
 * What `work` gives, unless the time passes or it is cancelled first; `work` itself goes on and is no longer heard.
 * @throws PinboardError `cancelled`, or what `late` says.
 */
export async function within<T>(work: Promise<T>, { ms, signal, late }: Limits): Promise<T> {
  work.catch(() => undefined);
  if (signal?.aborted === true) throw cancelled();
  let end = (): void => undefined;
  const interrupted = new Promise<never>((_, reject) => {
    const abort = (): void => reject(cancelled());
    const timer = Number.isFinite(ms) ? setTimeout(() => reject(late()), Math.max(0, ms)) : undefined;
    signal?.addEventListener('abort', abort, { once: true });
    end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
  });
  try {
    return await Promise.race([work, interrupted]);
  } finally {
    end();
  }
}

/** Waits, unless it is cancelled first. @throws PinboardError `cancelled`. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(cancelled());
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted === true) abort();
  });
}

/** `work`, or the end as soon as it is cancelled. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return within(work, { ms: Infinity, signal, late: cancelled });
}

/** `work`, or null when it takes longer or fails. */
export async function atMost<T>(ms: number, work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(resolve, ms, null)));
  try {
    return await Promise.race([work, late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
