// Owns hosts on paper for the checks of the doctor: a healthy one of two sockets, and the same with some files changed.
import { readEnvironment } from '../../../src/model/formats/sysfs/environment.ts';
import { readTopology } from '../../../src/model/formats/sysfs/topology.ts';
import { examine } from '../../../src/model/doctor/examine.ts';
import type { Diagnosis } from '../../../src/model/doctor/examine.ts';
import { readFacts } from '../../../src/model/doctor/facts/facts.ts';
import type { Live } from '../../../src/model/doctor/facts/live.ts';
import type { Reading } from '../../../src/model/run/run.ts';
import { PRESET_LIMITS } from '../../../src/model/doctor/base/thresholds.ts';
import type { Limits } from '../../../src/model/doctor/base/thresholds.ts';
import { livingOn } from './living.ts';
import { syntheticProbe } from '../machines.ts';
import type { MachineShape } from '../machines.ts';

const TWO_SOCKETS: MachineShape = { packages: 2, coresPerNode: 4, threads: 2 };

/** Its settings, as a distribution leaves them. */
const SETTINGS = {
  'proc/cmdline': 'BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro quiet',
  'proc/mounts': 'tmpfs /dev/shm tmpfs rw,nosuid 0 0\n/dev/sda1 / ext4 rw 0 0',
  'proc/stat': 'cpu  1 2 3 4\nintr 500000 0 400 0 3',
  'proc/sys/vm/zone_reclaim_mode': '0',
  'proc/sys/kernel/numa_balancing': '1',
  'sys/kernel/mm/transparent_hugepage/enabled': 'always [madvise] never',
  'sys/kernel/mm/transparent_hugepage/defrag': 'always defer defer+madvise [madvise] never',
  'sys/devices/system/cpu/smt/control': 'on',
  'sys/devices/system/cpu/isolated': '',
};

export type Changes = Readonly<Record<string, string | null>>;

/** Null takes a file away. */
export function filesOf(changes: Changes = {}, shape: Partial<MachineShape> = {}): Map<string, string> {
  const files = new Map([...syntheticProbe({ ...TWO_SOCKETS, ...shape }), ...Object.entries(SETTINGS)]);
  for (const [path, text] of Object.entries(changes)) {
    if (text === null) files.delete(path);
    else files.set(path, text);
  }
  return files;
}

export function examined(
  changes: Changes = {},
  shape: Partial<MachineShape> = {},
  more: { readonly limits?: Limits; readonly live?: Reading<Live> } = {},
): Diagnosis {
  const files = filesOf(changes, shape);
  const topology = readTopology(files);
  const { limits = PRESET_LIMITS, live = livingOn(topology) } = more;
  return examine(readFacts(files, topology, readEnvironment(files), live), limits, 0.1);
}

export const faults = ({ findings }: Diagnosis): string[] => findings.map(({ id }) => id);
export const notes = ({ notes }: Diagnosis): string[] => notes.map(({ id }) => id);
export const unchecked = ({ notChecked }: Diagnosis): string[] => notChecked.map(({ id }) => id);

/** A network interface on node 1 with interrupts 40 … and queues. */
export function nic(more: Changes = {}): Changes {
  const pci = 'sys/bus/pci/devices/0000:81:00.0';
  return {
    [`${pci}/class`]: '0x020000',
    [`${pci}/vendor`]: '0x8086',
    [`${pci}/device`]: '0x1521',
    [`${pci}/numa_node`]: '1',
    [`${pci}/local_cpulist`]: '4-7,12-15',
    'sys/class/net/eth0': '../../devices/pci0000:80/0000:80:01.0/0000:81:00.0/net/eth0',
    [`${pci}/msi_irqs/40`]: 'msix',
    [`${pci}/msi_irqs/41`]: 'msix',
    'proc/irq/40/smp_affinity_list': '0-15',
    'proc/irq/40/effective_affinity_list': '4',
    'proc/irq/41/smp_affinity_list': '0-15',
    'proc/irq/41/effective_affinity_list': '5',
    'sys/class/net/eth0/queues/tx-0/xps_cpus': '0000,0000f0f0',
    'sys/class/net/eth0/queues/rx-0/rps_cpus': '0000',
    'proc/stat': `cpu  1 2 3 4\nintr 500000${' 0'.repeat(40)} 30000 20000 0`,
    ...more,
  };
}
