/**
 * Machines that no one has sent us: a description of hardware, kernel and limits, and the /sys and /proc files such a
 * host shows, masks and lists both. Nothing here shares code with the reader, or the two could agree on a mistake.
 */

import { cpuinfo, MACHINES } from './cpuinfo.ts';
import type { Processor } from './cpuinfo.ts';

const CPU = 'sys/devices/system/cpu';
const NODE = 'sys/devices/system/node';

/** What holds CPUs, from the whole machine down. */
export const LEVELS = ['machine', 'drawer', 'book', 'package', 'die', 'cluster', 'core', 'thread'] as const;
export type Level = (typeof LEVELS)[number];

export interface PaperCache {
  readonly level: number;
  readonly type: 'Data' | 'Instruction' | 'Unified';
  readonly per: Level;
  /** Null: the kernel shows no size. */
  readonly kib: number | null;
  /** The kernel names nobody who shares it. */
  readonly mute: boolean;
}

/** One file in which a host says what cannot be: the set that CPU (or node) number `at`, counted round, claims. */
export interface Lie {
  readonly what: 'core' | 'package' | 'die' | 'cluster' | 'cache' | 'node';
  readonly at: number;
  /** Places in the order of CPUs, counted round. */
  readonly claims: readonly number[];
}

export interface PaperMachine {
  /** Whose /proc/cpuinfo it shows; what hwloc does otherwise on some of them hangs on that. */
  readonly processor: Processor;
  /** Children at each level below the machine: drawers, books a drawer … threads a core. */
  readonly drawers: number;
  readonly books: number;
  readonly packages: number;
  readonly dies: number;
  readonly clusters: number;
  readonly cores: number;
  readonly threads: number;
  /** Order of CPU numbers, and the gap between them. */
  readonly numbering: 'compact' | 'threads last' | 'packages first' | 'shuffled';
  readonly seed: number;
  readonly stride: number;
  /** Places of CPUs that are switched off, counted round; the first stays on. */
  readonly offline: readonly number[];
  /** Whether an offline CPU keeps its folder of topology, as s390 does. */
  readonly offlineShown: boolean;
  /** No `online` list, as before Linux 2.6.26: only each CPU's own file. */
  readonly noOnlineList: boolean;
  /** File names as before Linux 5.3. */
  readonly oldNames: boolean;
  readonly packageIds: 'plain' | 'same' | 'sparse' | 'minus one' | 'none';
  readonly coreIds: 'plain' | 'machine-wide' | 'none' | 'each thread' | 'minus one';
  readonly caches: readonly PaperCache[];
  /** What a node with CPUs is; 'none': a kernel without NUMA. */
  readonly nodePer: Level | 'half package' | 'none';
  readonly nodeStride: number;
  readonly nodeShuffle: boolean;
  /** Nodes with memory alone, after the others. */
  readonly cpulessNodes: number;
  /** Places of nodes without memory, counted round. */
  readonly memless: readonly number[];
  readonly distances: 'plain' | 'asymmetric' | 'missing' | 'short' | 'zero' | 'all equal';
  readonly hugepages: boolean;
  readonly rated: 'none' | 'access0' | 'both';
  readonly memorySideCache: boolean;
  /** Nodes with memory alone are that of NVIDIA GPUs, as on POWER9. */
  readonly gpuMemory: boolean;
  readonly kinds: 'none' | 'pmu' | 'capacity' | 'base frequency';
  readonly cgroup: 'none' | 'v1' | 'v1 noprefix' | 'v2' | 'hybrid';
  /** Places of CPUs and nodes the group forbids, counted round. */
  readonly forbiddenCpus: readonly number[];
  readonly forbiddenNodes: readonly number[];
  readonly group: '/' | '/job' | '/job/inner';
  readonly lies: readonly Lie[];
}

export const list = (ids: Iterable<number>): string => {
  const sorted = [...new Set(ids)].sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const id of sorted) {
    const last = runs.at(-1);
    if (last?.[1] === id - 1) last[1] = id;
    else runs.push([id, id]);
  }
  return runs.map(([low, high]) => (low === high ? String(low) : `${low}-${high}`)).join(',');
};

