/** Settings of the kernel that decide where memory and threads go. */

import { Source } from '../../formats/sysfs/source.ts';
import type { ProbeFiles } from '../../formats/sysfs/probe.ts';
import type { Reading } from '../../run/run.ts';
import { clean } from '../../text/clean.ts';

/** A file system of a device. */
export interface DiskMount {
  readonly source: string;
  readonly path: string;
}

export interface TmpfsMount {
  readonly path: string;
  /** `mpol=` of the mount: "interleave:0-1", "bind:1"; null for the default and "local", near the thread that writes first. */
  readonly policy: string | null;
}

/** Frequency policy of some CPUs. */
export interface GovernorPolicy {
  /** Those that are alike, by the CPU each is numbered by. */
  readonly policies: readonly number[];
  readonly governor: string;
  /** Energy hint to the CPU's own governor; null where it has none. */
  readonly preference: string | null;
  readonly driver: string | null;
}

export interface KernelFacts {
  /** The words of its command line. */
  readonly commandLine: Reading<readonly string[]>;
  readonly zoneReclaim: Reading<number>;
  readonly thpDefrag: Reading<string>;
  /** All that this kernel can be set to. */
  readonly thpDefragModes: readonly string[];
  /** on, off, forceoff, notsupported, notimplemented. */
  readonly smtControl: Reading<string>;
  /** Each that differs, once. */
  readonly governors: Reading<readonly GovernorPolicy[]>;
  readonly tmpfs: Reading<readonly TmpfsMount[]>;
  /** CPUs of control groups that are isolated partitions: the kernel does not list them with those of isolcpus=. */
  readonly partitions: readonly number[];
  readonly mounts: Reading<readonly DiskMount[]>;
}

const CPU = 'sys/devices/system/cpu';
const MAX_WORDS = 512;
const MAX_MOUNTS = 2000;

const absent = (path: string): { unavailable: string } => ({ unavailable: `the host does not show /${path}` });

export function readKernel(files: ProbeFiles): KernelFacts {
  const source = new Source(files);
  const one = (path: string): Reading<string> => source.text(path, 64) ?? absent(path);
  const chosen = (path: string): Reading<string> =>
    /\[([\w+]{1,20})\]/.exec(source.text(path) ?? '')?.[1] ?? absent(path);
  const line = source.text('proc/cmdline', 8192);
  const mounts = source.raw('proc/mounts');
  return {
    // With an empty command line the file is there and empty.
    commandLine:
      source.raw('proc/cmdline') === null
        ? absent('proc/cmdline')
        : (line ?? '').split(/\s+/, MAX_WORDS).filter(Boolean),
    partitions: isolatedPartitions(files, source),
    zoneReclaim: source.integer('proc/sys/vm/zone_reclaim_mode') ?? absent('proc/sys/vm/zone_reclaim_mode'),
    thpDefrag: chosen('sys/kernel/mm/transparent_hugepage/defrag'),
    thpDefragModes: (source.text('sys/kernel/mm/transparent_hugepage/defrag') ?? '').match(/[\w+]{1,20}/g) ?? [],
    smtControl: one(`${CPU}/smt/control`),
    governors: readGovernors(source),
    tmpfs: mounts === null ? absent('proc/mounts') : tmpfsMounts(mounts),
    mounts: mounts === null ? absent('proc/mounts') : diskMounts(mounts),
  };
}

function isolatedPartitions(files: ProbeFiles, source: Source): number[] {
  const found = new Set<number>();
  for (const [path, text] of files) {
    const group = /^(sys\/fs\/cgroup\/[^/]+)\/cpuset\.cpus\.partition$/.exec(path)?.[1];
    // "isolated invalid (why)" is none.
    if (group === undefined || text.trim() !== 'isolated') continue;
    for (const cpu of source.ids({ list: `${group}/cpuset.cpus.effective` }) ?? []) found.add(cpu);
  }
  return [...found].sort((a, b) => a - b);
}

function readGovernors(source: Source): Reading<readonly GovernorPolicy[]> {
  const found = new Map<string, GovernorPolicy>();
  for (const id of source.numbered(`${CPU}/cpufreq/policy`)) {
    const folder = `${CPU}/cpufreq/policy${id}`;
    const governor = source.text(`${folder}/scaling_governor`, 32);
    if (governor === null) continue;
    const preference = source.text(`${folder}/energy_performance_preference`, 32);
    const driver = source.text(`${folder}/scaling_driver`, 32);
    const key = `${governor} ${preference} ${driver}`;
    found.set(key, { policies: [...(found.get(key)?.policies ?? []), id], governor, preference, driver });
  }
  return found.size === 0 ? { unavailable: 'the host shows no frequency governor' } : [...found.values()].slice(0, 16);
}

/** Blanks in paths are written in octal (proc_pid_mounts(5)). */
const pathIn = (text: string): string =>
  clean(
    text.replace(/\\([0-3][0-7]{2})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    256,
  );

const diskMounts = (text: string): DiskMount[] =>
  text.split('\n', MAX_MOUNTS).flatMap((line) => {
    const [source = '', path] = line.split(' ', 2);
    return source.startsWith('/dev/') && path !== undefined ? [{ source: pathIn(source), path: pathIn(path) }] : [];
  });

function tmpfsMounts(text: string): TmpfsMount[] {
  return text.split('\n', MAX_MOUNTS).flatMap((line): TmpfsMount[] => {
    const [, where, type, options] = line.split(' ', 4);
    if (type !== 'tmpfs' || where === undefined) return [];
    const policy = /(?:^|,)mpol=([a-z=]{1,30}(?::[\d,-]{1,200}?)?)(?=,[a-z]|$)/.exec(options ?? '')?.[1] ?? null;
    return [{ path: pathIn(where), policy: policy === 'default' || policy === 'local' ? null : policy }];
  });
}
