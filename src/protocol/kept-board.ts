/** What of a board was kept in a file: as it is written now, and as it was before. */

import * as v from 'valibot';
import type { Workload } from '../model/bench/index.ts';
import type { Placement } from '../model/placement/slots.ts';
import { placementSchema, spscWorkloadSchema, workloadSchema } from './messages.ts';
import { id, nullable, record } from './primitives.ts';

/** As it was kept until 0.1: one id for each token, null in the tray. */
const formerPlacementSchema = v.pipe(
  record(nullable(id)),
  v.transform((former): Placement =>
    Object.fromEntries(Object.entries(former).flatMap(([slot, on]) => (on === null ? [] : [[slot, [on]]]))),
  ),
);

/** A placement that was kept in a file. */
export const keptPlacementSchema = v.union([placementSchema, formerPlacementSchema]);

/** One that was kept in a file; until 0.1 there was one benchmark, and none was named. */
export const keptWorkloadSchema = v.union([
  workloadSchema,
  v.pipe(
    v.object({ ...spscWorkloadSchema.entries, kind: v.optional(v.literal('spsc'), 'spsc') }),
    v.transform((former): Workload => former),
  ),
]);
