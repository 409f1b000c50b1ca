/** Ids and classes as lstopo's native SVG has them, so that what reads its drawings reads these. */

import type { Naming } from './scenery.ts';

/** The look of each type, beside lstopo's class; caches have their level in the type. */
const LOOKS: Readonly<Record<string, string>> = {
  Package: 'pkg',
  Group: 'pkg',
  Die: 'die',
  Core: 'core',
  PU: 'pu',
  NUMANode: 'node',
};

/** Each id once: the kernel's where it names one thing, else the order on the machine (index -1), lstopo's L#. */
export function namer(): Naming {
  const taken = new Set<string>();
  const next = new Map<string, number>();
  return (type, index) => {
    let at = index < 0 ? (next.get(type) ?? 0) : index;
    while (taken.has(`${type}_${at}`)) at++;
    taken.add(`${type}_${at}`);
    next.set(type, at + 1);
    return { id: `${type}_${at}_rect`, class: `${type} ${LOOKS[type] ?? 'cache'}` };
  };
}
