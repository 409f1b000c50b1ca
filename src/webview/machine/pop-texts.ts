/** What the pop-over says about a CPU or node: where it is and what it does, or what dropping there means. */

import { NAMES } from './names.ts';
import { refusal } from '../../model/placement.ts';
import type { Role } from '../../model/workload.ts';
import type { Place } from './focus.ts';
import type { PopText } from './popover.ts';
import type { MachineView } from './view.ts';
import { costWords, cpuStateWords, placeWords, targetWords } from './words.ts';

export function carryText({ topology, placement }: MachineView, role: Role, over: number): PopText {
  const title = `${NAMES[role]} on ${targetWords(role, over)}`;
  const no = refusal(topology, role, over);
  if (no) return { title, lines: [no.message], tone: 'refused' };
  const cost = costWords(topology, placement, role, over);
  return { title, lines: cost === null ? [] : [cost, 'cost not measured yet'], tone: 'carry' };
}

/** For cells that are too small for their text, or refuse tokens. @param value what colours the cell, in words. */
export function placeText({ topology }: MachineView, { kind, id }: Place, value: string | null): PopText | null {
  const cpu = kind === 'cpu' ? topology.cpus.find((one) => one.id === id) : undefined;
  if (!cpu) return null;
  const lines = [placeWords(topology, id), cpu.kind, cpuStateWords(cpu), value].filter((line) => line !== null);
  return { title: `P#${id}`, lines, tone: 'plain' };
}