/** As the kernel prints a bitmap: groups of 32 bits, the highest first. */
export function mask(ids: Iterable<number>, width: number): string {
  const words = new Array<bigint>(Math.max(1, Math.ceil(width / 32))).fill(0n);
  for (const id of ids) words[Math.floor(id / 32)] = (words[Math.floor(id / 32)] ?? 0n) | (1n << BigInt(id % 32));
  return words
    .reverse()
    .map((word) => word.toString(16).padStart(8, '0'))
    .join(',');
}

function generator(seed: number): (below: number) => number {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = generator(seed);
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = random(i + 1);
    [out[i], out[j]] = [out[j] as T, out[i] as T];
  }
  return out;
}

export interface Place {
  cpu: number;
  /** Number of the thing it lies in, machine-wide, at each level. */
  readonly in: Readonly<Record<Level, number>>;
  readonly coreInPackage: number;
  readonly threadInCore: number;
  readonly packageInMachine: number;
}

function places(m: PaperMachine): Place[] {
  const counts = [m.drawers, m.books, m.packages, m.dies, m.clusters, m.cores, m.threads];
  const total = counts.reduce((a, b) => a * b, 1);
  const out = Array.from({ length: total }, (_, i): Place => {
    const at = [0];
    let size = total;
    for (const count of counts) {
      size /= count;
      at.push(Math.floor(i / size));
    }
    const within = Object.fromEntries(LEVELS.map((level, l) => [level, at[l] ?? 0])) as Record<Level, number>;
    const coresOfPackage = m.dies * m.clusters * m.cores;
    return {
      cpu: -1,
      in: within,
      coreInPackage: within.core % coresOfPackage,
      threadInCore: i % m.threads,
      packageInMachine: within.package,
    };
  });
  const by = (...keys: ((p: Place) => number)[]): Place[] =>
    [...out].sort((a, b) => keys.map((key) => key(a) - key(b)).find((d) => d !== 0) ?? 0);
  const order = {
    compact: () => out,
    'threads last': () =>
      by(
        (p) => p.threadInCore,
        (p) => p.in.core,
      ),
    'packages first': () =>
      by(
        (p) => p.threadInCore,
        (p) => p.coreInPackage,
        (p) => p.in.package,
      ),
    shuffled: () => shuffled(out, m.seed),
  }[m.numbering]();
  order.forEach((place, i) => (place.cpu = i * m.stride));
  return order;
}

const round = <T>(items: readonly T[], at: readonly number[]): T[] =>
  items.length === 0 ? [] : at.map((i) => items[i % items.length] as T);

