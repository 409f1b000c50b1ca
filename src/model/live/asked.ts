/** What was asked for processes about CPUs and memory, by whatever asked, against what holds of it. */

import { isUnavailable } from '../run/run.ts';
import { formatCpuList, parseCpuList } from '../text/cpulist.ts';
import { formatRange } from '../text/format.ts';
import type { Topology } from '../topology/topology.ts';
import type { Asked } from './group.ts';
import { placesOf, slurmCpus } from './places.ts';
import type { ProcessSample } from './sample.ts';

export interface AskedRow {
  /** Who asked: "OMP_PLACES", "cpuset of /a/b". */
  readonly who: string;
  readonly asked: string;
  /** What was seen. */
  readonly got: string;
  /** Null: cannot be told. */
  readonly holds: boolean | null;
}

export type AskedProcess = ProcessSample & { readonly asked: Asked };

type Ids = ReadonlySet<number>;

const idsOf = (list: string | null | undefined): Ids | null => {
  try {
    return list == null || list === '' ? null : new Set(parseCpuList(list));
  } catch {
    return null;
  }
};
const within = (part: Iterable<number>, whole: Ids): boolean => [...part].every((id) => whole.has(id));
const listOf = (ids: Iterable<number>): string => formatRange(formatCpuList(new Set(ids)));

const seenOn = ({ threads }: ProcessSample): Set<number> => new Set(threads.map(({ cpu }) => cpu));

/** Nodes that hold more than a stray page of it; null: unavailable. */
function nodesOf({ residentBytes }: ProcessSample): number[] | null {
  if (isUnavailable(residentBytes)) return null;
  const all = Object.values(residentBytes).reduce((sum, bytes) => sum + bytes, 0);
  return Object.entries(residentBytes).flatMap(([node, bytes]) => (bytes > all / 100 ? [Number(node)] : []));
}

/** An affinity that leaves out CPUs which the host and the control group would allow: somebody asked for that. */
function affinity(topology: Topology, process: AskedProcess): AskedRow[] {
  const allowed = idsOf(process.cpus);
  if (!allowed) return [];
  const limit = idsOf(process.asked.cpuset?.cpus);
  const could = topology.cpus.filter(({ id, online }) => online && (!limit || limit.has(id)));
  if (could.every(({ id }) => allowed.has(id))) return [];
  const seen = seenOn(process);
  const holds = within(seen, allowed);
  return [{ who: 'CPU affinity (taskset)', asked: `cpu ${listOf(allowed)}`, got: `ran on cpu ${listOf(seen)}`, holds }];
}

/** A cpuset that leaves out nothing of the machine, as the root's, asks for nothing. */
function cpuset(topology: Topology, process: AskedProcess): AskedRow[] {
  const { cpuset: asked } = process.asked;
  if (!asked) return [];
  const limits = (list: string | null, all: readonly number[]): Ids | null => {
    const ids = idsOf(list);
    return ids && !within(all, ids) ? ids : null;
  };
  const online = topology.cpus.filter((cpu) => cpu.online).map(({ id }) => id);
  const cpus = limits(asked.cpus, online);
  const mems = limits(
    asked.mems,
    topology.nodes.map(({ id }) => id),
  );
  const [allowed, nodes] = [idsOf(process.cpus), nodesOf(process)];
  const who = `cpuset of ${asked.path}`;
  return [
    ...(cpus && allowed
      ? [{ who, asked: `cpu ${listOf(cpus)}`, got: `may use cpu ${listOf(allowed)}`, holds: within(allowed, cpus) }]
      : []),
    ...(mems
      ? [
          {
            who,
            asked: `memory of node ${listOf(mems)}`,
            got: nodes ? `pages on node ${listOf(nodes)}` : 'pages unavailable',
            holds: nodes && within(nodes, mems),
          },
        ]
      : []),
  ];
}

