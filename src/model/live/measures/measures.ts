/**
 * The measures in the order of their number keys and of the list. A new one is a file here and a row: bar, keys, list, help, legend,
 * tables and sentence follow.
 */

import { disk, net } from './devices.ts';
import { foreign, hit, local, miss } from './events.ts';
import { frequency } from './frequency.ts';
import { anon, file, slab } from './held.ts';
import { interrupts } from './interrupts.ts';
import { controllers, links } from './links.ts';
import { loads } from './loads.ts';
import { GROUPS } from './measure.ts';
import type { Group, Measure } from './measure.ts';
import { balancing, demoted, migrations, promoted } from './moves.ts';
import { cpuPressure, ioPressure, memoryPressure } from './pressure.ts';
import { QUICK } from './quick.ts';
import { bandwidth, cache, remoteBandwidth } from './resctrl.ts';
import { iowait, steal, system, user } from './time.ts';

export const MEASURES: readonly [Measure, ...Measure[]] = [
  ...QUICK,
  ...[user, system, iowait, steal, frequency, cache],
  ...[file, anon, slab],
  ...[hit, miss, foreign, local],
  ...[migrations, balancing, promoted, demoted],
  ...[cpuPressure, memoryPressure, ioPressure],
  ...[net, disk, interrupts],
  loads,
  ...[bandwidth, remoteBandwidth, links, controllers],
];

/** By group, in the order in which they are listed. */
export const grouped = (): readonly (readonly [Group, readonly Measure[]])[] =>
  GROUPS.map((group) => [group, MEASURES.filter((measure) => measure.group === group)] as const).filter(
    ([, measures]) => measures.length > 0,
  );

/** The first where there is none of that key. */
export function measureOf(key: string): Measure {
  return MEASURES.find((measure) => measure.key === key) ?? MEASURES[0];
}
