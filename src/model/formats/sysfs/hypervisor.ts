/** Which hypervisor a host runs under, by the traces it leaves in sysfs and cpuinfo. */

import { readCpuModel } from './cpuinfo.ts';
import type { Source } from './source.ts';

// In order: a clock source exists only inside its hypervisor; firmware's names follow.
const EVIDENCE: readonly (readonly [RegExp, string])[] = [
  [/kvm-clock/, 'kvm'],
  [/hyperv_clocksource/, 'hyperv'],
  [/VMware/, 'vmware'],
  [/VirtualBox|innotek/, 'virtualbox'],
  [/Xen/i, 'xen'],
  [/Parallels/, 'parallels'],
  [/BHYVE/, 'bhyve'],
  [/Google Compute Engine|OpenStack|\bKVM\b/, 'kvm'],
  [/QEMU|emulated by qemu|dummy-virt/, 'qemu'],
];

/** Name of the hypervisor that firmware's names or a CPU model give away; null where none does. */
export const hypervisorIn = (words: string): string | null =>
  EVIDENCE.find(([pattern]) => pattern.test(words))?.[1] ?? null;

/** A guess from the files; "unknown" when the CPU says that there is a hypervisor and nothing says which. */
export function guessHypervisor(source: Source): string | null {
  const files = [
    'sys/hypervisor/type',
    'sys/devices/system/clocksource/clocksource0/available_clocksource',
    'sys/class/dmi/id/sys_vendor',
    'sys/class/dmi/id/product_name',
    'sys/class/dmi/id/board_vendor',
    'sys/class/dmi/id/bios_vendor',
    'sys/firmware/devicetree/base/model',
    'sys/firmware/devicetree/base/compatible',
  ];
  const words = [...files.map((path) => source.text(path) ?? ''), readCpuModel(source) ?? ''].join('\n');
  return (
    hypervisorIn(words) ?? (/^flags.*\shypervisor(\s|$)/m.test(source.raw('proc/cpuinfo') ?? '') ? 'unknown' : null)
  );
}
