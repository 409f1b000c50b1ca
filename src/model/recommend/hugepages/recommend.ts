/** A plan as things to paste into the tools that reserve huge pages for good, or use them, with this host's numbers filled in. */

import type { HugePagesPlan } from '../../hugepages/plan.ts';
import type { HugePages } from '../../hugepages/pools.ts';
import { fstabLine, kernelLine, systemdUnit } from './boot.ts';
import { kubernetes, libvirt, malloc } from './guests.ts';
import { wantedOf } from './wanted.ts';
import type { HugePagesRecommendation, HugePagesTool } from './wanted.ts';

/** In the order they are shown. */
export const HUGEPAGES_TOOLS: readonly HugePagesTool[] = [
  'systemd',
  'kernel',
  'fstab',
  'kubernetes',
  'libvirt',
  'malloc',
];

/** One a tool. */
export function recommendHugePages(state: HugePages, plan: HugePagesPlan): HugePagesRecommendation[] {
  const wanted = wantedOf(state, plan);
  if (!wanted) return [];
  return [systemdUnit, kernelLine, fstabLine, kubernetes, libvirt, malloc].map((make) => make(wanted));
}
