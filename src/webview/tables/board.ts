/** Owns the tables of what somebody did on the board, and of what the reading of the machine had to say. */

import { coreName } from '../../model/topology/counts.ts';
import { indexTopology, nodeOf } from '../../model/topology/relation.ts';
import { memoryNodesOf } from '../../model/placement/placement.ts';
import { idsIn, slotNamed } from '../../model/placement/slots.ts';
import type { Placement, Slot } from '../../model/placement/slots.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { formatCpuList } from '../../model/text/cpulist.ts';
import { table } from './table.ts';

function whereMemory(topology: Topology, slots: readonly Slot[], placement: Placement, slot: Slot): string[] {
  const nodes = idsIn(placement, slot.name);
  if (nodes.length > 0) return [`node ${formatCpuList(nodes)}`, ''];
  const touched = memoryNodesOf(topology, slot, placement)[0];
  const held = placement[slot.name];
  const by = slotNamed(slots, held && 'of' in held ? held.of : (slot.follows ?? ''));
  return ['in the tray', touched === undefined || !by ? '' : `first touch by the ${by.spoken}: node ${touched}`];
}

/** Of one CPU; several only by number. */
function whereCpu(topology: Topology, cpu: number): string {
  const place = indexTopology(topology).places.get(cpu);
  const parts = [
    place?.package ? `socket ${place.package.id}` : null,
    coreName(place?.core),
    nodeOf(topology, cpu) ? `node ${nodeOf(topology, cpu)?.id ?? ''}` : null,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

function where(topology: Topology, slots: readonly Slot[], placement: Placement, slot: Slot): string[] {
  if (slot.on === 'nodes') return whereMemory(topology, slots, placement, slot);
  const [cpu, ...others] = idsIn(placement, slot.name);
  if (cpu === undefined) return ['in the tray', ''];
  if (others.length > 0) return [`P#${formatCpuList([cpu, ...others])}`, ''];
  return [`P#${cpu}`, whereCpu(topology, cpu)];
}

export function tokens(topology: Topology, slots: readonly Slot[], placement: Placement): HTMLElement {
  const rows = slots.map((slot) => [slot.label, ...where(topology, slots, placement, slot)]);
  return table('Placed', ['Token', 'On', 'Where that is'], rows);
}

export function warnings({ warnings: words }: Topology): HTMLElement | null {
  if (words.length === 0) return null;
  return table(
    'What this host reports that cannot be right',
    ['No.', 'Problem, and how it was handled'],
    words.map((one, at) => [String(at + 1), one]),
  );
}
