/** Kinds of core of a hybrid machine, named as the reader of /sys names them. */

import type { XmlElement } from '../xml.ts';
import { infosOf } from './objects.ts';
import { parseHwlocSet } from './set.ts';

const INTEL: ReadonlyMap<string, string> = new Map([
  ['IntelCore', 'performance'],
  ['IntelAtom', 'efficiency'],
]);

function nameOf(kind: XmlElement): string | null {
  const infos = infosOf(kind);
  const intel = INTEL.get(infos.get('CoreType') ?? '');
  if (intel !== undefined) return intel;
  const [base, capacity] = [infos.get('FrequencyBaseMHz'), infos.get('LinuxCapacity')];
  if (base !== undefined) return `base-${base}MHz`;
  return capacity === undefined ? (infos.get('CoreType') ?? null) : `capacity-${capacity}`;
}

/** The same the other way round: what hwloc would say of CPUs whose kind has this name. */
export function infosOfKind(name: string): Readonly<Record<string, string>> {
  const type = [...INTEL].find(([, intel]) => intel === name)?.[0];
  const base = /^base-(\d+)MHz$/.exec(name)?.[1];
  const capacity = /^capacity-(\d+)$/.exec(name)?.[1];
  if (base !== undefined) return { FrequencyBaseMHz: base };
  return capacity === undefined ? { CoreType: type ?? name } : { LinuxCapacity: capacity };
}

/** Name of each CPU's kind; empty where all are alike or nothing tells them apart. */
export function kindsOf(root: XmlElement): ReadonlyMap<number, string> {
  const kinds = new Map<number, string>();
  for (const kind of root.children.filter(({ name }) => name === 'cpukind')) {
    const name = nameOf(kind);
    if (name !== null) for (const cpu of parseHwlocSet(kind.attributes['cpuset']) ?? []) kinds.set(cpu, name);
  }
  if (new Set(kinds.values()).size < 2) kinds.clear();
  return kinds;
}
