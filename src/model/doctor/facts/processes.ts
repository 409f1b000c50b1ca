/** The processes that were looked at closely, from the script's second answer. */

import type { Topology } from '../../topology/topology.ts';
import { clean } from '../../text/clean.ts';
import type { LiveGroup, LiveProcess, LiveThread, Mapping, OwnCpusets } from './live.ts';
import { idsIn, readSections, statusField } from './lines.ts';
import type { Section } from './lines.ts';
import { parseMappings } from './numa-maps.ts';
import { parseStat } from './stat.ts';
import { uptime } from './table.ts';
import type { Reading } from '../../run/run.ts';

const MAX_THREADS = 4096;

/** Lines of the script that say why maps were not read: `/proc/PID/maps_denied:`, `maps_large`, `maps_passed`. */
export const TOO_LARGE = 'it is too large to walk its page tables without holding it up';

const WHY = {
  maps_denied: 'only its own user and root may see where the pages of a process lie',
  maps_large: TOO_LARGE,
  maps_passed: 'its pages were not asked for',
} as const;

/** Null where the answer holds no two looks. */
export function parseProcesses(
  lines: readonly string[],
  topology: Topology,
  tmpfs: readonly string[],
): LiveProcess[] | null {
  const sections = readSections(lines);
  const [before, after] = [sections.get('before'), sections.get('after')];
  const [from, to] = [uptime(before), uptime(after)];
  if (!before || !after || from === null || to === null || to <= from) return null;
  const seconds = to - from;
  const online = topology.cpus.filter((cpu) => cpu.online).map(({ id }) => id);
  const nodes = topology.nodes.map(({ id }) => id);
  const threads = threadsOf(before, after, seconds, online);
  const pids = [...before.keys()].flatMap((path) => /^proc\/(\d+)\/status$/.exec(path)?.[1] ?? []);
  return pids.flatMap((pid): LiveProcess[] => {
    const own = (file: string): string | undefined => before.get(`proc/${pid}/${file}`);
    const list = threads.get(pid) ?? [];
    // It ended between the looks.
    if (list.length === 0) return [];
    const status = own('status');
    const bytes = (name: string): number | null => {
      const kib = /^(\d{1,12}) kB$/.exec(statusField(status, name) ?? '')?.[1];
      return kib === undefined ? null : Number(kib) * 1024;
    };
    const io = (section: Section): number | null => {
      const text = section.get(`proc/${pid}/io`);
      const [read, written] = ['read_bytes', 'write_bytes'].map(
        (key) => new RegExp(`^${key}: (\\d{1,16})$`, 'm').exec(text ?? '')?.[1],
      );
      return read === undefined || written === undefined ? null : Number(read) + Number(written);
    };
    const [then, now] = [io(before), io(after)];
    return [
      {
        pid: Number(pid),
        name: clean(statusField(status, 'Name') ?? '', 64),
        command: clean(own('cmdline') ?? '', 4000),
        busy: list.reduce((sum, { busy }) => sum + busy, 0),
        residentBytes: (bytes('VmRSS') ?? 0) + (bytes('HugetlbPages') ?? 0),
        swapBytes: bytes('VmSwap'),
        threads: list,
        allowedCpus: idsIn(statusField(status, 'Cpus_allowed_list')) ?? online,
        allowedNodes: idsIn(statusField(status, 'Mems_allowed_list')) ?? nodes,
        mappings: mappingsOf(own, tmpfs),
        origin: `/proc/${pid}/numa_maps`,
        group: groupOf(pid, before),
        open: (own('fd') ?? '').split('\n', 500).filter(Boolean),
        diskBytesPerSecond: then === null || now === null ? null : Math.max(0, now - then) / seconds,
      },
    ];
  });
}

