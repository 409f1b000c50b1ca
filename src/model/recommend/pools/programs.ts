/** Pools as lines of a shell: sizes by the environment, flags of the JVM, CPUs and memory by numactl; a line a pool. */

import type { Recommendation } from '../tools/placed.ts';
import { PLACEHOLDER } from '../tools/placed.ts';
import { places } from '../tools/jobs.ts';
import { formatCpuList } from '../../text/cpulist.ts';
import type { Pool, Pools } from './wanted.ts';

const list = (ids: readonly number[]): string => formatCpuList(ids);

/** Of a pool on the nodes it has: CPUs, and its memory as far as a node can be named. */
export function bound({ cpus, memory: { policy, nodes } }: Pool): string {
  const memory = nodes.length === 0 || policy === 'local' ? '' : ` --${policy}=${list(nodes)}`;
  return `numactl --physcpubind=${list(cpus)}${memory}`;
}

/** As the runtimes read them, where a program does not set the number of its threads itself. */
export const sizes = ({ cpus }: Pick<Pool, 'cpus'>): readonly string[] => [
  ...['TOKIO_WORKER_THREADS', 'RAYON_NUM_THREADS', 'OMP_NUM_THREADS', 'GOMAXPROCS'].map(
    (name) => `${name}=${String(cpus.length)}`,
  ),
  `JAVA_TOOL_OPTIONS=-XX:ActiveProcessorCount=${String(cpus.length)}`,
];

/** A comment before each line says whose it is, where there are several. */
function linePerPool({ pools }: Pools, line: (pool: Pool) => string): string {
  return pools.flatMap((pool) => [...(pools.length > 1 ? [`# the pool "${pool.name}"`] : []), line(pool)]).join('\n');
}

export function numactl(wanted: Pools): Recommendation {
  const nodes = [...new Set(wanted.pools.flatMap(({ memory }) => memory.nodes))];
  const spread = wanted.pools.filter(({ memory }) => memory.policy === 'preferred' && nodes.length > 1);
  return {
    tool: 'numactl',
    title: 'numactl: CPUs and memory of a process for each pool',
    text: [
      linePerPool(wanted, (pool) => `${bound(pool)} ${PLACEHOLDER}`),
      ...(spread.length === 0 ? [] : ['# where a node is full, its memory over all nodes:']),
      ...spread.map((pool) => `# ${bound({ ...pool, memory: { policy: 'interleave', nodes } })} ${PLACEHOLDER}`),
    ].join('\n'),
    note: 'For pools that are programs of their own. --preferred takes other nodes when its own is full; --membind would end the program then. In one process, pin the threads instead: tokio, Rayon, oneTBB below.',
  };
}

export function environment(wanted: Pools): Recommendation {
  const [first, second] = wanted.pools;
  const openmp = (pool: Pool): string => `OMP_PLACES='${places(pool.cpus)}' OMP_PROC_BIND=close`;
  const all = (pool: Pool): string => `${sizes(pool).join(' ')} ${openmp(pool)} ${bound(pool)} ${PLACEHOLDER}`;
  const together =
    first && second
      ? [
          `# or one process in which tokio has the pool "${first.name}", Rayon or OpenMP the other:`,
          `# TOKIO_WORKER_THREADS=${String(first.cpus.length)} RAYON_NUM_THREADS=${String(second.cpus.length)} OMP_NUM_THREADS=${String(second.cpus.length)} ${openmp(second)} ${PLACEHOLDER}`,
        ]
      : [];
  return {
    tool: 'environment',
    title: 'Environment: tokio, Rayon, OpenMP, Go and the JVM without a change of code',
    text: [linePerPool(wanted, all), ...together].join('\n'),
    note: 'Each runtime reads its own variable; leave out the others. They count where the program does not set the number itself. Only OpenMP pins each thread to its CPU; the others keep to the CPUs of numactl and move among them. GOMAXPROCS counts threads that run Go code, not those in system calls.',
  };
}

/** What a heap in pages of a kind takes. */
function heapPages({ store }: Pool): string[] {
  if (!store) return [];
  return store.pages === 'thp'
    ? ['-XX:+UseTransparentHugePages']
    : ['-XX:+UseLargePages', `-XX:LargePageSizeInBytes=${store.pages}`];
}

export function jvm(wanted: Pools): Recommendation {
  // On one node there is nothing for it to tell apart.
  const isSpread = ({ memory: { nodes, policy } }: Pool): boolean => nodes.length > 1 && policy === 'local';
  const flags = (pool: Pool): string[] => {
    const count = String(pool.cpus.length);
    return [
      `-XX:ActiveProcessorCount=${count}`,
      `-Djava.util.concurrent.ForkJoinPool.common.parallelism=${count}`,
      ...(isSpread(pool) ? ['-XX:+UseNUMA'] : []),
      ...heapPages(pool),
    ];
  };
  return {
    tool: 'jvm',
    title: 'JVM: processors, the common pool, and pages of its heap',
    text: linePerPool(wanted, (pool) => `${bound(pool)} java ${flags(pool).join(' ')} -jar your.jar`),
    note: [
      'ActiveProcessorCount also sizes the threads of the garbage collector and of virtual threads.',
      ...(wanted.pools.some(isSpread) ? ['UseNUMA has each thread allocate on its own node.'] : []),
      ...(wanted.pools.some(({ store }) => store !== null && store.pages !== 'thp')
        ? ['UseLargePages needs reserved pages; without them the JVM warns and goes on with small ones.']
        : []),
    ].join(' '),
  };
}

/** Null where another order than that of the library was not shown to pay. */
export function stealOrder({ pools: [pool], nearest }: Pools): Recommendation | null {
  if (!pool || !nearest) return null;
  return {
    tool: 'steal-order',
    title: 'A scheduler of your own: whom each worker steals from',
    text: `numa-pinboard steal-order --cpus ${list(pool.cpus)} --format c`,
    note: 'Tables to compile in; --format rust, go or json for others, --host or --from for another machine than the one it is typed on.',
  };
}
