/** What the pop-over says about a CPU or node: where it is and what it does, or what dropping there means. */

import { formatFigure } from '../../model/format.ts';
import { costWithinCache } from '../../model/matrix/costs.ts';
import { otherEnd } from './cost.ts';
import { tokenName } from './names.ts';
import { bothNames } from '../../model/numbers.ts';
import { refusal } from '../../model/placement.ts';
import type { Token } from '../../model/workload.ts';
import type { Place } from './focus.ts';
import type { PopText } from './popover.ts';
import type { MachineView } from './view.ts';
import { costWords, cpuStateWords, placeWords, targetWords } from './words.ts';

export function carryText(view: MachineView, role: Token, over: number): PopText {
  const { topology } = view;
  const title = `${tokenName(role)} on ${targetWords(role, over)}`;
  const no = refusal(topology, role, over);
  if (no) return { title, lines: [no.message], tone: 'refused' };
  return { title, lines: [...(costWords(view, role, over) ?? []), ...nearWords(view, role)], tone: 'carry' };
}

/** What the same costs within the last-level cache of the other end: what a figure is held against. */
function nearWords({ topology, placement, costs }: MachineView, role: Token): string[] {
  const from = role === 'memory' ? null : otherEnd(role, placement);
  const near = from && costs && costWithinCache(costs, topology, from.cpu);
  return near ? [`${formatFigure(near.ns)} ns within the L${near.level}`] : [];
}

/** For cells that are too small for their text, or refuse tokens. @param value what colours the cell, in words. */
export function placeText(
  { topology, numbers }: MachineView,
  { kind, id }: Place,
  value: string | null,
): PopText | null {
  const cpu = kind === 'cpu' ? topology.cpus.find((one) => one.id === id) : undefined;
  if (!cpu) return null;
  const lines = [placeWords(topology, id), cpu.kind, cpuStateWords(cpu), value].filter((line) => line !== null);
  return { title: bothNames(topology, id, numbers), lines, tone: 'plain' };
}
