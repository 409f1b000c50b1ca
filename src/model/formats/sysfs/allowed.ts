/** Which CPUs and nodes a session may use: its affinity and every cpuset around it. */

import type { ProbeFiles } from './probe.ts';
import { both } from './ids.ts';
import { Source } from './source.ts';
import type { Ids } from './ids.ts';

/** Null stands for "no limit is known". */
export interface Allowed {
  readonly cpus: Ids | null;
  readonly nodes: Ids | null;
}

interface Hierarchy {
  readonly mount: string;
  /** Path of this session's group below the mount: "" or "/a/b". */
  readonly group: string;
  readonly cpus: readonly string[];
  readonly nodes: readonly string[];
}

// What the cgroup really has comes before what it asked for, which may be empty. A cpuset file system of its own
// (/dev/cpuset, or cgroup v1 mounted "noprefix") has the bare names.
const V2 = { cpus: ['cpuset.cpus.effective'], nodes: ['cpuset.mems.effective'] };
const V1 = { cpus: ['cpuset.effective_cpus', 'cpuset.cpus'], nodes: ['cpuset.effective_mems', 'cpuset.mems'] };
const BARE = { cpus: ['effective_cpus', 'cpus'], nodes: ['effective_mems', 'mems'] };

/** Names of every file a cpuset is read from, whatever its folder. */
export const CPUSET_NAMES: readonly string[] = [V2, V1, BARE].flatMap(({ cpus, nodes }) => [...cpus, ...nodes]);
const MAX_DEPTH = 32;
const MAX_MOUNTS = 2000;

/** Hierarchies that may hold a cpuset, by the mount table where it was recorded, else where systemd mounts them. */
function hierarchies(files: ProbeFiles): Hierarchy[] {
  const membership = (files.get('proc/self/cgroup') ?? '').split('\n');
  const cpuset = files.get('proc/self/cpuset')?.trim();
  const v1 =
    membership.map((line) => /^\d+:(?:[^:]*,)?cpuset(?:,[^:]*)?:(\/.*)$/.exec(line)?.[1]).find(Boolean) ?? cpuset;
  const v2 = membership.map((line) => /^0::(\/.*)$/.exec(line)?.[1]).find(Boolean) ?? cpuset;
  const at = (mount: string, path: string | undefined, names: typeof V1): Hierarchy[] =>
    path?.startsWith('/') === true && !path.includes('..') && !mount.includes('..')
      ? [{ mount: mount.replace(/^\/+/, ''), group: path.replace(/\/+$/, ''), ...names }]
      : [];
  const mounts = files.get('proc/mounts');
  if (mounts === undefined) {
    return [
      ...at('sys/fs/cgroup', v2, V2),
      ...at('sys/fs/cgroup/unified', v2, V2),
      ...at('sys/fs/cgroup/cpuset', v1, V1),
    ];
  }
  return mounts.split('\n', MAX_MOUNTS).flatMap((line) => {
    const [, mount = '', type = '', options = ''] = line.split(' ');
    const flags = options.split(',');
    if (type === 'cgroup2') return at(mount, v2, V2);
    if (type === 'cpuset') return at(mount, v1, BARE);
    if (type === 'cgroup' && flags.includes('cpuset')) return at(mount, v1, flags.includes('noprefix') ? BARE : V1);
    return [];
  });
}

/** The group's folder and those around it, innermost first: a controller need not be enabled all the way down. */
function folders({ mount, group }: Hierarchy): string[] {
  const out: string[] = [];
  for (let path = group; out.length < MAX_DEPTH; path = path.slice(0, path.lastIndexOf('/'))) {
    out.push(`${mount}${path}`);
    if (path === '') break;
  }
  return out;
}

/** Paths (no leading slash) that `readAllowed` looks for, given the files that name the session's groups. */
export function cpusetFiles(files: ProbeFiles): string[] {
  return hierarchies(files).flatMap((each) =>
    folders(each).flatMap((folder) => [...each.cpus, ...each.nodes].map((name) => `${folder}/${name}`)),
  );
}

function innermost(source: Source, each: Hierarchy, names: readonly string[]): Ids | null {
  for (const folder of folders(each)) {
    const set = source.ids(
      ...names.map((name) => ({ list: `${folder}/${name}` })).filter(({ list }) => source.text(list) !== null),
    );
    if (set) return set;
  }
  return null;
}

/**
 * The session's limits: `Cpus_allowed_list` and `Mems_allowed_list` of /proc/self/status (sched_setaffinity(2),
 * cpuset(7)), cut with the cpuset of each hierarchy it is in. Never throws.
 */
export function readAllowed(files: ProbeFiles, source = new Source(files)): Allowed {
  const status = files.get('proc/self/status') ?? '';
  const field = (name: string): Ids | null => {
    const value = new RegExp(`^${name}:\\s*([-0-9,]+)\\s*$`, 'm').exec(status)?.[1];
    return value === undefined ? null : source.set(value, 'list', name);
  };
  let cpus = field('Cpus_allowed_list');
  let nodes = field('Mems_allowed_list');
  const cut = (limit: Ids | null, by: Ids | null): Ids | null => (limit && by ? both(limit, by) : (limit ?? by));
  for (const each of hierarchies(files)) {
    cpus = cut(cpus, innermost(source, each, each.cpus));
    nodes = cut(nodes, innermost(source, each, each.nodes));
  }
  return { cpus, nodes };
}
