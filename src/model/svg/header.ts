/** Whose machine it is, above a drawing that stands alone: host, kernel, processor, and what it has in numbers. */

import { formatBytes, plural } from '../format.ts';
import { textWidth } from '../layout/label.ts';
import type { Topology } from '../topology.ts';
import { mark, text } from './marks.ts';
import type { Mark } from './marks.ts';

/** Host names and processor names are the host's own words: cut before they widen the drawing without end. */
const LONGEST = 48;
/** Bold type is wider than the mean that labels are measured with. */
const BOLD = 1.1;
const BADGE = 'emulated';

export const HEADER_HEIGHT = 44;

export interface Header {
  readonly marks: readonly Mark[];
  /** px that it needs, without margins. */
  readonly width: number;
}

function cut(words: string): string {
  const own = words.trim();
  // Half a letter that the cut leaves is left out where all that XML cannot say is.
  return own.length <= LONGEST ? own : `${own.slice(0, LONGEST - 1)}…`;
}

/** "2 packages, 2 NUMA nodes, 36 cores, 72 CPUs (1 offline), 256 GB". */
export function factsOf({ packages, nodes, cores, cpus }: Topology): string {
  const offline = cpus.filter((cpu) => !cpu.online).length;
  const barred = cpus.filter((cpu) => cpu.online && !cpu.allowed).length;
  const apart = [offline > 0 ? `${offline} offline` : '', barred > 0 ? `${barred} not allowed` : ''];
  const notes = apart.filter((words) => words !== '').join(', ');
  // A sum with unknowns in it would be a wrong figure.
  const known = nodes.length > 0 && nodes.every((node) => node.memoryBytes !== null);
  const memory = nodes.reduce((sum, node) => sum + (node.memoryBytes ?? 0), 0);
  return [
    plural(packages.length, 'package'),
    plural(nodes.length, 'NUMA node'),
    plural(cores.length, 'core'),
    plural(cpus.length, 'CPU') + (notes === '' ? '' : ` (${notes})`),
    ...(known ? [formatBytes(memory)] : []),
  ].join(', ');
}

function badge(x: number, y: number): Mark[] {
  const w = textWidth(BADGE, 10) + 10;
  return [
    mark('rect.badge', { x: x + 0.5, y: y + 0.5, width: w, height: 15, rx: 2 }),
    text('.t10.m.warn', x + w / 2, y + 11.5, BADGE),
  ];
}

/** Two lines from a corner: names, then numbers. */
export function headerOf(topology: Topology, x: number, y: number): Header {
  const { name, kernel, architecture, cpuModel, hypervisor, emulated } = topology.machine;
  const host = cut(name) || 'this machine';
  const made = cut(cpuModel ?? '');
  const below = [
    kernel.trim() === '' ? '' : `Linux ${cut(kernel)}`,
    cut(architecture),
    hypervisor === null || emulated ? '' : cut(hypervisor),
  ];
  const system = below.filter((words) => words !== '').join(', ');
  const facts = factsOf(topology);
  const hostWidth = textWidth(host, 13) * BOLD;
  const after = x + hostWidth + (made === '' ? 0 : 10 + textWidth(made, 11)) + 10;
  const first = after - x + (emulated ? textWidth(BADGE, 10) + 12 : 0);
  const second = textWidth(facts, 11) + (system === '' ? 0 : 10 + textWidth(system, 11));
  return {
    width: Math.max(first, second),
    marks: [
      text('.t13.s', x, y + 14, host),
      made === '' ? mark('g') : text('', x + hostWidth + 10, y + 14, made),
      ...(emulated ? badge(after, y + 2) : []),
      text('', x, y + 32, facts, system === '' ? null : mark('tspan.d', { dx: 10 }, system)),
    ],
  };
}
