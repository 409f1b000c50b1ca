/** What a dialog asks about huge pages. */

import type { Returned } from '../../protocol/messages.ts';

export type PoolPlan = Returned<'planHugePages'>;

/** Pages to reserve, with what that changes on each node; or a change to take back after somebody else changed the pool. */
export type PoolQuestion =
  | { readonly kind: 'reserve'; readonly plans: readonly PoolPlan[] }
  | { readonly kind: 'undo'; readonly differs: string; readonly sentences: readonly string[] };