export function paperFiles(m: PaperMachine): Map<string, string> {
  const files = new Map<string, string>();
  const all = places(m);
  const off = new Set(round(all.slice(1), m.offline));
  const online = all.filter((p) => !off.has(p));
  const width = (Math.max(...all.map((p) => p.cpu)) + 1) * 2;
  const ids = (group: readonly Place[]): number[] => group.map((p) => p.cpu);
  const peers = (at: Place, level: Level): number[] => ids(online.filter((p) => p.in[level] === at.in[level]));
  const lieOf = (what: Lie['what'], at: number, of: number): number[] | null => {
    const lie = m.lies.find((each) => each.what === what && of > 0 && each.at % of === at);
    return lie ? ids(round(all, lie.claims)) : null;
  };
  const set = (base: string, listName: string, cpus: readonly number[]): void => {
    files.set(base, mask(cpus, width));
    files.set(listName, list(cpus));
  };
  files.set(`${CPU}/possible`, list(ids(all)));
  files.set(`${CPU}/present`, list(ids(all)));
  if (!m.noOnlineList) files.set(`${CPU}/online`, list(ids(online)));
  all.forEach((p, place) => {
    const dir = `${CPU}/cpu${p.cpu}`;
    const isOn = !off.has(p);
    if (p.cpu !== 0) files.set(`${dir}/online`, isOn ? '1' : '0');
    if (!isOn && !m.offlineShown) return;
    const top = `${dir}/topology`;
    const say = (what: Lie['what'] | 'book' | 'drawer', level: Level, ...names: [string, string][]): void => {
      const lie = what === 'book' || what === 'drawer' ? null : lieOf(what, place, all.length);
      const cpus = lie ?? (isOn ? peers(p, level) : [p.cpu]);
      for (const [base, listName] of names) set(`${top}/${base}`, `${top}/${listName}`, cpus);
    };
    const pair = (name: string): [string, string] => [name, `${name}_list`];
    if (m.oldNames) {
      say('core', 'core', pair('thread_siblings'));
      say('package', 'package', pair('core_siblings'));
    } else {
      say('core', 'core', pair('thread_siblings'), pair('core_cpus'));
      say('package', 'package', pair('core_siblings'), pair('package_cpus'));
      say('die', m.dies > 1 ? 'die' : 'package', pair('die_cpus'));
      files.set(`${top}/die_id`, String(m.dies > 1 ? p.in.die % m.dies : 0));
      say('cluster', m.clusters > 1 ? 'cluster' : 'core', pair('cluster_cpus'));
      files.set(`${top}/cluster_id`, String(m.clusters > 1 ? p.in.cluster : -1));
    }
    if (m.books > 1 || m.drawers > 1) {
      say('book', 'book', ['book_siblings', 'book_siblings_list']);
      files.set(`${top}/book_id`, String(p.in.book));
    }
    if (m.drawers > 1) {
      say('drawer', 'drawer', ['drawer_siblings', 'drawer_siblings_list']);
      files.set(`${top}/drawer_id`, String(p.in.drawer));
    }
    const packageId = { plain: p.in.package, same: 0, sparse: p.in.package * 36, 'minus one': -1, none: null };
    const coreId = {
      plain: p.coreInPackage,
      'machine-wide': p.in.core,
      none: null,
      'each thread': p.coreInPackage * m.threads + p.threadInCore,
      'minus one': -1,
    };
    const shownPackage = packageId[m.packageIds];
    const shownCore = coreId[m.coreIds];
    if (shownPackage !== null) files.set(`${top}/physical_package_id`, String(shownPackage));
    if (shownCore !== null) files.set(`${top}/core_id`, String(shownCore));
    if (m.kinds === 'capacity') files.set(`${dir}/cpu_capacity`, p.in.core % 2 === 0 ? '1024' : '446');
    if (!isOn) return;
    if (m.kinds === 'base frequency') {
      files.set(`${dir}/cpufreq/base_frequency`, p.in.core % 2 === 0 ? '3000000' : '2000000');
      files.set(`${CPU}/cpufreq/policy${p.cpu}/base_frequency`, p.in.core % 2 === 0 ? '3000000' : '2000000');
    }
    m.caches.forEach((cache, index) => {
      const folder = `${dir}/cache/index${index}`;
      const lie = index === m.caches.length - 1 ? lieOf('cache', place, all.length) : null;
      const cpus = lie ?? (cache.mute ? [] : peers(p, cache.per));
      files.set(`${folder}/level`, String(cache.level));
      files.set(`${folder}/type`, cache.type);
      files.set(`${folder}/coherency_line_size`, '64');
      if (cache.kib !== null) files.set(`${folder}/size`, `${cache.kib}K`);
      set(`${folder}/shared_cpu_map`, `${folder}/shared_cpu_list`, cpus);
    });
  });
  if (m.kinds === 'pmu') {
    files.set('sys/devices/cpu_core/cpus', list(ids(online.filter((p) => p.in.core % 2 === 0))));
    files.set('sys/devices/cpu_atom/cpus', list(ids(online.filter((p) => p.in.core % 2 === 1))));
  }
  const nodes = nodeFiles(m, files, all, online, width, lieOf);
  limitFiles(m, files, ids(all), nodes);
  files.set('proc/meminfo', 'MemTotal:       16777216 kB\nMemFree:         8388608 kB\nHugepagesize:       2048 kB');
  files.set('proc/cpuinfo', cpuinfo(m.processor, online));
  files.set('proc/hwloc-nofile-info', `OSName: Linux\nHostName: paper\nArchitecture: ${MACHINES[m.processor]}`);
  return files;
}

