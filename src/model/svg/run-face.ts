/** What of a run or a plan is drawn on the machine: tokens, the line between them, where memory lies, the figure. */

import { memoryNodesOf } from '../placement/placement.ts';
import { firstIn, idsIn, lineCpus } from '../placement/slots.ts';
import type { Placement, Slot } from '../placement/slots.ts';
import type { Topology } from '../topology/topology.ts';
import type { Chip } from './chip.ts';

/** CPUs at the ends of the line of a run. */
export interface LineEnds {
  readonly from: number;
  readonly to: number;
}

/** Where memory of a slot lies, whether its token was placed or not. */
export interface MemoryFace {
  readonly slot: Slot;
  readonly node: number;
  /** The CPU that works on it, from the slot that it follows; null while that is in the tray. */
  readonly cpu: number | null;
  readonly placed: boolean;
}

export interface RunFace {
  readonly slots: readonly Slot[];
  readonly placement: Placement;
  readonly memory: readonly MemoryFace[];
  readonly baseline: LineEnds | null;
  /** Where the tokens of another run stood, each to be outlined; null: of none. */
  readonly beside?: Placement | null;
  /** Dashed: to be measured. Moving: being measured. */
  readonly line: 'none' | 'plan' | 'live' | 'solid';
  readonly chip: Chip | null;
  /** The cells show heat: their tokens leave them an edge for it. */
  readonly heated?: boolean;
}

export function memoryFaces(topology: Topology, slots: readonly Slot[], placement: Placement): MemoryFace[] {
  return slots
    .filter(({ on }) => on === 'nodes')
    .flatMap((slot) => {
      const placed = idsIn(placement, slot.name).length > 0;
      const cpu = slot.follows === null ? null : firstIn(placement, slot.follows);
      return memoryNodesOf(topology, slot, placement).map((node) => ({ slot, node, cpu, placed }));
    });
}

/** The slot whose memory lies on a node by first touch, once the line stands: no token says so. */
export function touching({ slots, placement, memory, line }: RunFace, node: number): Slot | null {
  if (line === 'none' || !lineCpus(slots, placement)) return null;
  return memory.find((one) => !one.placed && one.node === node)?.slot ?? null;
}
