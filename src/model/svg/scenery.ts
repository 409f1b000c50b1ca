/** What does not change while one looks: packages, caches and cores, without threads and memory. */

import { min } from 'd3-array';
import { parseCpuList } from '../text/cpulist.ts';
import { EN_DASH, formatCpus, formatRange } from '../text/format.ts';
import { bottomOf } from '../layout/box.ts';
import { holds, SMALLEST_TYPE, textWidth } from '../layout/label.ts';
import { HEADER, PAD } from '../layout/spec.ts';
import type { CacheBox, CoreBox, DieBox, Layout, PackageBox } from '../layout/types.ts';
import { PHYSICAL } from '../topology/numbering.ts';
import type { CpuNumbers } from '../topology/numbering.ts';
import type { Cache } from '../topology/topology.ts';
import { crisp, mark, text } from './marks.ts';
import type { Mark } from './marks.ts';
import { cacheLevel, cacheName } from './names.ts';

/** Names an element as lstopo does; the page needs no names. */
export type Naming = (type: string, index: number) => Readonly<Record<string, string>>;
export const UNNAMED: Naming = () => ({});

/** Without an id, or with one that the reader gave, it is no package of the host's. */
function packageNames({ id, inferred }: PackageBox, alone: boolean): string[] {
  if (id === null || (inferred && alone)) return [inferred ? 'CPUs, socket unknown' : 'CPUs', 'CPUs'];
  const names = [`Package ${id}`, `Pkg ${id}`, String(id)];
  return inferred ? [`Package ${id}, inferred`, ...names] : names;
}

/** "11–12 between its nodes", the longest first: not all pairs stand side by side. */
function insideWords(inside: PackageBox['inside']): string[] {
  if (!inside) return [];
  const [least, most] = inside;
  const span = least === most ? String(least) : `${least}${EN_DASH}${most}`;
  return [`distance ${span} between its nodes`, `${span} between its nodes`, `inside ${span}`];
}

/** Where words stand in a line so high that begins at `top`; null where it is lower than they are. */
function baseline(top: number, high: number, size: number): number | null {
  return high < size ? null : top + high / 2 + size * 0.36;
}

/** How short the names of packages are: all alike, or one would look for those that have none. */
function shortness(packages: readonly PackageBox[], unit: number): number {
  const alone = packages.length === 1;
  const fits = (box: PackageBox, at: number): boolean => {
    const names = packageNames(box, alone);
    return textWidth(names[Math.min(at, names.length - 1)] ?? '', 11) <= box.w - 2 * padOf(box, unit);
  };
  return [0, 1, 2, 3].find((at) => packages.every((box) => fits(box, at))) ?? Infinity;
}

const padOf = (box: PackageBox, unit: number): number => Math.min(PAD * Math.min(1, unit), box.w / 8);

function packageMarks(
  box: PackageBox,
  alone: boolean,
  short: number,
  naming: Naming,
  numbers: CpuNumbers,
  unit: number,
): Mark {
  const pad = padOf(box, unit);
  const room = box.w - 2 * pad;
  const y = baseline(box.y, HEADER * Math.min(1, unit), 11);
  const names = packageNames(box, alone);
  const name = Number.isFinite(short) ? (names[Math.min(short, names.length - 1)] ?? '') : '';
  const cpus = formatCpus(numbers.list(box.cpus), numbers.prefix);
  // Without an id it is no package of the host's: lstopo calls such a thing a group.
  const named = box.id === null || (box.inferred && alone) ? naming('Group', -1) : naming('Package', box.id);
  const look = named['class'] ?? 'pkg';
  const taken = textWidth(name, 11) + textWidth(cpus, 11) + 16;
  const wide = taken <= room;
  const inside = insideWords(box.inside).find((words) => taken + textWidth(words, 11) + 12 <= room);
  return mark(
    'g',
    {},
    mark('rect', { ...crisp(box), rx: 3, ...named, class: box.inferred ? `${look} made` : look }),
    y === null ? null : text('.s', box.x + pad, y, name),
    inside === undefined || y === null ? null : text('.d', box.x + pad + textWidth(name, 11) * 1.1 + 12, y, inside),
    wide && y !== null ? text('.d.e', box.x + box.w - pad, y, cpus) : null,
  );
}

