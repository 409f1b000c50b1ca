/** What kind of machine it is: name, architecture, CPU model, and whether it is a virtual or an emulated one. */

import type { Machine } from '../topology.ts';
import { clean } from './clean.ts';
import type { Source } from './source.ts';

/** What the agent found by asking the CPU itself; it outranks every guess from files. */
export interface Identity {
  readonly hypervisor: string | null;
  readonly emulated: boolean;
}

const tidy = (value: string): string => clean(value, 256);

/** Value of the first `key : value` line of cpuinfo whose key is one of `keys`. */
function cpuinfo(source: Source, ...keys: string[]): string | null {
  const text = source.raw('proc/cpuinfo') ?? '';
  for (const key of keys) {
    const value = new RegExp(`^${key}[ \\t]*:[ \\t]*(\\S.*)$`, 'm').exec(text)?.[1];
    if (value !== undefined) return tidy(value);
  }
  return null;
}

/** What hwloc's own recorder noted beside a dump. */
function recorded(source: Source, field: string): string | null {
  const value = new RegExp(`^${field}: (.+)$`, 'm').exec(source.raw('proc/hwloc-nofile-info') ?? '')?.[1];
  return value === undefined ? null : tidy(value);
}

// "CPU implementer" of arm64: Arm's MIDR_EL1 registers of implementers.
const IMPLEMENTERS: Readonly<Record<string, string>> = {
  '0x41': 'Arm',
  '0x43': 'Cavium',
  '0x46': 'Fujitsu',
  '0x48': 'HiSilicon',
  '0x4e': 'NVIDIA',
  '0x50': 'AppliedMicro',
  '0x51': 'Qualcomm',
  '0x61': 'Apple',
  '0xc0': 'Ampere',
};

/** The CPU's name in the words of its architecture's /proc/cpuinfo; null where it gives none. */
export function readCpuModel(source: Source): string | null {
  const name = cpuinfo(source, 'model name', 'Model Name', 'cpu', 'uarch');
  if (name !== null) return name;
  const implementer = cpuinfo(source, 'CPU implementer');
  const part = cpuinfo(source, 'CPU part');
  if (implementer !== null && part !== null)
    return `${IMPLEMENTERS[implementer] ?? `implementer ${implementer}`} part ${part}`;
  const z = /^processor 0:.*machine = (\w+)/m.exec(source.raw('proc/cpuinfo') ?? '')?.[1];
  return z === undefined ? cpuinfo(source, 'Processor', 'Hardware') : `IBM Z machine ${z}`;
}

/** As `uname -m`; "unknown" where neither the kernel nor cpuinfo gives it away. */
function readArchitecture(source: Source): string {
  const known = source.text('proc/sys/kernel/arch') ?? recorded(source, 'Architecture');
  if (known !== null) return known;
  const flags = ` ${cpuinfo(source, 'flags') ?? ''} `;
  if (flags.includes(' lm ')) return 'x86_64';
  if (flags.includes(' fpu ')) return 'i686';
  if (cpuinfo(source, 'CPU architecture') === '8') return 'aarch64';
  if (cpuinfo(source, 'CPU architecture') !== null) return 'arm';
  if (cpuinfo(source, 'vendor_id') === 'IBM/S390') return 's390x';
  if (/^(POWER|PPC)/.test(cpuinfo(source, 'cpu') ?? '')) return 'ppc64';
  if (cpuinfo(source, 'isa')?.startsWith('rv64') === true) return 'riscv64';
  return 'unknown';
}

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
  const found = EVIDENCE.find(([pattern]) => pattern.test(words))?.[1];
  return found ?? (/^flags.*\shypervisor(\s|$)/m.test(source.raw('proc/cpuinfo') ?? '') ? 'unknown' : null);
}

/** As `uname -r`; null where nothing tells it. */
export function readKernel(source: Source): string | null {
  return source.text('proc/sys/kernel/osrelease') ?? recorded(source, 'OSRelease');
}

export function readMachine(
  source: Source,
  extra: { name?: string; architecture?: string; identify?: Identity | null },
): Machine {
  const cpuModel = readCpuModel(source);
  const hypervisor = extra.identify ? extra.identify.hypervisor : guessHypervisor(source);
  // QEMU's own model names say so, unless it plays another CPU's.
  const emulated = extra.identify?.emulated ?? /\bTCG\b/.test(cpuModel ?? '');
  if (!extra.identify && hypervisor === 'qemu' && !emulated) {
    source.warn('This is a QEMU machine; whether real CPUs run it or software plays them could not be established.');
  }
  return {
    name: source.text('proc/sys/kernel/hostname') ?? recorded(source, 'HostName') ?? tidy(extra.name ?? 'unknown'),
    architecture: tidy(extra.architecture ?? readArchitecture(source)),
    kernel: readKernel(source) ?? 'unknown',
    cpuModel,
    hypervisor: hypervisor === null ? null : tidy(hypervisor),
    emulated,
  };
}
