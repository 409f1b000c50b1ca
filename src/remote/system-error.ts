/** What Node says of a system call that failed. */

import { messageOf } from '../model/problem.ts';

/** "ENOENT" and the like; "" for what is no failed system call. */
export function errorCode(error: unknown): string {
  // Node tries every address of a name and reports the failures together: the first one speaks for all.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error && 'code' in first && typeof first.code === 'string' ? first.code : '';
}

/** The code, or the message where there is none. */
export const codeOrMessage = (error: unknown): string => errorCode(error) || messageOf(error);