/** A thin frame; where the name has no line of its own, the bar of its cache says it. */
function dieMarks(box: DieBox, naming: Naming, unit: number): Mark {
  const words = `Die ${box.id}`;
  const y = baseline(box.y + 1, 15 * Math.min(1, unit), 10);
  const named = box.labelled && y !== null && textWidth(words, 10) + 8 <= box.w;
  return mark(
    'g',
    {},
    mark('rect.die', { ...crisp(box), rx: 2, ...naming('Die', -1) }),
    named ? text('.t10.d', box.x + 5, y, words) : null,
  );
}

/** Words at the right end of a cache's bar: what it costs within it. */
export type CacheNote = (cache: Cache) => string | null;

function cacheMarks(box: CacheBox, naming: Naming, note: CacheNote, numbers: CpuNumbers): Mark {
  const shared = box.over === 'group' || box.over === 'package' || box.over === 'die';
  const small = !shared || box.h < 18;
  const size = small ? 10 : 11;
  const [first] = box.caches;
  const own = cacheName(box.caches);
  const short = first ? cacheLevel(first) : '';
  const die = box.die === null ? '' : `Die ${box.die}`;
  const full = die === '' ? own : `${die}, ${own}`;
  const names = [full, cacheName(box.caches.slice(0, 1)), die, short].filter((words) => words !== '');
  const name = names.find((words) => holds(box, words, size)) ?? '';
  const cpus = first ? formatRange(numbers.list(parseCpuList(first.cpus))) : '';
  // Whom it serves is said where that is not plain from what stands below it.
  const wide = box.over === 'package' || box.over === 'die' || (box.over === 'group' && small);
  const spare = wide && textWidth(full + cpus, 10) + 24 <= box.w && !cpus.includes(' ');
  const inside = first && box.over !== 'core' ? note(first) : null;
  const told = inside !== null && textWidth(full + inside, size) + 24 <= box.w;
  const base = box.y + box.h / 2 + size * 0.34;
  const type = first ? naming(`${cacheLevel(first)}Cache`, -1) : {};
  return mark(
    'g',
    {},
    mark('rect.cache', { x: box.x, y: box.y, width: box.w, height: box.h, ...type }),
    text(small ? (box.over === 'core' ? '.t10.d' : '.t10') : '', box.x + (small ? 4 : 6), base, name),
    told ? text(small ? '.t10.d.e' : '.d.e', box.x + box.w - (small ? 4 : 6), base, inside) : null,
    spare && !told ? text('.t10.d.e', box.x + box.w - 4, base, cpus) : null,
  );
}

function coreMarks(box: CoreBox, naming: Naming): Mark {
  return mark('rect.core', { x: box.x, y: box.y, width: box.w, height: box.h, rx: 2, ...naming('Core', -1) });
}

export function sceneryMarks(
  layout: Layout,
  naming: Naming = UNNAMED,
  note: CacheNote = () => null,
  numbers: CpuNumbers = PHYSICAL,
): Mark[] {
  const short = shortness(layout.packages, layout.unit);
  const tiny = layout.pus.some((pu) => pu.body >= 0 && pu.w < 24);
  return [
    ...layout.bodies.filter((body) => body.frame).map((body) => mark('rect.frame', { ...crisp(body), rx: 3 })),
    ...layout.packages.map((box) =>
      packageMarks(box, layout.packages.length === 1, short, naming, numbers, layout.unit),
    ),
    ...layout.dies.map((box) => dieMarks(box, naming, layout.unit)),
    mark(tiny ? 'g.tiny' : 'g', {}, ...layout.cores.filter((box) => box.known).map((box) => coreMarks(box, naming))),
    ...layout.caches.map((box) => cacheMarks(box, naming, note, numbers)),
    ...stripMarks(layout),
  ];
}

function stripMarks({ strip, pus }: Layout): Mark[] {
  if (!strip) return [];
  const count = pus.filter((pu) => pu.body < 0).length;
  const line = mark('path.rule', { d: `M${strip.x},${strip.y - 2.5}H${strip.x + strip.w}` });
  const words = `${count} offline; the host does not say in which socket`;
  const high = (min(pus, (pu) => (pu.body < 0 ? pu.y : undefined)) ?? bottomOf(strip)) - strip.y;
  const told = high >= SMALLEST_TYPE && textWidth(words, 10) <= strip.w;
  return told ? [line, text('.t10.d', strip.x, strip.y + 9, words)] : [line];
}
