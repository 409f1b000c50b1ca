/** The host's end of the page's protocol: whatever a handler does (return, throw, be cancelled), its request is answered exactly once. */

import * as v from 'valibot';
import { PinboardError, toProblem } from '../model/problem.ts';
import type { Method, Returned, ToPage } from './messages.ts';
import { firstIssue } from './primitives.ts';
import { OUTLIVES_PAGE, REQUESTS, toHostSchema } from './requests.ts';
import type { Params } from './requests.ts';

export type Handlers = {
  readonly [M in Method]: (params: Params<M>, signal: AbortSignal) => Promise<Returned<M>> | Returned<M>;
};

export interface Responder {
  /** To be called with everything that arrives; never throws. */
  receive(message: unknown): void;
  /** The page is gone: what it still waits for is cancelled, but for what outlives it. */
  close(): void;
}

const usage = (words: string): PinboardError => new PinboardError('usage', words);

/** The id of a request too broken to read otherwise, so that even it gets its answer. */
function readableId(message: unknown): number | null {
  if (typeof message !== 'object' || message === null || !('id' in message) || !('type' in message)) return null;
  return message.type === 'request' && Number.isSafeInteger(message.id) && Number(message.id) > 0
    ? Number(message.id)
    : null;
}

export function createResponder(handlers: Handlers, send: (message: ToPage) => void): Responder {
  const running = new Map<number, { readonly method: Method; readonly control: AbortController }>();

  const run = async (id: number, method: Method, params: unknown, signal: AbortSignal): Promise<ToPage> => {
    const checked = v.safeParse(REQUESTS[method], params);
    if (!checked.success) {
      const problem = toProblem(usage(`${method} cannot be asked like that: ${firstIssue(checked.issues)}`));
      return { type: 'response', id, outcome: 'problem', problem };
    }
    try {
      const handler = handlers[method] as (params: unknown, signal: AbortSignal) => unknown;
      return { type: 'response', id, outcome: 'result', result: await handler(checked.output, signal) };
    } catch (error) {
      if (error instanceof PinboardError && error.code === 'cancelled') {
        return { type: 'response', id, outcome: 'cancelled' };
      }
      return { type: 'response', id, outcome: 'problem', problem: toProblem(error) };
    }
  };

  return {
    receive(message: unknown): void {
      const checked = v.safeParse(toHostSchema, message);
      if (!checked.success) {
        const id = readableId(message);
        const words = `Unknown request: ${firstIssue(checked.issues)}`;
        if (id !== null) send({ type: 'response', id, outcome: 'problem', problem: toProblem(usage(words)) });
        return;
      }
      const request = checked.output;
      if (request.type === 'cancel') {
        running.get(request.id)?.control.abort();
        return;
      }
      if (running.has(request.id)) return;
      const control = new AbortController();
      running.set(request.id, { method: request.method, control });
      void run(request.id, request.method, request.params, control.signal).then((answer) => {
        running.delete(request.id);
        send(answer);
      });
    },
    close(): void {
      for (const { method, control } of running.values()) {
        if (!OUTLIVES_PAGE.includes(method)) control.abort();
      }
    },
  };
}
