/**
 * Both ends of the page protocol. `createClient` is the page's: requests become promises. `createResponder` is the
 * host's: whatever a handler does (return, throw, be cancelled), its request is answered exactly once.
 */

import * as v from 'valibot';
import { PinboardError, toProblem } from '../model/problem.ts';
import { METHODS, toHostSchema, toPageSchema } from './messages.ts';
import type { HostEvent, Method, Params, Returned, ToHost, ToPage } from './messages.ts';
import { firstIssue } from './primitives.ts';

export interface Client {
  /**
   * @param signal aborting it asks the host to stop; the promise then rejects with `cancelled`.
   * @throws PinboardError as the host answered, or `version` for an answer of unknown form.
   */
  request<M extends Method>(method: M, params: Params<M>, signal?: AbortSignal): Promise<Returned<M>>;
  /** To be called with everything that arrives. */
  receive(message: unknown): void;
  /** The line is gone: every open request fails with `connection-lost`. */
  close(): void;
}

interface Pending {
  readonly method: Method;
  readonly resolve: (value: never) => void;
  readonly reject: (error: PinboardError) => void;
}

export function createClient(send: (message: ToHost) => void, onEvent: (event: HostEvent) => void): Client {
  const pending = new Map<number, Pending>();
  let lastId = 0;

  const settle = (message: Extract<ToPage, { type: 'response' }>): void => {
    const open = pending.get(message.id);
    if (!open) return;
    pending.delete(message.id);
    if (message.outcome === 'cancelled') {
      open.reject(new PinboardError('cancelled', 'Cancelled.'));
    } else if (message.outcome === 'problem') {
      open.reject(new PinboardError(message.problem.code, message.problem.message, message.problem.hint));
    } else {
      const checked = v.safeParse(METHODS[open.method].result, message.result);
      if (checked.success) open.resolve(checked.output as never);
      else open.reject(new PinboardError('version', `Unknown answer to ${open.method}: ${firstIssue(checked.issues)}`));
    }
  };

  return {
    request<M extends Method>(method: M, params: Params<M>, signal?: AbortSignal): Promise<Returned<M>> {
      const id = ++lastId;
      return new Promise<Returned<M>>((resolve, reject) => {
        pending.set(id, { method, resolve, reject });
        signal?.addEventListener('abort', () => {
          if (pending.has(id)) send({ type: 'cancel', id });
        });
        send({ type: 'request', id, method, params });
      });
    },
    receive(message: unknown): void {
      const checked = v.safeParse(toPageSchema, message);
      if (!checked.success) {
        const words = `Unknown message: ${firstIssue(checked.issues)}`;
        onEvent({ type: 'event', event: 'notice', level: 'error', message: words });
      } else if (checked.output.type === 'event') onEvent(checked.output);
      else settle(checked.output);
    },
    close(): void {
      for (const open of pending.values()) open.reject(new PinboardError('connection-lost', 'The page lost its host.'));
      pending.clear();
    },
  };
}

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
    const checked = v.safeParse(METHODS[method].params, params);
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
        if (!('outlivesPage' in METHODS[method])) control.abort();
      }
    },
  };
}
