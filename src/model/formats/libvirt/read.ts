/**
 * What `virsh capabilities` says of a host (https://libvirt.org/formatcaps.html): cells are NUMA nodes, and each CPU names
 * its socket, die, core and thread siblings. libvirt knows caches of the last level only.
 */

import { MAX_ID } from '../../text/cpulist.ts';
import { PinboardError } from '../../problem.ts';
import { Source } from '../sysfs/source.ts';
import { TOPOLOGY_SCHEMA } from '../../topology/topology.ts';
import type { Topology } from '../../topology/topology.ts';
import { parseXml } from '../xml.ts';
import type { XmlElement } from '../xml.ts';
import { nodeOf, ratings } from './cells.ts';
import { cpuOf, namesSocket, partsOf } from './cpus.ts';
import type { Cpu } from './cpus.ts';
import { machineOf, withoutCells } from './host.ts';
import { at, children, whole } from './values.ts';

/** As in /sys: no kernel is built for more. */
const MAX_CELLS = 1024;

/**
 * The host's topology. What cannot be right becomes a warning, as in a reading of /sys.
 * @throws PinboardError `bad-file` when the text is no XML, or its host shows neither cells nor counts.
 */
export function readCapabilities(text: string, name: string): Topology {
  const root = parseXml(text);
  const host = at(root, 'host');
  const cells = children(host && at(host, 'topology', 'cells'), 'cell');
  if (!host) {
    throw new PinboardError(
      'bad-file',
      'These capabilities describe no host.',
      'Write them again with `virsh capabilities`.',
    );
  }
  if (cells.length === 0) return withoutCells(host, name);
  if (cells.length > MAX_CELLS) {
    throw new PinboardError(
      'bad-file',
      `These capabilities hold ${cells.length} cells; no kernel has more than ${MAX_CELLS}.`,
    );
  }
  const source = new Source(new Map());
  // No host has all CPUs offline: where none names a socket, this libvirt or driver tells numbers only.
  const socketsKnown = cells.some((cell) => children(at(cell, 'cpus'), 'cpu').some(namesSocket));
  if (!socketsKnown)
    source.warn(
      'These capabilities name CPUs by number only: all were taken as online; sockets and cores are unknown.',
    );
  const cpus = new Map<number, Cpu>();
  const nodes: { cell: XmlElement; id: number; own: number[] }[] = [];
  cells.forEach((cell, i) => {
    const id = whole(cell.attributes['id'], MAX_ID) ?? i;
    if (nodes.some((node) => node.id === id)) {
      source.warn(`Cell ${id} stands there twice; the first was taken.`);
      return;
    }
    const own: number[] = [];
    for (const element of children(at(cell, 'cpus'), 'cpu')) {
      const cpu = cpuOf(element, source, socketsKnown);
      if (!cpu) continue;
      if (cpus.has(cpu.id)) source.warn(`CPU ${cpu.id} stands in several cells; the first was taken.`);
      else if (cpu.online) own.push(cpu.id);
      if (!cpus.has(cpu.id)) cpus.set(cpu.id, cpu);
    }
    nodes.push({ cell, id, own });
  });
  nodes.sort((a, b) => a.id - b.id);
  const online = [...cpus.values()].filter((cpu) => cpu.online);
  if (online.length === 0) {
    throw new PinboardError(
      'bad-file',
      'The NUMA cells of these capabilities hold no CPU.',
      'Record /sys and /proc of that host instead, or write XML with `lstopo --of xml FILE`.',
    );
  }
  const rated = ratings(at(host, 'topology'));
  return {
    schema: TOPOLOGY_SCHEMA,
    machine: machineOf(host, name),
    ...partsOf(host, online, cpus, source),
    nodes: nodes.map(({ cell, id, own }) => nodeOf(cell, id, own, rated.get(id) ?? null)),
    cpus: [...cpus.values()]
      .sort((a, b) => a.id - b.id)
      .map((cpu) => ({ id: cpu.id, online: cpu.online, allowed: true, isolated: false, kind: null })),
    devices: [],
    warnings: source.warnings,
  };
}