function nodeFiles(
  m: PaperMachine,
  files: Map<string, string>,
  all: readonly Place[],
  online: readonly Place[],
  width: number,
  lieOf: (what: Lie['what'], at: number, of: number) => number[] | null,
): number[] {
  if (m.nodePer === 'none') return [];
  // Along the widest things in a package that there are two of: hardware cuts no die in two.
  const [unit, units]: [Level, number] =
    m.dies > 1 ? ['die', m.dies] : m.clusters > 1 ? ['cluster', m.clusters] : ['core', m.cores];
  const nodeOf = (p: Place): number =>
    m.nodePer === 'half package'
      ? p.in.package * 2 + ((p.in[unit] % units) * 2 >= units ? 1 : 0)
      : m.nodePer === 'none'
        ? 0
        : p.in[m.nodePer];
  const withCpus = [...new Set(all.map(nodeOf))].sort((a, b) => a - b);
  const count = withCpus.length + m.cpulessNodes;
  const numbers = Array.from({ length: count }, (_, i) => i * m.nodeStride);
  const ids = m.nodeShuffle ? shuffled(numbers, m.seed) : numbers;
  const memless = new Set(round(ids.slice(0, withCpus.length), m.memless));
  files.set(`${NODE}/online`, list(ids));
  files.set(`${NODE}/possible`, list(ids));
  const random = generator(m.seed + 7);
  const columns = [...ids].sort((a, b) => a - b);
  ids.forEach((id, i) => {
    const dir = `${NODE}/node${id}`;
    const own = online.filter((p) => i < withCpus.length && nodeOf(p) === withCpus[i]).map((p) => p.cpu);
    const cpus = lieOf('node', i, count) ?? own;
    files.set(`${dir}/cpumap`, mask(cpus, width));
    files.set(`${dir}/cpulist`, list(cpus));
    const row = columns.map((other) => {
      if (m.distances === 'zero') return 0;
      if (m.distances === 'all equal') return 10;
      if (other === id) return 10;
      return m.distances === 'asymmetric' ? 11 + random(30) : ids.indexOf(other) >= withCpus.length ? 24 : 21;
    });
    if (m.distances === 'short') row.pop();
    if (m.distances !== 'missing') files.set(`${dir}/distance`, row.join(' '));
    const kib = memless.has(id) ? 0 : (i + 1) * 1_048_576;
    files.set(
      `${dir}/meminfo`,
      [`Node ${id} MemTotal:       ${kib} kB`, `Node ${id} MemFree:        ${Math.floor(kib / 2)} kB`].join('\n'),
    );
    if (m.hugepages) {
      const sizes: [number, number][] = [
        [2048, i * 3],
        [1_048_576, i % 2],
      ];
      for (const [size, total] of sizes) {
        const pool = `${dir}/hugepages/hugepages-${size}kB`;
        files.set(`${pool}/nr_hugepages`, String(total));
        files.set(`${pool}/free_hugepages`, String(Math.floor(total / 2)));
        files.set(`sys/kernel/mm/hugepages/hugepages-${size}kB/nr_hugepages`, '3');
        files.set(`sys/kernel/mm/hugepages/hugepages-${size}kB/free_hugepages`, '1');
      }
    }
    if (m.memorySideCache && kib > 0) {
      files.set(`${dir}/memory_side_cache/index1/size`, String(2 ** 30));
      files.set(`${dir}/memory_side_cache/index1/line_size`, '64');
      files.set(`${dir}/memory_side_cache/index1/indexing`, '0');
      files.set(`${dir}/memory_side_cache/index1/write_policy`, '1');
    }
    if (m.gpuMemory && i >= withCpus.length) {
      const gpu = `proc/driver/nvidia/gpus/${String(i).padStart(4, '0')}:01:00.0`;
      files.set(`${gpu}/numa_status`, `Node: ${id}\nNUMA initialized: TRUE`);
    }
    if (m.rated === 'none') return;
    const best = i < withCpus.length ? id : (ids[i % withCpus.length] ?? id);
    for (const access of m.rated === 'both' ? ['access0', 'access1'] : ['access0']) {
      const from = `${dir}/${access}/initiators`;
      const initiator = `${from}/node${best}`;
      files.set(`${initiator}/cpulist`, files.get(`${NODE}/node${best}/cpulist`) ?? '');
      files.set(`${initiator}/cpumap`, files.get(`${NODE}/node${best}/cpumap`) ?? '');
      files.set(`${from}/read_latency`, String(100 + i * 50));
      files.set(`${from}/write_latency`, String(100 + i * 60));
      files.set(`${from}/read_bandwidth`, String(200_000 - i * 1000));
      files.set(`${from}/write_bandwidth`, String(150_000 - i * 1000));
    }
  });
  return columns;
}

