/** What kind of machine it is: name, architecture, CPU model, and whether it is a virtual or an emulated one. */

import type { Machine } from '../../topology/topology.ts';
import { tidy } from '../../text/clean.ts';
import { guessArchitecture, readCpuModel } from './cpuinfo.ts';
import { guessHypervisor } from './hypervisor.ts';
import type { Source } from './source.ts';

/** What the agent found by asking the CPU itself; it outranks every guess from files. */
export interface Identity {
  readonly hypervisor: string | null;
  readonly emulated: boolean;
}

/** What hwloc's own recorder noted beside a dump. */
function recorded(source: Source, field: string): string | null {
  const value = new RegExp(`^${field}: (.+)$`, 'm').exec(source.raw('proc/hwloc-nofile-info') ?? '')?.[1];
  return value === undefined ? null : tidy(value);
}

/** As `uname -m`; "unknown" where neither the kernel nor cpuinfo gives it away. */
function readArchitecture(source: Source): string {
  const told = source.text('proc/sys/kernel/arch') ?? recorded(source, 'Architecture');
  return told ?? guessArchitecture(source) ?? 'unknown';
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
