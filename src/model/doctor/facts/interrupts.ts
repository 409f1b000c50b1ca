/** Where the interrupts of devices with a known node go: which CPUs were asked for, and which the kernel took. */

import { Source } from '../../formats/sysfs/source.ts';
import type { ProbeFiles } from '../../formats/sysfs/probe.ts';
import type { Reading } from '../../run/run.ts';
import type { Device, Topology } from '../../topology/topology.ts';

export interface Interrupt {
  readonly irq: number;
  /** CPUs it may go to (`smp_affinity_list`). */
  readonly asked: readonly number[];
  /** CPUs it goes to now; null where the kernel does not say. */
  readonly effective: readonly number[] | null;
  /** Since boot; null where it is not told. */
  readonly count: number | null;
}

export interface DeviceInterrupts {
  readonly device: Device & { readonly node: number };
  readonly interrupts: readonly Interrupt[];
}

const MSI = /^sys\/bus\/pci\/devices\/([^/]+)\/msi_irqs\/(\d{1,6})$/;
const MAX_IRQ = 100_000;

/** proc_stat(5): the total, then one number for each interrupt. */
export function interruptCounts(stat: string | undefined): ReadonlyMap<number, number> {
  const line = /^intr (\d[\d ]*)$/m.exec(stat ?? '')?.[1] ?? '';
  const counts = new Map<number, number>();
  line.split(' ', MAX_IRQ).forEach((word, at) => {
    if (at > 0 && word !== '' && word !== '0') counts.set(at - 1, Number(word));
  });
  return counts;
}

export function readInterrupts(files: ProbeFiles, topology: Topology): Reading<readonly DeviceInterrupts[]> {
  const source = new Source(files);
  const byAddress = new Map<string, number[]>();
  for (const path of files.keys()) {
    const [, address, irq] = MSI.exec(path) ?? [];
    if (address !== undefined) byAddress.set(address, [...(byAddress.get(address) ?? []), Number(irq)]);
  }
  if (byAddress.size === 0) return { unavailable: 'the host shows no interrupts of its devices' };
  const stat = files.get('proc/stat');
  const counts = interruptCounts(stat);
  const read = (irq: number): Interrupt[] => {
    const asked = source.ids({ list: `proc/irq/${irq}/smp_affinity_list` });
    if (!asked) return [];
    const effective = source.ids({ list: `proc/irq/${irq}/effective_affinity_list` });
    return [
      {
        irq,
        asked: [...asked],
        effective: effective && effective.size > 0 ? [...effective] : null,
        count: stat === undefined ? null : (counts.get(irq) ?? 0),
      },
    ];
  };
  const seen = new Set<string>();
  return topology.devices.flatMap((device): DeviceInterrupts[] => {
    const { node, address } = device;
    // Several names may belong to one PCI device: the first stands for it.
    if (node === null || address === null || seen.has(address)) return [];
    seen.add(address);
    const interrupts = (byAddress.get(address) ?? []).sort((a, b) => a - b).flatMap(read);
    return interrupts.length === 0 ? [] : [{ device: { ...device, node }, interrupts }];
  });
}
