/** What really runs on a host, told apart as plans name it: virtual machines, containers, units, programs. */

import { processWords } from '../../doctor/base/process.ts';
import { vcpuOf } from '../../doctor/base/guest.ts';
import type { LiveProcess, LiveThread } from '../../doctor/facts/live.ts';
import { isUnavailable } from '../../run/run.ts';
import type { Reading } from '../../run/run.ts';

export const RUNNING_KINDS = ['vm', 'container', 'unit', 'program'] as const;
export type RunningKind = (typeof RUNNING_KINDS)[number];

export interface Running {
  readonly kind: RunningKind;
  /** As people call it: "VM web", "pod shop/web-0". */
  readonly label: string;
  /** What a plan may call it. */
  readonly names: readonly string[];
  readonly pids: readonly number[];
  /** Of its processes, those that were looked at closely. */
  readonly processes: readonly LiveProcess[];
  /** All of its programs, or of its control groups, were looked at. */
  readonly whole: boolean;
  /** Who placed it, and by what its remedy is typed. */
  readonly by: {
    readonly tool: 'libvirt' | 'docker' | 'podman' | 'kubernetes' | 'systemd';
    readonly name: string;
  } | null;
}

export interface RunningVm extends Running {
  readonly kind: 'vm';
  readonly process: LiveProcess;
  readonly vcpus: readonly LiveThread[];
  readonly iothreads: readonly LiveThread[];
  /** All its other threads. */
  readonly emulator: readonly LiveThread[];
  /** What its guest was given; null where its command line does not say. */
  readonly memoryBytes: number | null;
}

/** Names that only tools know. */
export interface ToolNames {
  readonly containers: ReadonlyMap<string, { readonly tool: 'docker' | 'podman'; readonly name: string }>;
  /** Of libvirt: whether each domain runs; null where there is no virsh that tells. */
  readonly domains: ReadonlyMap<string, boolean> | null;
  /** Tools that told nothing, with why, as it goes on behind their name. */
  readonly silent: ReadonlyMap<string, string>;
}

export interface Reality {
  readonly vms: readonly RunningVm[];
  readonly others: readonly Running[];
  /** Everybody who was looked at closely, whatever they are, but for those who look. */
  readonly processes: readonly LiveProcess[];
  readonly names: ToolNames;
}

const IOTHREAD = /^IO (?!mon_)/;

export const isVcpu = ({ name }: LiveThread): boolean => vcpuOf(name) !== null;
export const isIothread = ({ name }: LiveThread): boolean => IOTHREAD.test(name);

/** QEMU's `-name`: "web", "guest=web,debug-threads=on"; a comma of the name is doubled. */
export function guestName(command: string): string | null {
  const written = / -name (?:guest=)?((?:[^, ]|,,| (?!-))+)/.exec(command.slice(0, 4000))?.[1];
  return written?.replaceAll(',,', ',').trim() ?? null;
}

const UNITS: Readonly<Record<string, number>> = { '': 2 ** 20, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** QEMU's `-m`: "4096" are MiB. */
export function guestMemory(command: string): number | null {
  const [, figure, unit = ''] = / -m (?:size=)?(\d{1,13})([kmgt]?)(?:[ ,]|$)/i.exec(command) ?? [];
  return figure === undefined ? null : Number(figure) * (UNITS[unit.toLowerCase()] ?? 1);
}

/** Memory of something by node, and where that was read. */
export interface SeenMemory {
  readonly bytes: ReadonlyMap<number, number>;
  readonly origin: string;
}

const NO_GROUP = { unavailable: 'it has no control group that counts memory' };

/** Pages of files are everybody's. What has control groups of its own is counted by them, all else by its pages. */
export function memoryOf({ kind, label, processes, whole }: Running): Reading<SeenMemory> {
  if (!whole) return { unavailable: `${label} has more processes than are looked at` };
  const fenced = kind === 'container' || kind === 'unit';
  const bytes = new Map<number, number>();
  const origins = new Set<string>();
  const add = (of: Readonly<Record<string, number>>, origin: string): void => {
    for (const [node, own] of Object.entries(of)) bytes.set(Number(node), (bytes.get(Number(node)) ?? 0) + own);
    origins.add(origin);
  };
  const groups = new Set<string>();
  for (const process of processes) {
    const { mappings, origin, group } = process;
    if (!isUnavailable(mappings) && !fenced) {
      for (const { kind, bytes: own } of mappings) if (kind !== 'file') add(own, origin);
    } else if (group && !isUnavailable(group.anon)) {
      if (!groups.has(group.path)) add(group.anon, `memory.numa_stat of ${group.path}`);
      groups.add(group.path);
    } else {
      const { unavailable } = [...(fenced ? [] : [mappings]), group?.anon].find(isUnavailable) ?? NO_GROUP;
      return { unavailable: `of ${processWords(process)}: ${unavailable}` };
    }
  }
  return origins.size === 0
    ? { unavailable: 'none of its processes could be read' }
    : { bytes, origin: [...origins].join(', ') };
}

const united = (lists: readonly (readonly number[])[]): number[] =>
  [...new Set(lists.flat())].toSorted((a, b) => a - b);

/** CPUs that it may use: by the fences around it where there are any, else by its threads. */
export const cpusOf = ({ kind, processes }: Running): number[] =>
  united(
    processes.flatMap(({ group, threads, allowedCpus }) =>
      (kind === 'container' || kind === 'unit') && group?.cpus
        ? [group.cpus]
        : [allowedCpus, ...threads.map(({ allowed }) => allowed)],
    ),
  );
