/** Owns the table of I/O devices and the node each is near. */

import { inOrder, nearWords } from '../../model/topology/devices.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { list } from './table.ts';
import type { Built } from './table.ts';

export function devices(topology: Topology): Built | null {
  return list('I/O devices', inOrder(topology.devices), [
    { name: 'Device', cell: ({ name }) => name },
    { name: 'Kind', cell: ({ kind }) => kind },
    { name: 'Node', cell: ({ node }) => (node === null ? 'none reported by firmware' : `node ${node}`) },
    { name: 'Near', cell: (device) => nearWords(device, topology) },
    { name: 'PCI address', cell: ({ address }) => address ?? 'no PCI device' },
    { name: 'PCI class and ids', cell: ({ pci }) => pci ?? 'not reported' },
  ]);
}
