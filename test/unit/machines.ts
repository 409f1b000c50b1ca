/**
 * Machines that exist only on paper: the sysfs and procfs files a host of a given shape would show, for tests of
 * everything that starts from a topology. Nothing here shares code with the reader, or the two could agree on a mistake.
 */

import type { ProbeFiles } from '../../src/model/formats/sysfs/probe.ts';

export interface MachineShape {
  readonly packages: number;
  /** Default 1. */
  readonly nodesPerPackage?: number;
  /** Default 1: the host says nothing of dies. */
  readonly diesPerPackage?: number;
  readonly coresPerNode: number;
  /** Hardware threads a core; default 1. */
  readonly threads?: number;
  /**
   * How the firmware numbers CPUs. 'compact': siblings adjacent (0,1). 'interleaved' (default): first threads of all
   * cores, then second threads (0,N). 'round-robin': as interleaved, but neighbours sit on different packages.
   */
  readonly numbering?: 'compact' | 'interleaved' | 'round-robin';
  /** Row by node in the order of `nodeIds`; default 10 local, 12 in the package, 21 beyond, 24 to a CPU-less node. */
  readonly distances?: readonly (readonly number[])[];
  readonly offline?: readonly number[];
  /** Kernel list of the CPUs this session may use; default all online ones. */
  readonly allowed?: string;
  /** Kernel list of the nodes this session may use; default all. */
  readonly allowedNodes?: string;
  /** L3 caches a node (AMD's CCX); default 1, 0 for none. */
  readonly l3PerNode?: number;
  /** Memory of each node with CPUs; default 16. 0 makes them memory-less. */
  readonly memoryGiB?: number;
  /** Nodes with memory and no CPU (CXL), after the others. */
  readonly cpulessNodes?: number;
  /** The kernel's ids of all nodes, CPU-less ones last, where they are not 0,1,2 … */
  readonly nodeIds?: readonly number[];
  /** Packages all claim this id (some firmware does). */
  readonly samePackageId?: number;
  /** Firmware rates memory (ACPI HMAT) of every node from its own CPUs. */
  readonly rated?: boolean;
  /** Whose CPUs firmware rates each CPU-less node from, as positions among the nodes with CPUs; default the first. */
  readonly initiators?: readonly number[];
  readonly name?: string;
  readonly cpuModel?: string;
}

const CPU = 'sys/devices/system/cpu';
const NODE = 'sys/devices/system/node';

interface Place {
  readonly cpu: number;
  readonly package: number;
  readonly node: number;
  readonly core: number;
  readonly thread: number;
}

/** [1,2,3,7] as "1-3,7". */
function list(ids: readonly number[]): string {
  const out: string[] = [];
  const sorted = [...ids].sort((a, b) => a - b);
  sorted.forEach((id, i) => {
    if (sorted[i - 1] === id - 1 && sorted[i + 1] === id + 1) return;
    const joins = sorted[i - 1] === id - 1;
    if (joins) out[out.length - 1] = `${String(out.at(-1))}-${id}`;
    else out.push(String(id));
  });
  return out.join(',');
}

function places(shape: MachineShape): Place[] {
  const { packages, nodesPerPackage = 1, coresPerNode, threads = 1, numbering = 'interleaved' } = shape;
  const perPackage = nodesPerPackage * coresPerNode;
  const cores = packages * perPackage;
  const out: Place[] = [];
  for (let core = 0; core < cores; core++) {
    const pkg = Math.floor(core / perPackage);
    const inPackage = core % perPackage;
    for (let thread = 0; thread < threads; thread++) {
      const cpu =
        numbering === 'compact'
          ? core * threads + thread
          : numbering === 'interleaved'
            ? thread * cores + core
            : thread * cores + inPackage * packages + pkg;
      const node = pkg * nodesPerPackage + Math.floor(inPackage / coresPerNode);
      out.push({ cpu, package: pkg, node, core: inPackage, thread });
    }
  }
  return out.sort((a, b) => a.cpu - b.cpu);
}

function cpuFiles(
  files: Map<string, string>,
  shape: MachineShape,
  all: readonly Place[],
  online: readonly Place[],
): void {
  const { l3PerNode = 1, coresPerNode, nodesPerPackage = 1, diesPerPackage = 1 } = shape;
  const coresPerDie = Math.ceil((nodesPerPackage * coresPerNode) / diesPerPackage);
  const peers = (same: (other: Place) => boolean): string => list(online.filter(same).map((p) => p.cpu));
  for (const at of all) {
    const dir = `${CPU}/cpu${at.cpu}`;
    const isOnline = online.includes(at);
    if (at.cpu !== 0) files.set(`${dir}/online`, isOnline ? '1' : '0');
    if (!isOnline) continue;
    const core = peers((p) => p.package === at.package && p.core === at.core);
    const pkg = peers((p) => p.package === at.package);
    files.set(`${dir}/topology/physical_package_id`, String(shape.samePackageId ?? at.package));
    files.set(`${dir}/topology/core_id`, String(at.core));
    files.set(`${dir}/topology/core_cpus_list`, core);
    files.set(`${dir}/topology/thread_siblings_list`, core);
    files.set(`${dir}/topology/package_cpus_list`, pkg);
    files.set(`${dir}/topology/core_siblings_list`, pkg);
    if (diesPerPackage > 1) {
      const die = Math.floor(at.core / coresPerDie);
      files.set(`${dir}/topology/die_id`, String(die));
      const sameDie = (p: Place): boolean => p.package === at.package && Math.floor(p.core / coresPerDie) === die;
      files.set(`${dir}/topology/die_cpus_list`, peers(sameDie));
    }
    const ccx = Math.ceil(coresPerNode / Math.max(1, l3PerNode));
    const slot = (p: Place): number => Math.floor((p.core % coresPerNode) / ccx);
    const l3 = peers((p) => p.node === at.node && slot(p) === slot(at));
    const caches: [string, string, string, string][] = [
      ['1', 'Data', '32K', core],
      ['1', 'Instruction', '32K', core],
      ['2', 'Unified', '1024K', core],
    ];
    if (l3PerNode > 0) caches.push(['3', 'Unified', '32768K', l3]);
    caches.forEach(([level, type, size, cpus], i) => {
      const cache = `${dir}/cache/index${i}`;
      files.set(`${cache}/level`, level);
      files.set(`${cache}/type`, type);
      files.set(`${cache}/size`, size);
      files.set(`${cache}/coherency_line_size`, '64');
      files.set(`${cache}/shared_cpu_list`, cpus);
    });
  }
}

