/** What was discovered, held against what the host's own lstopo says. */

import { differences } from '../../model/formats/lstopo/differences.ts';
import { readLstopoXml } from '../../model/formats/lstopo/read.ts';
import type { Topology } from '../../model/topology/topology.ts';

/** The topology, with a warning for each difference to what lstopo says. What cannot be read of lstopo changes nothing. */
export function checkedAgainst(xml: string, topology: Topology): Topology {
  try {
    const found = differences(topology, readLstopoXml(xml, topology.machine.name), { memory: false });
    if (found.length === 0) return topology;
    const warnings = found.map((words) => `lstopo on this host differs: ${words}`);
    return { ...topology, warnings: [...topology.warnings, ...warnings] };
  } catch {
    return topology;
  }
}
