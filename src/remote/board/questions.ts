/** Questions that only a person can answer, shown on the board one after the other. */

import { randomUUID } from 'node:crypto';
import type { Question } from '../../model/board/board.ts';
import { PinboardError } from '../../model/problem.ts';
import { clean, cleanLines } from '../../model/text/clean.ts';
import type { Prompter } from '../transport.ts';

interface Pending {
  readonly question: Question;
  readonly resolve: (value: string | null) => void;
}

/** Servers choose the words of keyboard-interactive prompts. */
const MAX_TITLE = 200;
const MAX_LINE = 500;

export class Questions {
  readonly #show: (question: Question | null) => void;
  #pending: readonly Pending[] = [];

  constructor(show: (question: Question | null) => void) {
    this.#show = show;
  }

  /** A prompter whose questions are withdrawn (declined) when `signal` aborts. */
  prompter(signal: AbortSignal): Prompter {
    return {
      confirmHostKey: async ({ host, keyType, fingerprint }) => {
        const detail = `This host is not in known_hosts yet. Its ${keyType} key has the fingerprint\n${fingerprint}\nContinue only if it is the right one; it is then added to known_hosts.`;
        const title = `Is this really ${host}?`;
        return (await this.#ask({ kind: 'host-key', title, detail, accept: 'Trust and connect' }, signal)) === 'yes';
      },
      secret: ({ title, detail }) => this.#ask({ kind: 'secret', title, detail, accept: 'Continue' }, signal),
    };
  }

  /** @throws PinboardError `not-found` when it is not asked (any more). */
  answer(id: string, value: string | null): void {
    const answered = this.#pending.find((one) => one.question.id === id);
    if (!answered) throw new PinboardError('not-found', 'That prompt has expired.');
    this.#settle(answered, value);
  }

  #ask(words: Omit<Question, 'id'>, signal: AbortSignal): Promise<string | null> {
    if (signal.aborted) return Promise.resolve(null);
    return new Promise((resolve) => {
      const question = {
        ...words,
        id: randomUUID(),
        title: clean(words.title, MAX_TITLE),
        detail: cleanLines(words.detail, MAX_LINE),
      };
      const pending: Pending = { question, resolve };
      signal.addEventListener('abort', () => this.#settle(pending, null), { once: true });
      this.#pending = [...this.#pending, pending];
      this.#show(this.#pending[0]?.question ?? null);
    });
  }

  #settle(pending: Pending, value: string | null): void {
    if (!this.#pending.includes(pending)) return;
    this.#pending = this.#pending.filter((one) => one !== pending);
    this.#show(this.#pending[0]?.question ?? null);
    pending.resolve(value);
  }
}
