/** Names and states in words: for assistive technology, for the pop-over, and for each move that is announced. */

import { coreName } from '../../model/topology/counts.ts';
import { formatBytes, formatCpus } from '../../model/text/format.ts';
import { bothNames } from '../../model/topology/numbering.ts';
import type { NumberKind } from '../../model/topology/numbering.ts';
import { idsAt, refusal } from '../../model/placement/placement.ts';
import type { Part } from '../../model/placement/placement.ts';
import { formatCpuList } from '../../model/text/cpulist.ts';
import { indexTopology } from '../../model/topology/relation.ts';
import { ISOLATED_WORDS, stateOf } from '../../model/svg/cells.ts';
import { NO_NUMA } from '../../model/topology/counts.ts';
import { FORBIDDEN } from '../../model/svg/bar-words.ts';
import type { Cpu, NumaNode, Topology } from '../../model/topology/topology.ts';
import { slotsOn } from '../../model/placement/slots.ts';
import type { Slot } from '../../model/placement/slots.ts';
import { otherEnd, costsFrom, memoryCostsFrom } from './cost.ts';
import type { Ends } from './cost.ts';
import type { MachineView } from './view.ts';

/** "cpu 3", "node 1"; for a token on many CPUs "node 1: cpus 18–35". */
export function targetWords(topology: Topology, slot: Slot, part: Part): string {
  const { kind, id } = part;
  if (kind === 'cpu') return `cpu ${id}`;
  const name = { core: 'core', l3: 'L3', node: `node ${id}`, package: `socket ${id}` }[kind];
  return slot.on === 'nodes' ? name : `${name}: ${formatCpus(formatCpuList(idsAt(topology, slot, part)), 'cpus ')}`;
}

/** Where a CPU is: "core 3, package 0, node 0", as far as the host says. */
export function placeWords(topology: Topology, cpu: number): string {
  const place = indexTopology(topology).places.get(cpu);
  const parts = [
    coreName(place?.core),
    place?.package ? `socket ${place.package.id}` : null,
    place?.node ? `node ${place.node.id}` : null,
  ].filter((part) => part !== null);
  return parts.length > 0 ? parts.join(', ') : 'place unknown';
}

export function cpuStateWords(cpu: Cpu): string | null {
  const words = [limitWords(cpu), cpu.isolated ? ISOLATED_WORDS : null].filter((word) => word !== null);
  return words.length === 0 ? null : words.join(', ');
}

function limitWords(cpu: Cpu): string | null {
  const state = stateOf(cpu);
  return state === 'allowed' ? null : state === 'offline' ? 'offline' : 'outside the allowed cpuset';
}

/** What is placed on the machine. */
type Placed = Pick<MachineView, 'slots' | 'placement'>;

const tokensOn = ({ slots, placement }: Placed, on: Slot['on'], id: number): string[] =>
  slotsOn(slots, placement, on, id).map(({ spoken }) => `holds the ${spoken}`);

/** Starts with what stands in the cell, so that who says what they see reaches it. @param short as in the cell. */
export function cpuLabel(
  topology: Topology,
  cpu: Cpu,
  placed: Placed,
  value: string | null,
  short: string | null = null,
  numbers: NumberKind = 'P',
  threads: string | null = null,
): string {
  const seen = stateOf(cpu) === 'offline' ? 'off' : short;
  const whole = seen !== null && value?.startsWith(`${seen} `);
  const [name = '', ...other] = bothNames(topology, cpu.id, numbers).split(', ');
  const parts = [
    `${name}${whole ? ` ${value}` : seen === null ? '' : ` ${seen}`}`,
    ...other,
    placeWords(topology, cpu.id),
    cpu.kind,
    cpuStateWords(cpu),
    ...tokensOn(placed, 'cpus', cpu.id),
    whole ? null : value,
    threads,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

/** @param seen what stands on the bar: the name starts with it. */
export function nodeLabel(
  node: NumaNode,
  placed: Placed,
  free: number | null,
  value: string | null,
  seen = `NUMA node ${node.id}`,
): string {
  const barred = node.allowed || seen.includes(FORBIDDEN) ? null : FORBIDDEN;
  const made = node.inferred && !seen.includes(NO_NUMA) ? NO_NUMA : null;
  const total = node.memoryBytes;
  const memory = total === 0 ? 'no memory' : total === null ? 'memory unknown' : formatBytes(total);
  const parts = [
    seen,
    node.cpus === '' && !seen.includes('no CPUs')
      ? node.nearCpus === undefined
        ? 'no CPUs'
        : 'no CPUs of its own'
      : null,
    barred,
    made,
    seen.includes(' free') ? null : free === null || total === 0 ? memory : `${formatBytes(free)} of ${memory} free`,
    ...tokensOn(placed, 'nodes', node.id),
    value !== null && seen.includes(value) ? null : value,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

/** How far a target is from the other end, and what that costs; null where there is no other end yet. */
export function costWords(
  ends: Ends,
  slot: Slot,
  { kind, id: target }: Part,
): readonly [where: string, figure: string] | null {
  const { topology, costs: table } = ends;
  const from = otherEnd(slot, ends);
  if (!from || (slot.on === 'cpus' && kind !== 'cpu')) return null;
  const unknown = 'cost not measured';
  if (slot.on === 'cpus' && target === from.cpu) return [`on the CPU of the ${from.name}`, unknown];
  const costs = slot.on === 'nodes' ? memoryCostsFrom(topology, from.cpu) : costsFrom(topology, from, table);
  const cost = costs.get(target);
  if (!cost) return null;
  const link = cost.words.startsWith('same') ? 'as' : cost.words === 'local' ? 'to' : 'from';
  return [`${cost.words} ${link} the ${from.name}`, cost.figure ?? unknown];
}

/** What a move over a target says: where, what keeps the token off, or how far it is and what that costs. */
export function moveWords(ends: Ends, slot: Slot, target: Part): string {
  const { topology } = ends;
  const where = targetWords(topology, slot, target);
  const no = refusal(topology, slot, idsAt(topology, slot, target));
  if (no) return `${where}: not possible. ${no.message}`;
  const cost = costWords(ends, slot, target);
  return cost === null ? where : `${where}: ${cost.join(', ')}`;
}
