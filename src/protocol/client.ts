/** The page's end of its protocol: requests become promises. */

import * as v from 'valibot';
import { PinboardError } from '../model/problem.ts';
import { ANSWERS, toPageSchema } from './messages.ts';
import type { HostEvent, Method, Returned, ToPage } from './messages.ts';
import { firstIssue } from './primitives.ts';
import type { Params, ToHost } from './requests.ts';

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
      const checked = v.safeParse(ANSWERS[open.method], message.result);
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
