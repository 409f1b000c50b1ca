/**
 * Which files discovery reads: the allow-list of shell globs, by family, and the same list as a test of paths.
 *
 * Globs are POSIX sh patterns without a leading slash. Give each to a grep of its own: all of them expanded at once
 * outgrow the kernel's limit on arguments on a large host. `grep -a`, where grep has it, also shows the device tree's
 * NUL-terminated strings.
 */

const CPU = 'sys/devices/system/cpu';
const EACH_CPU = `${CPU}/cpu[0-9]*`;
const EACH_NODE = 'sys/devices/system/node/node[0-9]*';

const under = (folder: string, names: string): string[] => names.split(' ').map((name) => `${folder}/${name}`);

const EACH_PCI = 'sys/bus/pci/devices/*';

/**
 * Links, whose targets are read instead of what they lead to: a target names every device on the way, so it says which
 * PCI device an interface or a disk is a part of, however deep it lies (virtio, SCSI, NVMe).
 */
export const LINK_GLOBS = under('sys/class', 'net/* block/* drm/* infiniband/*');

/**
 * Links between CPUs and nodes, of which the name alone tells something: the kernel gives a CPU one home node, also where
 * several nodes list it (numa=fake) and where a node has no list.
 */
export const NAME_GLOBS: readonly string[] = [`${EACH_CPU}/node[0-9]*`, `${EACH_NODE}/cpu[0-9]*`];

/** What a live host is asked for. No masks, and nothing that must ask the CPUs themselves (scaling_cur_freq). */
export const PROBE_GLOBS: readonly string[] = [
  ...under(CPU, 'online possible present isolated smt/active cpufreq/boost intel_pstate/no_turbo'),
  ...under(
    CPU,
    'cpu0/cpufreq/scaling_governor cpufreq/policy[0-9]*/scaling_governor cpufreq/policy[0-9]*/base_frequency',
  ),
  ...under(EACH_CPU, 'online cpu_capacity'),
  ...under(`${EACH_CPU}/topology`, 'physical_package_id core_id die_id cluster_id'),
  // The first name of each pair came with Linux 5.3; the second is what older kernels, still in use, have.
  ...under(`${EACH_CPU}/topology`, 'core_cpus_list thread_siblings_list package_cpus_list core_siblings_list'),
  ...under(`${EACH_CPU}/topology`, 'die_cpus_list cluster_cpus_list'),
  ...under(`${EACH_CPU}/cache/index[0-9]*`, 'level type size coherency_line_size shared_cpu_list'),
  'sys/devices/cpu_core/cpus',
  'sys/devices/cpu_atom/cpus',
  'sys/devices/cpu_lowpower/cpus',
  'sys/devices/system/node/online',
  ...under(EACH_NODE, 'cpulist meminfo distance numastat'),
  ...under(`${EACH_NODE}/hugepages/hugepages-[0-9]*kB`, 'nr_hugepages free_hugepages surplus_hugepages'),
  ...under(`${EACH_NODE}/access[01]/initiators`, 'read_latency write_latency read_bandwidth write_bandwidth'),
  // Reading through the link to the initiator shows that the link is there.
  `${EACH_NODE}/access[01]/initiators/node[0-9]*/cpulist`,
  `${EACH_NODE}/memory_side_cache/index[0-9]*/size`,
  // By the address of the GPU: which nodes are its memory.
  'proc/driver/nvidia/gpus/*/numa_status',
  ...under(
    'sys/kernel/mm/hugepages/hugepages-[0-9]*kB',
    'nr_hugepages free_hugepages surplus_hugepages resv_hugepages',
  ),
  'sys/kernel/mm/transparent_hugepage/enabled',
  ...under('sys/class/dmi/id', 'sys_vendor product_name board_vendor bios_vendor'),
  ...under('sys/firmware/devicetree/base', 'model compatible'),
  'sys/hypervisor/type',
  ...under('sys/devices/system/clocksource/clocksource0', 'current_clocksource available_clocksource'),
  ...under('sys/fs/cgroup', 'cpuset.cpus.effective cpuset.mems.effective'),
  ...under('sys/fs/cgroup/cpuset', 'cpuset.effective_cpus cpuset.effective_mems cpuset.cpus cpuset.mems'),
  ...under(EACH_PCI, 'class vendor device numa_node local_cpulist'),
  // Persistent memory is on no PCI bus.
  'sys/class/block/pmem*/device/numa_node',
  ...under('proc/sys/kernel', 'hostname osrelease ostype arch numa_balancing perf_event_paranoid'),
  ...under('proc/sys/vm', 'numa_stat nr_hugepages min_free_kbytes'),
  ...under('proc', 'buddyinfo cpuinfo meminfo loadavg self/status self/cgroup'),
];

