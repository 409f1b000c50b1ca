/** Whose machine it is, above a drawing that stands alone: host, kernel, processor, and what it has in numbers. */

import { formatBytes, plural } from '../text/format.ts';
import { fitting, textWidth } from '../layout/label.ts';
import { coreWords, nodeWords, packageWords } from '../topology/counts.ts';
import type { Topology } from '../topology/topology.ts';
import { groupWarnings, warningCount, warningLine } from '../topology/warnings.ts';
import { mark, text } from './marks.ts';
import type { Mark } from './marks.ts';

/** Host names and processor names are the host's own words: cut before they widen the drawing without end. */
const LONGEST = 48;
/** Bold type is wider than the mean that labels are measured with. */
const BOLD = 1.1;
const BADGE = 'emulated';
const BADGE_WIDTH = textWidth(BADGE, 10) + 10;

const HEIGHT = 44;
const LINE = 18;
/** px that the line of warnings may widen a drawing to. */
const WARNING_WIDTH = 480;

export interface Header {
  /** px that it needs, without margins. */
  readonly width: number;
  readonly height: number;
  /** From a corner two lines, names, then numbers, and a third where there are warnings; the badge ends at `right`. */
  readonly marks: (x: number, y: number, right: number) => readonly Mark[];
}

function cut(words: string): string {
  const own = words.trim();
  // Half a letter that the cut leaves is left out where all that XML cannot say is.
  return own.length <= LONGEST ? own : `${own.slice(0, LONGEST - 1)}…`;
}

/** "2 sockets, 2 NUMA nodes, 36 cores, 72 CPUs (1 offline), 256 GB". */
export function factsOf(topology: Topology): string {
  const { nodes, cpus } = topology;
  const offline = cpus.filter((cpu) => !cpu.online).length;
  const barred = cpus.filter((cpu) => cpu.online && !cpu.allowed).length;
  const apart = [offline > 0 ? `${offline} offline` : '', barred > 0 ? `${barred} not allowed` : ''];
  const notes = apart.filter((words) => words !== '').join(', ');
  // A sum with unknowns in it would be a wrong figure.
  const told = nodes.length > 0 && nodes.every((node) => node.memoryBytes !== null);
  const memory = nodes.reduce((sum, node) => sum + (node.memoryBytes ?? 0), 0);
  return [
    packageWords(topology),
    nodeWords(topology),
    coreWords(topology),
    plural(cpus.length, 'CPU') + (notes === '' ? '' : ` (${notes})`),
    ...(told ? [formatBytes(memory)] : []),
  ].join(', ');
}

/** How many warnings there are, and what the first says, as far as the width goes; all of them stand in the description. */
function warningWords({ warnings }: Topology): string {
  const [first] = groupWarnings(warnings);
  return first ? `${warningCount(warnings)}: ${warningLine(first)}` : '';
}

/** Ends at `right`: how wide the host's words come out is only estimated, and nothing may stand on them. */
function badge(right: number, y: number): Mark[] {
  const w = BADGE_WIDTH;
  return [
    mark('rect.badge', { x: right - w - 0.5, y: y + 0.5, width: w, height: 15, rx: 2 }),
    text('.t10.m.warn', right - w / 2 - 0.5, y + 11.5, BADGE),
  ];
}

/** What the reader puts where a host (or a recording of it) does not say. */
const known = (words: string): boolean => words.trim() !== '' && words !== 'unknown';

export function headerOf(topology: Topology): Header {
  const { name, kernel, architecture, cpuModel, hypervisor, emulated } = topology.machine;
  const host = known(name) ? cut(name) : 'unknown host';
  const made = cut(cpuModel ?? '');
  const system = [kernel, architecture, emulated ? '' : (hypervisor ?? '')]
    .map((words, i) => (known(words) ? (i === 0 ? `Linux ${cut(words)}` : cut(words)) : ''))
    .filter((words) => words !== '')
    .join(', ');
  const facts = factsOf(topology);
  const first = textWidth(host, 13) * BOLD + 10 + textWidth(made, 11) + (emulated ? BADGE_WIDTH + 16 : 0);
  const second = textWidth(facts, 11) + 10 + textWidth(system, 11);
  const more = (words: string): Mark | null => (words === '' ? null : mark('tspan.d', { dx: 10 }, words));
  const warned = warningWords(topology);
  return {
    width: Math.max(first, second, Math.min(WARNING_WIDTH, textWidth(warned, 11))),
    height: HEIGHT + (warned === '' ? 0 : LINE),
    marks: (x, y, right) => [
      text('', x, y + 14, mark('tspan.t13.s', {}, host), more(made)),
      ...(emulated ? badge(right, y + 2) : []),
      text('', x, y + 32, facts, more(system)),
      ...(warned === '' ? [] : [text('.warn', x, y + 32 + LINE, fitting(warned, 11, right - x))]),
    ],
  };
}