/** Whether every thread is kept within one place, wherever it may be. */
const bound = ({ threads }: ProcessSample, places: readonly Ids[]): boolean =>
  threads.every(({ allowed }) => {
    const own = idsOf(allowed);
    return own !== null && places.some((place) => within(own, place));
  });

const boundWords = ({ threads }: ProcessSample): string => {
  const lists = new Set(threads.map(({ allowed }) => allowed));
  const [list = ''] = lists;
  return lists.size === 1
    ? `every thread may use cpu ${formatRange(list)}`
    : `threads have ${lists.size} different lists`;
};

function openmp(topology: Topology, process: AskedProcess): AskedRow[] {
  const { environment } = process.asked;
  if (isUnavailable(environment)) return [];
  const rows = (['OMP_PLACES', 'GOMP_CPU_AFFINITY'] as const).flatMap((name): AskedRow[] => {
    const value = environment[name];
    if (value === undefined) return [];
    const places = placesOf(topology, name, value);
    return [{ who: name, asked: value, got: boundWords(process), holds: places && bound(process, places) }];
  });
  const told = [
    'OMP_PROC_BIND',
    'KMP_AFFINITY',
    'KMP_HW_SUBSET',
    'I_MPI_PIN_DOMAIN',
    'I_MPI_PIN_PROCESSOR_LIST',
  ].flatMap((name): AskedRow[] => {
    const value = environment[name];
    return value === undefined ? [] : [{ who: name, asked: value, got: boundWords(process), holds: null }];
  });
  return [...rows, ...told];
}

function slurm(process: AskedProcess): AskedRow[] {
  const { environment } = process.asked;
  if (isUnavailable(environment)) return [];
  const asked = environment['SLURM_CPU_BIND'];
  if (asked === undefined) return [];
  const [cpus, allowed] = [slurmCpus(environment), idsOf(process.cpus)];
  const got = allowed ? `may use cpu ${listOf(allowed)}` : 'unavailable';
  return [{ who: 'SLURM_CPU_BIND', asked, got, holds: cpus && allowed && within(allowed, cpus) }];
}

/** cpu_manager_state: { policyName, defaultCpuSet, entries: { podUID: { container: cpus } } } */
function kubelet(state: string | null, process: AskedProcess): AskedRow[] {
  const path = process.asked.cpuset?.path;
  if (state === null || path === undefined) return [];
  let read: unknown;
  try {
    read = JSON.parse(state);
  } catch {
    return [];
  }
  if (typeof read !== 'object' || read === null) return [];
  const { policyName, entries } = read as { policyName?: unknown; entries?: unknown };
  const pods =
    typeof entries === 'object' && entries !== null ? Object.entries(entries as Record<string, unknown>) : [];
  const mine = pods.find(([uid]) => path.includes(uid) || path.includes(uid.replaceAll('-', '_')))?.[1];
  if (typeof mine !== 'object' || mine === null) return [];
  const allowed = idsOf(process.cpus);
  return Object.entries(mine as Record<string, unknown>).flatMap(([container, list]): AskedRow[] => {
    const cpus = typeof list === 'string' ? idsOf(list) : null;
    if (!cpus || !allowed) return [];
    const who = `kubelet (${String(policyName)}), container ${container}`;
    return [{ who, asked: `cpu ${listOf(cpus)}`, got: `may use cpu ${listOf(allowed)}`, holds: within(allowed, cpus) }];
  });
}

const MAX_ROWS = 12;

/** What holds for several processes alike is said once; what does not hold comes first. */
export function askedRows(topology: Topology, processes: readonly AskedProcess[], state: string | null): AskedRow[] {
  const rows = processes.flatMap((process) => [
    ...affinity(topology, process),
    ...cpuset(topology, process),
    ...openmp(topology, process),
    ...slurm(process),
    ...kubelet(state, process),
  ]);
  const rank = ({ holds }: AskedRow): number => (holds === false ? 0 : holds === null ? 1 : 2);
  const once = [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
  return once.sort((a, b) => rank(a) - rank(b)).slice(0, MAX_ROWS);
}
