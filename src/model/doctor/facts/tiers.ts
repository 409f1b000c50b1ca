/** What says that memory without CPUs is a tier of its own (CXL, HBM, persistent memory) and not a node that lost its CPUs. */

import { Source } from '../../formats/sysfs/source.ts';
import type { ProbeFiles } from '../../formats/sysfs/probe.ts';
import { parseCpuList } from '../../text/cpulist.ts';

export interface Tiers {
  /** Nodes of each tier, the fastest first; empty where the kernel shows none. */
  readonly tiers: readonly (readonly number[])[];
  /** Nodes that are the memory of a device (CXL, persistent memory) which a driver has added. */
  readonly deviceNodes: readonly number[];
}

const TIER = 'sys/devices/virtual/memory_tiering/memory_tier';

export function readTiers(files: ProbeFiles): Tiers {
  const source = new Source(files);
  const tiers = source.numbered(TIER).flatMap((id) => {
    const nodes = source.ids({ list: `${TIER}${id}/nodelist` });
    return nodes && nodes.size > 0 ? [[...nodes]] : [];
  });
  const deviceNodes: number[] = [];
  for (const [path, text] of files) {
    if (/^sys\/bus\/dax\/devices\/[^/]+\/target_node$/.test(path) && /^\d{1,4}$/.test(text.trim()))
      deviceNodes.push(Number(text));
  }
  return { tiers, deviceNodes: deviceNodes.slice(0, 1024) };
}

/** Whether a node without CPUs is known to be memory of another kind. */
export function isTier(
  { tiers, deviceNodes }: Tiers,
  node: { readonly id: number; readonly nearCpus?: string | undefined },
): boolean {
  const own = tiers.findIndex((nodes) => nodes.includes(node.id));
  return deviceNodes.includes(node.id) || own > 0 || parseCpuList(node.nearCpus ?? '').length > 0;
}