function limitFiles(
  m: PaperMachine,
  files: Map<string, string>,
  cpus: readonly number[],
  nodes: readonly number[],
): void {
  if (m.cgroup === 'none') return;
  const forbidden = new Set(round(cpus.slice(1), m.forbiddenCpus));
  const without = new Set(round(nodes.slice(1), m.forbiddenNodes));
  const mayCpus = list(cpus.filter((cpu) => !forbidden.has(cpu)));
  const mayNodes = list(nodes.length === 0 ? [0] : nodes.filter((node) => !without.has(node)));
  const tail = m.group === '/' ? '' : m.group;
  const write = (mount: string, cpuNames: readonly string[], nodeNames: readonly string[]): void => {
    const chain = tail === '/job/inner' ? ['', '/job', '/job/inner'] : tail === '' ? [''] : ['', tail];
    for (const step of chain) {
      const whole = step !== tail;
      for (const name of cpuNames) files.set(`${mount}${step}/${name}`, whole ? list(cpus) : mayCpus);
      for (const name of nodeNames)
        files.set(`${mount}${step}/${name}`, whole ? list(nodes.length ? nodes : [0]) : mayNodes);
    }
  };
  files.set('proc/self/cpuset', m.group);
  if (m.cgroup === 'v1') {
    files.set('proc/mounts', 'cgroup /sys/fs/cgroup/cpuset cgroup rw,nosuid,cpuset 0 0');
    files.set('proc/self/cgroup', `4:cpuset:${m.group}`);
    write('sys/fs/cgroup/cpuset', ['cpuset.cpus'], ['cpuset.mems']);
  } else if (m.cgroup === 'v1 noprefix') {
    files.set('proc/mounts', 'none /dev/cpuset cpuset rw,relatime 0 0');
    files.set('proc/self/cgroup', `4:cpuset:${m.group}`);
    write('dev/cpuset', ['cpus'], ['mems']);
  } else if (m.cgroup === 'v2') {
    files.set('proc/mounts', 'cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0');
    files.set('proc/self/cgroup', `0::${m.group}`);
    files.set('sys/fs/cgroup/cgroup.controllers', 'cpuset cpu io memory');
    write('sys/fs/cgroup', ['cpuset.cpus.effective'], ['cpuset.mems.effective']);
  } else {
    files.set(
      'proc/mounts',
      'cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\ncgroup /sys/fs/cgroup/cpuset cgroup rw,cpuset 0 0',
    );
    files.set('proc/self/cgroup', `4:cpuset:${m.group}\n0::${m.group}`);
    files.set('sys/fs/cgroup/unified/cgroup.controllers', '');
    write('sys/fs/cgroup/cpuset', ['cpuset.cpus'], ['cpuset.mems']);
  }
}
