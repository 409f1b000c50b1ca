/** How busy the nodes were over the last five minutes. */

import type { Topology } from '../topology/topology.ts';
import { nodeBusy } from './rates.ts';
import type { Sample } from './sample.ts';

const HISTORY_MS = 5 * 60_000;

/** Busy share by node id at one moment. */
export interface HistoryPoint {
  readonly time: string;
  readonly busy: Readonly<Record<string, number>>;
}

/** The history with one more point, without what is older; as it is where it has that point. */
export function lengthen(
  history: readonly HistoryPoint[],
  topology: Topology,
  sample: Sample,
): readonly HistoryPoint[] {
  if (history.at(-1)?.time === sample.time) return history;
  const oldest = Date.parse(sample.time) - HISTORY_MS;
  const busy = Object.fromEntries(nodeBusy(topology, sample));
  return [...history.filter((point) => Date.parse(point.time) >= oldest), { time: sample.time, busy }];
}
