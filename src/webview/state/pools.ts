/** Owns what the page asks of huge pages: a plan that a person sees first, then the change, then taking it back. */

import { pageBytesOf } from '../../model/cases/pages.ts';
import type { PagesMissing } from '../../model/bench/offer.ts';
import type { Client } from '../../protocol/client.ts';
import type { PoolPlan } from './pool-question.ts';
import type { Notice, Store } from './store.ts';

export interface PoolActions {
  /** Looks at what is missing now and asks. */
  plan(missing: readonly Pick<PagesMissing, 'node' | 'pages' | 'needed'>[]): void;
  /** Makes the changes of the plans that were shown, one after the other. @param then what goes on where every page was had. */
  reserve(plans: readonly PoolPlan[], then: () => void): void;
  /** @param force also where somebody changed the pool since. */
  putBack(force: boolean): void;
  close(): void;
}

export function createPoolActions(
  client: Client,
  store: Store,
  ask: (title: string, request: () => Promise<unknown>) => Promise<void>,
  notice: (level: Notice['level'], message: string) => void,
): PoolActions {
  const close = (): void => store.set({ pool: null });
  return {
    close,
    plan(missing) {
      void ask('The pages could not be planned', async () => {
        const plans: PoolPlan[] = [];
        for (const { node, pages, needed } of missing) {
          const sizeBytes = pageBytesOf(pages);
          if (sizeBytes !== null) plans.push(await client.request('planHugePages', { node, sizeBytes, pages: needed }));
        }
        store.set({ pool: { kind: 'reserve', plans } });
      });
    },
    reserve(plans, then) {
      close();
      void ask('The pages were not reserved', async () => {
        let short = false;
        for (const { change } of plans) {
          if (!change) continue;
          const { node, sizeBytes, from, to } = change;
          const outcome = await client.request('reserveHugePages', { node, sizeBytes, from, to });
          short ||= outcome.short > 0;
          notice(outcome.short > 0 ? 'warning' : 'info', outcome.sentences.join(' '));
        }
        if (!short) then();
      });
    },
    putBack(force) {
      close();
      void ask('The pages were not put back', async () => {
        const { differs, sentences } = await client.request('undoHugePages', { force });
        if (differs !== null) {
          store.set({ pool: { kind: 'undo', differs, sentences } });
          return;
        }
        notice('info', sentences.join(' '));
      });
    },
  };
}