function mappingsOf(own: (file: string) => string | undefined, tmpfs: readonly string[]): Reading<readonly Mapping[]> {
  for (const key of Object.keys(WHY) as (keyof typeof WHY)[])
    if (own(key) !== undefined) return { unavailable: WHY[key] };
  const text = own('numa_maps');
  return text === undefined
    ? { unavailable: 'the kernel shows no numa_maps of it' }
    : parseMappings(text.split('\n'), tmpfs);
}

function threadsOf(
  before: Section,
  after: Section,
  seconds: number,
  online: readonly number[],
): ReadonlyMap<string, readonly LiveThread[]> {
  const found = new Map<string, LiveThread[]>();
  for (const [path, text] of after) {
    const [, pid, tid] = /^proc\/(\d+)\/task\/(\d+)\/stat$/.exec(path) ?? [];
    const [then, now] = [parseStat(before.get(path) ?? ''), parseStat(text)];
    if (pid === undefined || !then || !now || then.start !== now.start) continue;
    const folder = `proc/${pid}/task/${tid}`;
    const list = found.get(pid) ?? [];
    found.set(pid, list);
    if (list.length >= MAX_THREADS) continue;
    const moves = [before, after].map(
      (section) => /nr_migrations\s*:\s*(\d{1,15})/.exec(section.get(`${folder}/sched`) ?? '')?.[1],
    );
    list.push({
      tid: Number(tid),
      name: now.name,
      cpus: [then.cpu, now.cpu],
      busy: Math.max(0, now.seconds - then.seconds) / seconds,
      runnable: then.state === 'R' && now.state === 'R',
      allowed: idsIn(statusField(before.get(`${folder}/status`), 'Cpus_allowed_list')) ?? online,
      migrationsPerSecond:
        moves[0] === undefined || moves[1] === undefined
          ? null
          : Math.max(0, Number(moves[1]) - Number(moves[0])) / seconds,
    });
  }
  return found;
}

/** The smallest page that its maps show; without maps that of most kernels. */
function pageOf(maps = ''): number {
  const sizes = [...maps.matchAll(/ kernelpagesize_kB=(\d{1,6})$/gm)].map(([, kib]) => Number(kib));
  return sizes.reduce((least, one) => Math.min(least, one), sizes[0] ?? 4) * 1024;
}

/** cgroup v2's memory.numa_stat: "anon N0=4096 N1=0"; v1's counts pages: "anon=1 N0=1 N1=0". */
function groupOf(pid: string, section: Section): LiveGroup | null {
  const path = section.get(`proc/${pid}/group`);
  if (path === undefined || !path.startsWith('/sys/fs/cgroup/')) return null;
  const file = (name: string): string | undefined => section.get(`${path.slice(1)}/${name}`);
  const line = /^anon(=\d{1,15})?((?: N\d{1,4}=\d{1,16})+)$/m.exec(file('memory.numa_stat') ?? '');
  const unit = line?.[1] === undefined ? 1 : pageOf(section.get(`proc/${pid}/numa_maps`));
  const anon: Record<string, number> = {};
  for (const [, node, value] of line?.[2]?.matchAll(/N(\d+)=(\d+)/g) ?? [])
    if (node !== undefined) anon[node] = Number(value) * unit;
  return {
    path: path.slice('/sys/fs/cgroup'.length),
    anon: line ? anon : { unavailable: 'its control group shows no memory.numa_stat' },
    cpus: idsIn(file('cpuset.cpus.effective')),
    nodes: idsIn(file('cpuset.mems.effective')),
    cpusets: cpusetsOf(section.get(`proc/${pid}/cpusets`) ?? path, section),
  };
}

function cpusetsOf(folder: string, section: Section): OwnCpusets | null {
  const [cpus, nodes] = ['cpus', 'mems'].map((one) => section.get(`${folder.slice(1)}/cpuset.${one}`));
  const isList = (text: string): boolean => /^[\d,-]*$/.test(text);
  return cpus === undefined || nodes === undefined || !isList(cpus) || !isList(nodes) ? null : { folder, cpus, nodes };
}
