/** What /proc/cpuinfo says about the CPUs: its words differ by architecture. */

import { tidy } from '../../text/clean.ts';
import type { Source } from './source.ts';

/** Value of the first `key : value` line of cpuinfo whose key is one of `keys`. */
function cpuinfo(source: Source, ...keys: string[]): string | null {
  const text = source.raw('proc/cpuinfo') ?? '';
  for (const key of keys) {
    const value = new RegExp(`^${key}[ \\t]*:[ \\t]*(\\S.*)$`, 'm').exec(text)?.[1];
    if (value !== undefined) return tidy(value);
  }
  return null;
}

// "CPU implementer" of arm64: Arm's MIDR_EL1 registers of implementers.
const IMPLEMENTERS = new Map([
  ['0x41', 'Arm'],
  ['0x43', 'Cavium'],
  ['0x46', 'Fujitsu'],
  ['0x48', 'HiSilicon'],
  ['0x4e', 'NVIDIA'],
  ['0x50', 'AppliedMicro'],
  ['0x51', 'Qualcomm'],
  ['0x61', 'Apple'],
  ['0xc0', 'Ampere'],
]);

/** The CPU's name in the words of its architecture's /proc/cpuinfo; null where it gives none. */
export function readCpuModel(source: Source): string | null {
  const name = cpuinfo(source, 'model name', 'Model Name', 'cpu', 'uarch');
  if (name !== null) return name;
  const implementer = cpuinfo(source, 'CPU implementer');
  const part = cpuinfo(source, 'CPU part');
  if (implementer !== null && part !== null)
    return `${IMPLEMENTERS.get(implementer) ?? `implementer ${implementer}`} part ${part}`;
  const z = /^processor 0:.*machine = (\w+)/m.exec(source.raw('proc/cpuinfo') ?? '')?.[1];
  return z === undefined ? cpuinfo(source, 'Processor', 'Hardware') : `IBM Z machine ${z}`;
}

/** AMD's families 15h and 16h: compute units, whose two cores the kernel calls thread siblings and numbers apart. */
export function hasComputeUnits(source: Source): boolean {
  return cpuinfo(source, 'vendor_id') === 'AuthenticAMD' && ['21', '22'].includes(cpuinfo(source, 'cpu family') ?? '');
}

/** The architecture that only such a cpuinfo can come from; null where it gives none away. */
export function guessArchitecture(source: Source): string | null {
  // x86 alone has these flags: "lm" is long mode.
  const flags = /^flags.*$/m.exec(source.raw('proc/cpuinfo') ?? '')?.[0] ?? '';
  if (/\slm\b/.test(flags)) return 'x86_64';
  if (/\sfpu\b/.test(flags)) return 'i686';
  // Linux 3.x wrote the word in place of the number, and the CPU's name with a capital.
  const arm = cpuinfo(source, 'CPU architecture');
  if (arm === '8' || /^aarch64/i.test(arm ?? '') || cpuinfo(source, 'Processor')?.startsWith('AArch64') === true)
    return 'aarch64';
  if (arm !== null) return 'arm';
  if (cpuinfo(source, 'vendor_id') === 'IBM/S390') return 's390x';
  if (/^(POWER|PPC)/.test(cpuinfo(source, 'cpu') ?? '')) return 'ppc64';
  if (cpuinfo(source, 'CPU Family')?.startsWith('Loongson') === true) return 'loongarch64';
  if (cpuinfo(source, 'isa')?.startsWith('rv64') === true) return 'riscv64';
  return null;
}
