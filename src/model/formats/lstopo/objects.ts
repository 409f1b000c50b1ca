/** The objects and facts of an lstopo XML document, of hwloc 2 and 3 alike, before a topology is made of them. */

import { MAX_ID } from '../../text/cpulist.ts';
import { PinboardError } from '../../problem.ts';
import { tidy } from '../../text/clean.ts';
import type { XmlElement } from '../xml.ts';
import { parseHwlocSet } from './set.ts';

export interface HwlocObject {
  readonly type: string;
  readonly subtype: string | null;
  /** The kernel's id; null where hwloc gives none. */
  readonly osIndex: number | null;
  /** Number that distances and memory attributes name it by. */
  readonly gpIndex: string | null;
  readonly cpus: readonly number[];
  readonly element: XmlElement;
  /** Memory-side caches around a NUMA node, the outermost first. */
  readonly around: readonly XmlElement[];
}

/** The attribute as a whole number from 0 to `max`; null where it is not there or is none. */
export function whole(element: XmlElement, name: string, max = Number.MAX_SAFE_INTEGER): number | null {
  const text = element.attributes[name];
  const value = text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return value <= max ? value : null;
}

/** Every object with CPUs or memory, by type ("PU", "Core", "NUMANode", "L2Cache" …), outer before inner. */
export function objectsByType(machine: XmlElement): ReadonlyMap<string, readonly HwlocObject[]> {
  const found = new Map<string, HwlocObject[]>();
  const visit = (element: XmlElement, around: readonly XmlElement[]): void => {
    const { type = '', subtype, gp_index: gpIndex, cpuset } = element.attributes;
    const object: HwlocObject = {
      type,
      subtype: subtype ?? null,
      osIndex: whole(element, 'os_index', MAX_ID),
      gpIndex: gpIndex ?? null,
      cpus: parseHwlocSet(cpuset) ?? [],
      element,
      around,
    };
    const same = found.get(type);
    if (same) same.push(object);
    else found.set(type, [object]);
    const caches = type === 'MemCache' ? [...around, element] : [];
    for (const child of element.children) if (child.name === 'object') visit(child, caches);
  };
  visit(machine, []);
  return found;
}

/** `info` elements directly in an element, the first of each name. */
export function infosOf(...elements: readonly XmlElement[]): ReadonlyMap<string, string> {
  const infos = new Map<string, string>();
  for (const { name, attributes } of elements.flatMap(({ children }) => children)) {
    const { name: key, value } = attributes;
    if (name === 'info' && key !== undefined && value !== undefined && !infos.has(key)) infos.set(key, tidy(value));
  }
  return infos;
}

/** The Machine of a document. @throws PinboardError for a hwloc to come, and for what is no topology. */
export function machineOf(root: XmlElement): XmlElement {
  const machine = root.children.find(({ name }) => name === 'object');
  if (root.name !== 'topology' || !machine) {
    throw new PinboardError('bad-file', 'This XML is no topology of lstopo.', 'Write one with `lstopo --of xml FILE`.');
  }
  if (majorOf(root) <= 3) return machine;
  throw new PinboardError(
    'bad-file',
    `This XML has the format ${tidy(root.attributes['version'] ?? '')} of hwloc, which this version does not know.`,
    'Write it again for hwloc 2: `lstopo --of xml --export-xml-flags v2 FILE`.',
  );
}

/** hwloc 1 wrote no version. */
export function majorOf(root: XmlElement): number {
  const version = root.attributes['version'];
  const major = version === undefined ? 1 : Number.parseInt(version, 10);
  return major >= 1 ? major : Number.POSITIVE_INFINITY;
}
