/** Owns how a run stands on the machine: where its tokens lie, as what its line is drawn, what its chip says. */

import { move } from '../../model/placement/placement.ts';
import type { Placement } from '../../model/placement/slots.ts';
import { measureOf } from '../measures/known.ts';
import type { Chip } from '../../model/svg/chip.ts';
import { memoryFaces } from '../../model/svg/run-face.ts';
import type { RunFace } from '../../model/svg/run-face.ts';
import type * as Later from './later.ts';
import type { MachineView } from './view.ts';

/** A carried token is in the hand, not on the machine; of a slot that holds many, those that lie there stay. */
function lying({ placement, carried }: MachineView): Placement {
  return carried && !carried.slot.many ? move(placement, carried.slot, { put: null }) : placement;
}

function chipOf({ running, result }: MachineView, later: typeof Later | null): Chip | null {
  if (running) return { head: `${running.round} of ${running.rounds}`, tone: 'even', lines: ['measuring'] };
  return result && later ? later.resultChip(result) : null;
}

/** @param later null until it is loaded: until then nothing is drawn of a run. */
export function runFace(view: MachineView, later: typeof Later | null): RunFace {
  const { topology, slots, running, result, planned, baseline, carried } = view;
  const placement = lying(view);
  const line = carried ? 'none' : running ? 'live' : result ? 'solid' : planned ? 'plan' : 'none';
  return {
    slots,
    placement,
    memory: memoryFaces(topology, slots, placement),
    baseline: line === 'none' ? null : baseline,
    beside: view.beside,
    line,
    chip: chipOf(view, later),
    heated: view.sample !== null && measureOf(view.measure).paints === 'cpu',
  };
}
