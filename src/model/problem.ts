/** What can go wrong, as data: a code, what failed and why, and what to do next. Every room uses this one kind. */

import { visible } from './text/visible.ts';

/** Codes and the exit status of the command line they end with (docs: "Exit codes"). */
export const PROBLEM_EXIT = {
  'check-failed': 1,
  usage: 2,
  'bad-file': 2,
  unreachable: 3,
  'login-refused': 3,
  'host-key-unknown': 3,
  'host-key-changed': 3,
  'host-key-revoked': 3,
  'prompt-needed': 3,
  'connection-lost': 5,
  'cpu-absent': 4,
  'cpu-forbidden': 4,
  'node-absent': 4,
  'node-without-memory': 4,
  'node-forbidden': 4,
  'no-huge-pages': 4,
  'no-memory': 4,
  permission: 4,
  'not-found': 4,
  unsupported: 4,
  'no-agent': 4,
  'not-linux': 4,
  'agent-died': 5,
  cancelled: 5,
  busy: 4,
  'not-connected': 3,
  version: 2,
  internal: 70,
} as const satisfies Record<string, number>;

export type ProblemCode = keyof typeof PROBLEM_EXIT;
export const PROBLEM_CODES = Object.keys(PROBLEM_EXIT) as [ProblemCode, ...ProblemCode[]];

/** A problem as it travels in messages and stands on the page. */
export interface Problem {
  readonly code: ProblemCode;
  /** What failed and why. */
  readonly message: string;
  /** What to do next, with the exact command where there is one. */
  readonly hint: string | null;
}

/** A problem, thrown. */
export class PinboardError extends Error implements Problem {
  override name = 'PinboardError';
  readonly code: ProblemCode;
  readonly hint: string | null;
  constructor(code: ProblemCode, message: string, hint: string | null = null, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}

/** What a thrown value says of itself: it may be anything. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** All that a problem says, in one line. */
export const problemWords = ({ message, hint }: Pick<Problem, 'message' | 'hint'>): string =>
  hint === null ? message : `${message} ${hint}`;

/** Any thrown value as a problem; what is not ours is `internal` and keeps its words. They may hold names out of a file or of a host. */
export function toProblem(error: unknown): Problem {
  const { code, hint }: Pick<Problem, 'code' | 'hint'> =
    error instanceof PinboardError ? error : { code: 'internal', hint: null };
  const message = visible(messageOf(error));
  return { code, message, hint: hint === null ? null : visible(hint) };
}

/** Why what was typed cannot be read, in words; null: it can. */
export function whyNot(read: () => unknown): string | null {
  try {
    read();
    return null;
  } catch (error) {
    return problemWords(toProblem(error));
  }
}
