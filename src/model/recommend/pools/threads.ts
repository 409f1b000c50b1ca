/** Pools as threads of one process, pinned by what their libraries offer: tokio, Rayon, oneTBB. */

import { logicalOf } from '../../topology/logical.ts';
import type { Topology } from '../../topology/topology.ts';
import { formatCpuList } from '../../text/cpulist.ts';
import type { Recommendation } from '../tools/placed.ts';
import type { Pool, Pools } from './wanted.ts';

/** What cpu_set_t of glibc holds, and with it the crate libc. */
const CPU_SET = 1024;

const constant = ({ name, cpus }: Pool): string => `const ${name.toUpperCase()}: &[usize] = &[${cpus.join(', ')}];`;

/** The calling thread, which both libraries call it on, onto CPUs. */
const PIN = [
  '/// The calling thread runs on these CPUs only.',
  'fn pin(cpus: &[usize]) {',
  '    // SAFETY: a cpu_set_t of zeros is an empty one, and the kernel only reads it.',
  '    let done = unsafe {',
  '        let mut set: libc::cpu_set_t = std::mem::zeroed();',
  '        cpus.iter().for_each(|&cpu| libc::CPU_SET(cpu, &mut set));',
  '        libc::sched_setaffinity(0, std::mem::size_of_val(&set), &set)',
  '    };',
  '    if done != 0 {',
  '        eprintln!("CPUs {:?}: {}", cpus, std::io::Error::last_os_error());',
  '    }',
  '}',
];

const rustCan = ({ pools }: Pools): boolean => pools.every(({ cpus }) => cpus.every((cpu) => cpu < CPU_SET));

const use = ({ pools }: Pools, make: string): string[] =>
  pools.map(({ name }) => `// let ${name} = ${make}(${name.toUpperCase()})?;`);

/** Null where CPUs are beyond what the crate can name. */
export function tokio(wanted: Pools): Recommendation | null {
  if (!rustCan(wanted)) return null;
  return {
    tool: 'tokio',
    title: 'tokio: a runtime for each pool, its workers pinned',
    text: [
      '// Cargo.toml: tokio with the features rt-multi-thread, net and time (or full), and libc',
      'use std::sync::atomic::{AtomicUsize, Ordering};',
      '',
      ...wanted.pools.map(constant),
      '',
      ...PIN,
      '',
      '/// A worker on each of the CPUs; threads for blocking calls, which start later, on any of them.',
      "fn runtime(cpus: &'static [usize]) -> std::io::Result<tokio::runtime::Runtime> {",
      '    let started = AtomicUsize::new(0);',
      '    tokio::runtime::Builder::new_multi_thread()',
      '        .worker_threads(cpus.len())',
      '        .on_thread_start(move || {',
      '            let at = started.fetch_add(1, Ordering::Relaxed);',
      '            pin(cpus.get(at..at + 1).unwrap_or(cpus));',
      '        })',
      '        .enable_all()',
      '        .build()',
      '}',
      '',
      ...use(wanted, 'runtime'),
    ].join('\n'),
    note: 'Memory that a worker touches first then lies on its node. A runtime hands tasks to its own workers only: between pools use a channel. on_thread_start is called for every thread of the runtime, the workers first.',
  };
}

export function rayon(wanted: Pools): Recommendation | null {
  if (!rustCan(wanted)) return null;
  return {
    tool: 'rayon',
    title: 'Rayon: a thread pool for each pool, its threads pinned',
    text: [
      '// Cargo.toml: rayon and libc',
      ...wanted.pools.map(constant),
      '',
      ...PIN,
      '',
      '/// A thread on each of the CPUs.',
      "fn pool(cpus: &'static [usize]) -> Result<rayon::ThreadPool, rayon::ThreadPoolBuildError> {",
      '    rayon::ThreadPoolBuilder::new()',
      '        .num_threads(cpus.len())',
      '        .start_handler(move |at| pin(&cpus[at..=at]))',
      '        .build()',
      '}',
      '',
      ...use(wanted, 'pool'),
    ].join('\n'),
    note: 'Work goes to a pool by install or spawn; what is called outside goes to the global pool, which RAYON_NUM_THREADS sizes.',
  };
}

export function onetbb(topology: Topology, { pools }: Pools): Recommendation {
  const { nodes: logical } = logicalOf(topology);
  const arena = ({ name, cpus, memory: { nodes } }: Pool): string[] => {
    const [node] = nodes;
    const only = nodes.length === 1 && node !== undefined ? node : null;
    return [
      `// ${name}: ${String(cpus.length)} threads${only === null ? '' : ` on NUMA node ${String(only)}`}, CPUs ${formatCpuList(cpus)}`,
      `tbb::task_arena ${name}{tbb::task_arena::constraints{}`,
      ...(only === null ? [] : [`    .set_numa_id(${String(logical.get(only) ?? only)})`]),
      `    .set_max_concurrency(${String(cpus.length)})};`,
    ];
  };
  return {
    tool: 'onetbb',
    title: 'oneTBB: an arena for each pool, on its node',
    text: ['#include <oneapi/tbb/task_arena.h>', '', ...pools.flatMap(arena)].join('\n'),
    note: 'oneTBB counts nodes as hwloc does (L#), and binds by its library tbbbind, which has to be there: oneapi::tbb::info::numa_nodes() then lists more than one node. Threads move among all CPUs of the node; work goes to an arena by execute or enqueue.',
  };
}
