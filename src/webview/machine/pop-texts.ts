/** What the pop-over says about a CPU or node: where it is and what it does, or what dropping there means. */

import { formatFigure } from '../../model/text/format.ts';
import { costWithinCache } from '../../model/bench/matrix/costs.ts';
import { otherEnd } from './cost.ts';
import { bothNames } from '../../model/topology/numbering.ts';
import { idsAt, refusal } from '../../model/placement/placement.ts';
import type { Part } from '../../model/placement/placement.ts';
import { threadsByCpu, threadsWords } from '../../model/bench/program/threads.ts';
import type { Slot } from '../../model/placement/slots.ts';
import type { Place } from './focus.ts';
import { READABLE } from './navigation.ts';
import type { PopText } from './popover.ts';
import { orderLines } from './victims.ts';
import type { MachineView } from './view.ts';
import { costWords, cpuStateWords, placeWords, targetWords } from './labels.ts';

export function carryText(view: MachineView, slot: Slot, over: Part): PopText {
  const { topology } = view;
  const title = `${slot.label} on ${targetWords(topology, slot, over)}`;
  const no = refusal(topology, slot, idsAt(topology, slot, over));
  if (no) return { title, lines: [no.message], tone: 'refused' };
  return { title, lines: [...(costWords(view, slot, over) ?? []), ...nearWords(view, slot)], tone: 'carry' };
}

/** What the same costs within the last-level cache of the other end: what a figure is held against. */
function nearWords(view: MachineView, slot: Slot): string[] {
  const { topology, costs } = view;
  const from = slot.on === 'nodes' ? null : otherEnd(slot, view);
  const near = from && costs && costWithinCache(costs, topology, from.cpu);
  return near ? [`${formatFigure(near.ns)} ns within the L${near.level}`] : [];
}

/** What a cell that is large enough shows by itself, needs no words. @param value what colours the cell. @param size on the screen, px. */
export function hoverText(
  { topology, numbers, group, victims }: MachineView,
  { kind, id }: Place,
  value: string | null,
  [width, height]: readonly [number, number],
): PopText | null {
  const cpu = kind === 'cpu' ? topology.cpus.find((one) => one.id === id) : undefined;
  if (!cpu) return null;
  if (victims?.thief === id) return { title: `cpu ${id} steals`, lines: orderLines(victims), tone: 'plain' };
  const threads = threadsByCpu(group?.threads ?? []).get(id);
  const small = width < READABLE || height < 11;
  if (!small && cpu.online && cpu.allowed && !cpu.isolated && !threads && !victims) return null;
  const lines = [placeWords(topology, id), cpu.kind, cpuStateWords(cpu), value, threads ? threadsWords(threads) : null];
  return { title: bothNames(topology, id, numbers), lines: lines.filter((line) => line !== null), tone: 'plain' };
}
