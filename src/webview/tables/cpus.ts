/** Owns the table of CPUs. */

import { indexTopology } from '../../model/relation.ts';
import type { Topology } from '../../model/topology.ts';
import { el, say } from '../dom.ts';
import type { State } from '../store.ts';
import { table } from './table.ts';

/** Built once a topology: a machine may have a thousand CPUs, and only one column lives. */
export function cpus(topology: Topology): { readonly element: HTMLElement; update(state: State): void } {
  const { places } = indexTopology(topology);
  const cells = new Map(topology.cpus.map((cpu) => [cpu.id, el('span')]));
  const rows = topology.cpus.map((cpu) => {
    const place = places.get(cpu.id);
    const state = !cpu.online ? 'offline' : cpu.allowed ? 'allowed' : 'outside the cpuset';
    const id = (value: number | undefined): string => (value === undefined ? 'not said' : String(value));
    return [
      `P#${cpu.id}`,
      id(place?.package?.id),
      id(place?.core?.id),
      id(place?.node?.id),
      cpu.kind ?? '',
      state,
      cells.get(cpu.id),
    ];
  });
  return {
    element: table('CPUs', ['CPU', 'Package', 'Core', 'Node', 'Kind', 'State', 'Busy'], rows),
    update({ sample }) {
      const busy = new Map(sample?.cpus.map((cpu) => [cpu.id, cpu.busy]));
      for (const [id, cell] of cells) {
        const share = busy.get(id);
        say(cell, share === undefined ? 'no figure' : `${Math.round(share * 100)} %`);
      }
    },
  };
}