/** What only the doctor asks for (model/doctor/facts/): settings, and where interrupts and queues of devices go. */
export const DOCTOR_GLOBS: readonly string[] = [
  'sys/devices/system/cpu/smt/control',
  ...under(`${CPU}/cpufreq/policy[0-9]*`, 'scaling_driver energy_performance_preference'),
  'sys/kernel/mm/transparent_hugepage/defrag',
  'sys/devices/virtual/memory_tiering/memory_tier[0-9]*/nodelist',
  'sys/bus/dax/devices/*/target_node',
  `${EACH_PCI}/msi_irqs/[0-9]*`,
  'sys/class/net/*/queues/tx-[0-9]*/xps_cpus',
  'sys/class/net/*/queues/rx-[0-9]*/rps_cpus',
  ...under('proc/irq/[0-9]*', 'smp_affinity_list effective_affinity_list'),
  'proc/sys/vm/zone_reclaim_mode',
  ...under('sys/fs/cgroup/*', 'cpuset.cpus.partition cpuset.cpus.effective'),
  ...under('proc', 'cmdline stat mounts'),
];

/** What a recording of an older machine may hold instead: masks for lists, and hwloc's note of what uname said. */
export const DUMP_GLOBS: readonly string[] = [
  ...PROBE_GLOBS,
  ...DOCTOR_GLOBS,
  ...under(`${EACH_CPU}/topology`, 'core_cpus thread_siblings package_cpus core_siblings die_cpus cluster_cpus'),
  `${EACH_CPU}/cache/index[0-9]*/shared_cpu_map`,
  `${EACH_NODE}/cpumap`,
  `${EACH_PCI}/local_cpus`,
  `${EACH_NODE}/access[01]/initiators/node[0-9]*/cpumap`,
  ...under('proc', 'self/cpuset hwloc-nofile-info'),
];

/** Names of devices are anybody's (a network interface may be renamed), but they are short and none is hidden or a path. */
const ANY_NAME = '[^/\\s\\p{Cc}]{1,64}';

/** The names that a glob's piece, between two slashes, matches; null for a piece that is a name itself. */
export function namesOf(piece: string): RegExp | null {
  if (!/[[*]/.test(piece)) return null;
  const literal = piece.replace(/[.+]/g, '\\$&');
  return new RegExp(`^(?!\\.\\.?$)${literal.replace('[0-9]*', '\\d{1,9}').replace('*', ANY_NAME)}$`, 'u');
}

// Where only numbers vary in a path, it is allowed when it and a glob agree on everything else.
const isNumbered = (glob: string): boolean => !glob.replaceAll('[0-9]*', '').includes('*');
const KNOWN_GLOBS = [...DUMP_GLOBS, ...LINK_GLOBS, ...NAME_GLOBS];
const shapes = new Set(KNOWN_GLOBS.filter(isNumbered).map((glob) => glob.replace(/\[0-9\]\*|\[01\]|\d+/g, '#')));
const named = KNOWN_GLOBS.filter((glob) => !isNumbered(glob)).map((glob) =>
  glob.split('/').map((piece) => namesOf(piece) ?? piece),
);

/** Whether `path` (no leading slash) is one of those files or links. */
export function isKnownFile(path: string): boolean {
  if (shapes.has(path.replace(/\d+/g, '#'))) return true;
  if (!/^(sys\/(class|bus|fs\/cgroup)|proc\/driver)\//.test(path)) return false;
  const pieces = path.split('/');
  return named.some(
    (glob) =>
      glob.length === pieces.length &&
      glob.every((piece, i) => (typeof piece === 'string' ? piece === pieces[i] : piece.test(pieces[i] ?? ''))),
  );
}

/** Whether `path` is one of the links whose target is read. */
export const isKnownLink = (path: string): boolean => /^sys\/class\/(net|block|infiniband|drm)\/[^/]+$/.test(path);
