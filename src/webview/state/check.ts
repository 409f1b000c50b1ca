/** Owns what the page asks of the doctor: a look, its end, and putting away what it found. */

import type { Client } from '../../protocol/client.ts';
import type { Store } from './store.ts';

export interface CheckActions {
  /** @param of whose work, as in "pid:4711"; absent: the busiest. */
  start(of?: string): void;
  stop(): void;
  /** Puts the outcome away, or shows it again; where there is none, looks. */
  toggle(): void;
  close(): void;
}

export function createCheckActions(
  client: Client,
  store: Store,
  ask: (title: string, request: () => Promise<unknown>) => Promise<void>,
  announce: (words: string) => void,
): CheckActions {
  const checkup = (): { readonly startedAt: string; readonly going: boolean } | null => {
    const now = store.get().board?.checkup;
    return now ? { startedAt: now.startedAt, going: now.diagnosis === null } : null;
  };
  const hide = (hiddenCheckup: string | null): void => store.set({ hiddenCheckup });
  const start = (of?: string): void => {
    hide(null);
    if (checkup()?.going === true) return;
    void ask('The host was not checked', async () => {
      await client.request('check', { of: of ?? null });
      const sentence = store.get().board?.checkup?.diagnosis?.sentence;
      if (sentence !== undefined) announce(sentence);
    });
  };
  return {
    start,
    stop: () => void ask('The look could not be ended', () => client.request('stopCheck', {})),
    close: () => hide(checkup()?.startedAt ?? null),
    toggle() {
      const now = checkup();
      if (!now) start();
      else hide(store.get().hiddenCheckup === now.startedAt ? null : now.startedAt);
    },
  };
}
