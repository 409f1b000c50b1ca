/** Owns what each cell and each node's bar shows of a view: its heat, its token, its threads, its name for a screen reader. */

import { ownWords } from '../../model/bench/nodes/costs.ts';
import { nodeBoxOf } from '../../model/layout/find.ts';
import type { Layout } from '../../model/layout/types.ts';
import { threadsWords } from '../../model/bench/program/threads.ts';
import type { ThreadsOnCpu } from '../../model/bench/program/threads.ts';
import { idsAt, refusal } from '../../model/placement/placement.ts';
import { slotsOn } from '../../model/placement/slots.ts';
import type { Slot } from '../../model/placement/slots.ts';
import { touching } from '../../model/svg/run-face.ts';
import type { RunFace } from '../../model/svg/run-face.ts';
import type { CellFace } from './cells.ts';
import type { HeatMap } from './heat.ts';
import { cpuLabel, nodeLabel } from './labels.ts';
import type { BarFace } from './node-bars.ts';
import type { MachineView } from './view.ts';

/** Whether the carried token is over it, and may be dropped there. */
function under({ topology, carried }: MachineView, on: Slot['on']): (id: number) => 'yes' | 'no' | null {
  if (!carried?.over || carried.slot.on !== on) return () => null;
  const ids = idsAt(topology, carried.slot, carried.over);
  const held = refusal(topology, carried.slot, ids) ? 'no' : 'yes';
  return (id) => (ids.includes(id) ? held : null);
}

export function cellFaces(
  view: MachineView,
  { placement }: RunFace,
  heat: HeatMap,
  threadsOn: ReadonlyMap<number, ThreadsOnCpu>,
): (id: number) => CellFace {
  const { topology, slots, numbers } = view;
  const cpus = new Map(topology.cpus.map((cpu) => [cpu.id, cpu]));
  const over = under(view, 'cpus');
  return (id) => {
    const here = heat.cpu(id);
    const cpu = cpus.get(id);
    const on = threadsOn.get(id);
    const threads = on ? threadsWords(on) : null;
    return {
      heat: here,
      label: () => (cpu ? cpuLabel(topology, cpu, { slots, placement }, here.words, here.short, numbers, threads) : ''),
      threads,
      occupied: slotsOn(slots, placement, 'cpus', id)[0]?.name ?? null,
      numbered: view.victims !== null,
      over: over(id),
    };
  };
}

/** Null for a node that is not laid out. */
export function barFaces(
  view: MachineView,
  face: RunFace,
  heat: HeatMap,
  layout: Layout,
): (id: number) => BarFace | null {
  const { topology, slots } = view;
  const { placement } = face;
  const nodes = new Map(topology.nodes.map((node) => [node.id, node]));
  const over = under(view, 'nodes');
  const samples = new Map(view.sample?.nodes.map((node) => [node.id, node]));
  return (id) => {
    const node = nodes.get(id);
    const box = nodeBoxOf(layout, id);
    if (!node || !box) return null;
    const sample = samples.get(id) ?? null;
    const here = heat.node(id);
    const measured = ownWords(view.links, id);
    const free = sample?.freeBytes ?? node.freeBytes;
    const occupied = slotsOn(slots, placement, 'nodes', id)[0] ?? null;
    const touched = touching(face, id);
    const carries = view.setting?.slot === (occupied ?? touched)?.name ? view.setting : null;
    return {
      node,
      sample,
      bare: box.bare,
      folded: box.folded,
      ...{ occupied, touched, setting: carries },
      figure: here.short,
      measured,
      step: here.step,
      label: (seen) => {
        const touch = touched && !seen.includes('first touch') ? ', memory by first touch' : '';
        const words = carries && !seen.includes(carries.words) ? `, ${carries.words}` : '';
        // A bar may be too narrow for any of it.
        const [all] = measured;
        const own = all === undefined || measured.some((some) => seen.includes(some)) ? '' : `, own memory ${all}`;
        return nodeLabel(node, { slots, placement }, free, here.words, seen) + touch + words + own;
      },
      over: over(id),
    };
  };
}
