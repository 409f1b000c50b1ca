/** What decides whether a number measured on a host means anything, as its files tell it. */

import type { Environment, EnvironmentValue } from '../../run/run.ts';
import { readCpuModel } from './cpuinfo.ts';
import { guessHypervisor } from './hypervisor.ts';
import { readKernel } from './machine.ts';
import type { Identity } from './machine.ts';
import type { ProbeFiles } from './probe.ts';
import { Source } from './source.ts';

export interface HostEnvironment extends Environment {
  readonly kernel: EnvironmentValue;
  readonly cpuModel: EnvironmentValue;
  /** Frequency governor; several, with commas, where CPUs differ. */
  readonly governor: EnvironmentValue;
  /** Whether cores may run above their base frequency. */
  readonly boost: EnvironmentValue;
  /** Whether any core has two hardware threads online. */
  readonly smt: EnvironmentValue;
  /** The sysctl's number: 0 off, 1 normal, 2 memory tiering. */
  readonly numaBalancing: EnvironmentValue;
  /** Transparent huge pages: always, madvise or never. */
  readonly thp: EnvironmentValue;
  /** "none" on bare metal. */
  readonly hypervisor: EnvironmentValue;
  /** Load average of the last minute. */
  readonly loadBefore: EnvironmentValue;
  /** Kernel list of CPUs kept from the scheduler, "" for none. */
  readonly isolatedCpus: EnvironmentValue;
  readonly perfEventParanoid: EnvironmentValue;
}

const CPU = 'sys/devices/system/cpu';

const unavailable = (why: string): EnvironmentValue => ({ unavailable: why });
const absent = (path: string): EnvironmentValue => unavailable(`the host does not show /${path}`);

function number(source: Source, path: string): EnvironmentValue {
  return source.integer(path) ?? absent(path);
}

function governor(source: Source): EnvironmentValue {
  const paths = source.numbered(`${CPU}/cpufreq/policy`).map((id) => `${CPU}/cpufreq/policy${id}/scaling_governor`);
  const names = [`${CPU}/cpu0/cpufreq/scaling_governor`, ...paths].map((path) => source.text(path, 32));
  const distinct = [...new Set(names.filter((name) => name !== null))].sort();
  return distinct.length > 0 ? distinct.slice(0, 8).join(',') : unavailable('the host shows no frequency governor');
}

// acpi-cpufreq says whether boost is on, intel_pstate whether it is off.
function boost(source: Source): EnvironmentValue {
  const on = source.integer(`${CPU}/cpufreq/boost`);
  if (on !== null) return on !== 0;
  const off = source.integer(`${CPU}/intel_pstate/no_turbo`);
  return off === null ? unavailable('the host shows no switch for boost') : off === 0;
}

function smt(source: Source): EnvironmentValue {
  const path = `${CPU}/smt/active`;
  const active = source.integer(path);
  return active === null ? absent(path) : active !== 0;
}

function isolated(source: Source): EnvironmentValue {
  const path = `${CPU}/isolated`;
  return source.raw(path) === null ? absent(path) : (source.text(path, 4096) ?? '');
}

/** Never throws: what a host does not tell carries the reason why. */
export function readEnvironment(files: ProbeFiles, identify: Identity | null = null): HostEnvironment {
  const source = new Source(files);
  const thp = /\[(\w{1,16})\]/.exec(source.text('sys/kernel/mm/transparent_hugepage/enabled') ?? '')?.[1];
  const load = /^\d{1,7}(?:\.\d{1,3})?(?= )/.exec(source.text('proc/loadavg') ?? '')?.[0];
  return {
    kernel: readKernel(source) ?? absent('proc/sys/kernel/osrelease'),
    cpuModel: readCpuModel(source) ?? unavailable('/proc/cpuinfo names no model'),
    governor: governor(source),
    boost: boost(source),
    smt: smt(source),
    numaBalancing: number(source, 'proc/sys/kernel/numa_balancing'),
    thp: thp ?? absent('sys/kernel/mm/transparent_hugepage/enabled'),
    hypervisor: (identify ? identify.hypervisor : guessHypervisor(source)) ?? 'none',
    loadBefore: load === undefined ? absent('proc/loadavg') : Number(load),
    isolatedCpus: isolated(source),
    perfEventParanoid: number(source, 'proc/sys/kernel/perf_event_paranoid'),
  };
}
