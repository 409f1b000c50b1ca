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
  ...under(`${EACH_NODE}/hugepages/hugepages-[0-9]*kB`, 'nr_hugepages free_hugepages'),
  ...under(`${EACH_NODE}/access[01]/initiators`, 'read_latency write_latency read_bandwidth write_bandwidth'),
  // Reading through the link to the initiator shows that the link is there.
  `${EACH_NODE}/access[01]/initiators/node[0-9]*/cpulist`,
  `${EACH_NODE}/memory_side_cache/index[0-9]*/size`,
  ...under('sys/kernel/mm/hugepages/hugepages-[0-9]*kB', 'nr_hugepages free_hugepages'),
  'sys/kernel/mm/transparent_hugepage/enabled',
  ...under('sys/class/dmi/id', 'sys_vendor product_name board_vendor bios_vendor'),
  ...under('sys/firmware/devicetree/base', 'model compatible'),
  'sys/hypervisor/type',
  ...under('sys/devices/system/clocksource/clocksource0', 'current_clocksource available_clocksource'),
  ...under('sys/fs/cgroup', 'cpuset.cpus.effective cpuset.mems.effective'),
  ...under('sys/fs/cgroup/cpuset', 'cpuset.effective_cpus cpuset.effective_mems cpuset.cpus cpuset.mems'),
  ...under('proc/sys/kernel', 'hostname osrelease ostype arch numa_balancing perf_event_paranoid'),
  ...under('proc/sys/vm', 'numa_stat nr_hugepages'),
  ...under('proc', 'cpuinfo meminfo loadavg self/status self/cgroup'),
];

/** What a recording of an older machine may hold instead: masks for lists, and hwloc's note of what uname said. */
export const DUMP_GLOBS: readonly string[] = [
  ...PROBE_GLOBS,
  ...under(`${EACH_CPU}/topology`, 'core_cpus thread_siblings package_cpus core_siblings die_cpus cluster_cpus'),
  `${EACH_CPU}/cache/index[0-9]*/shared_cpu_map`,
  `${EACH_NODE}/cpumap`,
  `${EACH_NODE}/access[01]/initiators/node[0-9]*/cpumap`,
  ...under('proc', 'mounts self/cpuset hwloc-nofile-info'),
];

// Only numbers vary in these paths, so a path is allowed when it and a glob agree on everything else.
const shapes = new Set(DUMP_GLOBS.map((glob) => glob.replace(/\[0-9\]\*|\[01\]|\d+/g, '#')));

/** Whether `path` (no leading slash) is one of those files. */
export function isKnownFile(path: string): boolean {
  return shapes.has(path.replace(/\d+/g, '#'));
}
