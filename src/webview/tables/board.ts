/** Owns the tables of what somebody did on the board, and of what the reading of the machine had to say. */

import { coreName } from '../../model/topology/counts.ts';
import { indexTopology, nodeOf } from '../../model/topology/relation.ts';
import { memoryNode } from '../../model/placement/placement.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { ROLES } from '../../model/cases/spsc.ts';
import type { Placement, Role } from '../../model/cases/spsc.ts';
import { table } from './table.ts';

const NAMES: Readonly<Record<Role, string>> = { producer: 'Producer', consumer: 'Consumer', memory: 'Memory' };

function where(topology: Topology, placement: Placement, role: Role): string[] {
  const target = placement[role];
  if (role === 'memory') {
    const touched = target === null ? memoryNode(topology, placement) : null;
    const at = target === null ? 'in the tray' : `node ${target}`;
    return [at, touched === null ? '' : `first touch by the producer: node ${touched}`];
  }
  if (target === null) return ['in the tray', ''];
  const place = indexTopology(topology).places.get(target);
  const parts = [
    place?.package ? `package ${place.package.id}` : null,
    coreName(place?.core),
    nodeOf(topology, target) ? `node ${nodeOf(topology, target)?.id ?? ''}` : null,
  ];
  return [`P#${target}`, parts.filter((part) => part !== null).join(', ')];
}

export function tokens(topology: Topology, placement: Placement): HTMLElement {
  const rows = ROLES.map((role) => [NAMES[role], ...where(topology, placement, role)]);
  return table('Placed', ['Token', 'On', 'Where that is'], rows);
}

export function warnings({ warnings: words }: Topology): HTMLElement | null {
  if (words.length === 0) return null;
  return table(
    'What this host says that cannot be right',
    ['No.', 'What, and what was done about it'],
    words.map((one, at) => [String(at + 1), one]),
  );
}
