/** Owns the table of I/O devices and the node each is near. */

import { inOrder, nearWords } from '../../model/topology/devices.ts';
import { formatMetric, formatPercent } from '../../model/text/format.ts';
import { carriedBy } from '../../model/live/measures/devices.ts';
import type { DeviceSample } from '../../model/live/sample.ts';
import type { Device, Topology } from '../../model/topology/topology.ts';
import { list } from './table.ts';
import type { Built, Column } from './table.ts';

/** By name, or by PCI address: an adapter of many disks raises its interrupts for all of them. */
function living(words: (sample: DeviceSample) => string | null): NonNullable<Column<Device>['live']> {
  return ({ sample }) => {
    const byName = new Map<string, string>();
    for (const device of sample?.devices ?? []) {
      const told = words(device);
      if (told !== null) byName.set(device.name, told);
    }
    return ({ name, address }) => byName.get(name) ?? byName.get(address ?? '') ?? 'no figure';
  };
}

const CARRIES = living((device) => {
  const carried = carriedBy(device);
  const [into, out] = device.kind === 'network' ? ['in', 'out'] : ['read', 'written'];
  return carried && `${formatMetric(carried.in, 'B/s')} ${into}, ${formatMetric(carried.out, 'B/s')} ${out}`;
});

const RAISES = living(({ kind, interruptsPerSecond: rate = 0, farInterruptsPerSecond: far = 0 }) => {
  if (kind !== 'interrupts') return null;
  return `${Math.round(rate)}/s${far < 1 ? '' : `, ${formatPercent(far / rate)} on other nodes`}`;
});

export function devices(topology: Topology, live: boolean): Built | null {
  return list('I/O devices', inOrder(topology.devices), [
    { name: 'Device', cell: ({ name }) => name },
    { name: 'Kind', cell: ({ kind }) => kind },
    { name: 'Node', cell: ({ node }) => (node === null ? 'none reported by firmware' : `node ${node}`) },
    { name: 'Near', cell: (device) => nearWords(device, topology) },
    ...(live
      ? [
          { name: 'Carries', live: CARRIES },
          { name: 'Interrupts', live: RAISES },
        ]
      : []),
    { name: 'PCI address', cell: ({ address }) => address ?? 'no PCI device' },
    { name: 'PCI class and ids', cell: ({ pci }) => pci ?? 'not reported' },
  ]);
}
