/** The files of a host that live figures are read from by the shell sampler; the agent knows its own (native/src/sample.h). */

const NODE = '/sys/devices/system/node/node[0-9]*';
const POOL = 'hugepages/hugepages-*';

/**
 * Shell globs (`*`, `[0-9]`, in absolute paths without blanks). The first one that fits any file counts: a kernel without NUMA says
 * of the whole machine what another says of each node.
 */
export type SampledFiles = readonly [glob: string, ...otherwise: string[]];

export const SAMPLED_FILES: readonly SampledFiles[] = [
  ['/proc/stat'],
  [`${NODE}/cpulist`],
  [`${NODE}/meminfo`, '/proc/meminfo'],
  [`${NODE}/numastat`],
  [`${NODE}/${POOL}/nr_hugepages`, `/sys/kernel/mm/${POOL}/nr_hugepages`],
  [`${NODE}/${POOL}/free_hugepages`, `/sys/kernel/mm/${POOL}/free_hugepages`],
];

/** Lines that begin so are left out: that of the interrupts in /proc/stat alone can be tens of kilobytes. */
export const SKIPPED_LINES: readonly string[] = ['intr ', 'softirq '];

/** Source of a pattern for the paths that a glob fits. */
export function globPattern(glob: string): string {
  return glob.replace(/[.+^${}()|\\]/g, '\\$&').replaceAll('*', '[^/]*');
}
