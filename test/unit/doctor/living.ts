// Owns what runs on a host on paper: idle nodes with room, and processes of threads and pages as a test asks for them.
import type { Live, LiveProcess, LiveThread, Mapping } from '../../../src/model/doctor/facts/live.ts';
import type { LiveNode } from '../../../src/model/doctor/facts/nodes.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';

export const MIB = 1024 ** 2;
export const GIB = 1024 ** 3;

export function livingOn(
  topology: Topology,
  processes: readonly LiveProcess[] = [],
  more: Partial<Omit<Live, 'nodes'>> & { readonly nodes?: Readonly<Record<number, Partial<LiveNode>>> } = {},
): Live {
  const { nodes = {}, ...rest } = more;
  return {
    cpus: topology.cpus.map(({ id }) => ({ id, busy: 0 })),
    nodes: topology.nodes.map(({ id, memoryBytes }) => ({
      id,
      freeBytes: (memoryBytes ?? 0) / 2,
      fileBytes: 0,
      sharedBytes: 0,
      missPerSecond: 0,
      foreignPerSecond: 0,
      localPerSecond: 90,
      otherPerSecond: 10,
      ...nodes[id],
    })),
    vm: { pgmigrate_success: 0 },
    interrupts: new Map(),
    processes,
    everyone: true,
    selection: null,
    ...rest,
  };
}

export const thread = (cpu: number, more: Partial<LiveThread> = {}): LiveThread => ({
  tid: 100 + cpu,
  name: 'worker',
  cpus: [cpu, cpu],
  busy: 0.95,
  runnable: true,
  allowed: Array.from({ length: 16 }, (_, id) => id),
  migrationsPerSecond: 1,
  ...more,
});

export const pages = (bytes: Readonly<Record<number, number>>, more: Partial<Mapping> = {}): Mapping => ({
  kind: 'anon',
  name: '',
  policy: 'default',
  nodes: [],
  bytes,
  ...more,
});

export const running = (
  threads: readonly LiveThread[],
  mappings: LiveProcess['mappings'],
  more: Partial<LiveProcess> = {},
): LiveProcess => ({
  pid: 4711,
  name: 'server',
  command: 'server --port 1',
  busy: threads.reduce((sum, { busy }) => sum + busy, 0),
  residentBytes: GIB,
  swapBytes: 0,
  threads,
  allowedCpus: Array.from({ length: 16 }, (_, id) => id),
  allowedNodes: [0, 1],
  mappings,
  origin: '/proc/4711/numa_maps',
  group: null,
  open: [],
  diskBytesPerSecond: 0,
  ...more,
});