function nodeFiles(files: Map<string, string>, shape: MachineShape, online: readonly Place[]): number[] {
  const { packages, nodesPerPackage = 1, memoryGiB = 16, cpulessNodes = 0 } = shape;
  const withCpus = packages * nodesPerPackage;
  const count = withCpus + cpulessNodes;
  const ids = shape.nodeIds ?? Array.from({ length: count }, (_, i) => i);
  const distance = (a: number, b: number): number => {
    const given = shape.distances?.[a]?.[b];
    if (given !== undefined) return given;
    if (a === b) return 10;
    if (a >= withCpus || b >= withCpus) return 24;
    return Math.floor(a / nodesPerPackage) === Math.floor(b / nodesPerPackage) ? 12 : 21;
  };
  ids.slice(0, count).forEach((id, i) => {
    const dir = `${NODE}/node${id}`;
    const kib = (i < withCpus ? memoryGiB : 64) * 1024 * 1024;
    files.set(`${dir}/cpulist`, list(online.filter((p) => p.node === i).map((p) => p.cpu)));
    files.set(
      `${dir}/distance`,
      ids
        .slice(0, count)
        .map((_, j) => distance(i, j))
        .join(' '),
    );
    files.set(
      `${dir}/meminfo`,
      [`MemTotal:       ${kib} kB`, `MemFree:        ${kib / 2} kB`, `MemUsed:        ${kib / 2} kB`]
        .map((line) => `Node ${id} ${line}`)
        .join('\n'),
    );
    files.set(
      `${dir}/numastat`,
      ['numa_hit 1000', 'numa_miss 0', 'numa_foreign 0', 'local_node 990', 'other_node 10'].join('\n'),
    );
    for (const size of ['2048', '1048576']) {
      files.set(`${dir}/hugepages/hugepages-${size}kB/nr_hugepages`, '0');
      files.set(`${dir}/hugepages/hugepages-${size}kB/free_hugepages`, '0');
    }
    if (shape.rated !== true) return;
    const best = ids[i < withCpus ? i : (shape.initiators?.[i - withCpus] ?? 0)] ?? 0;
    const from = `${dir}/access0/initiators`;
    files.set(`${from}/node${best}/cpulist`, files.get(`${NODE}/node${best}/cpulist`) ?? '');
    files.set(`${from}/read_latency`, i < withCpus ? '100' : '250');
    files.set(`${from}/write_latency`, i < withCpus ? '100' : '300');
    files.set(`${from}/read_bandwidth`, i < withCpus ? '200000' : '30000');
    files.set(`${from}/write_bandwidth`, i < withCpus ? '180000' : '25000');
  });
  return ids.slice(0, count);
}

/** The files `parseProbe` would give for a machine of this shape. Keys start with sys/ or proc/. */
export function syntheticProbe(shape: MachineShape): ProbeFiles {
  const files = new Map<string, string>();
  const all = places(shape);
  const offline = new Set(shape.offline);
  const online = all.filter((p) => !offline.has(p.cpu));
  const cpus = list(online.map((p) => p.cpu));
  files.set(`${CPU}/possible`, list(all.map((p) => p.cpu)));
  files.set(`${CPU}/present`, list(all.map((p) => p.cpu)));
  files.set(`${CPU}/online`, cpus);
  files.set(`${CPU}/smt/active`, (shape.threads ?? 1) > 1 ? '1' : '0');
  cpuFiles(files, shape, all, online);
  const nodes = list(nodeFiles(files, shape, online));
  files.set(`${NODE}/online`, nodes);
  files.set('proc/sys/kernel/hostname', shape.name ?? 'synthetic');
  files.set('proc/sys/kernel/osrelease', '6.8.0-synthetic');
  files.set('proc/sys/kernel/ostype', 'Linux');
  files.set('proc/sys/kernel/arch', 'x86_64');
  files.set('proc/sys/kernel/numa_balancing', '0');
  files.set('proc/cpuinfo', `processor\t: 0\nmodel name\t: ${shape.cpuModel ?? 'Paper CPU @ 2.00GHz'}`);
  files.set('proc/loadavg', '0.10 0.20 0.30 1/100 1234');
  files.set(
    'proc/self/status',
    `Name:\tgrep\nCpus_allowed_list:\t${shape.allowed ?? cpus}\nMems_allowed_list:\t${shape.allowedNodes ?? nodes}`,
  );
  return files;
}

/** The same files as `grep -sH ""` prints them, for tests that start from the text. */
export function probeText(files: ProbeFiles): string {
  let text = '';
  for (const [path, content] of files) for (const line of content.split('\n')) text += `/${path}:${line}\n`;
  return text;
}
