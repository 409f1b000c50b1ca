/** The kinds of placement that a race knows, each for whatever parts of the machine it fits, with the reason why it may be the best. */

import type { ProgramPin } from '../../cases/program.ts';
import { memoryNodes } from '../../placement/usable.ts';
import { hasWeightedInterleave } from '../../placement/weighted.ts';
import { formatCpuList } from '../../text/cpulist.ts';
import { clean } from '../../text/clean.ts';
import { nodeWords, plural } from '../../text/format.ts';
import type { Topology } from '../../topology/topology.ts';
import { l3Parts, nodeParts, socketParts, takenInTurn, usableCpus, withoutSiblings } from './parts.ts';
import type { NodePart, Part } from './parts.ts';
import { byNode } from './threads.ts';
import type { NamedThreads } from './threads.ts';

/** A placement that may take part in a race. */
export interface Kind {
  readonly name: string;
  /** What it does and why that may be good, in one sentence. */
  readonly why: string;
  readonly pins: readonly ProgramPin[];
  /** Words in front of the command. */
  readonly before: readonly string[];
  /** Where there is no time for all, the highest is given up first. */
  readonly rank: number;
}

export interface Raced {
  /** The program's name, as its pins have it. */
  readonly program: string;
  /** The host's mode of transparent huge pages ("madvise"); null: unknown. */
  readonly thp: string | null;
  /** Its threads by name, where they were seen. */
  readonly threads: readonly NamedThreads[];
}

/** The machine's parts and what is raced on them. */
interface Ground {
  readonly topology: Topology;
  readonly raced: Raced;
  readonly cpus: readonly number[];
  /** With CPUs; empty where one node is all there is. */
  readonly nodes: readonly NodePart[];
  /** Nodes whose memory can be had, where there are several. */
  readonly memory: readonly number[];
  readonly sockets: readonly Part[];
  /** The node with the most CPUs, the first of equal ones; it stands for the others. */
  readonly main: NodePart | null;
}

function groundOf(topology: Topology, raced: Raced): Ground {
  const all = nodeParts(topology);
  const memory = memoryNodes(topology).flatMap(({ id, inferred }) => (inferred ? [] : [id]));
  const nodes = all.length > 1 || memory.length > 1 ? all : [];
  const [main = null] = [...nodes].sort((a, b) => b.cpus.length - a.cpus.length || a.id - b.id);
  return {
    ...{ topology, raced, nodes, main },
    cpus: usableCpus(topology),
    memory: memory.length > 1 ? memory : [],
    sockets: socketParts(topology),
  };
}

type Memory = Pick<ProgramPin, 'node' | 'memory'>;

const FIRST_TOUCH: Memory = { node: null };
const bound = (nodes: readonly number[]): Memory =>
  nodes.length === 1 ? { node: nodes[0] ?? null } : { node: null, memory: formatCpuList(nodes) };
const spread = (policy: 'interleave' | 'weighted-interleave', { memory }: Ground): Memory => ({
  node: null,
  memory: `${policy}:${formatCpuList(memory)}`,
});

/** The whole program on these CPUs (null: any) with this memory. */
function whole(
  { raced }: Ground,
  rank: number,
  name: string,
  { cpus, memory }: { readonly cpus: readonly number[] | null; readonly memory: Memory },
  why: string,
): Kind {
  const pin = { name: raced.program, cpus: cpus === null ? '' : formatCpuList(cpus), ...memory };
  return { rank, name, why, pins: [pin], before: [] };
}

/** From so many nodes on, one of a socket stands for its neighbours. */
const MANY_NODES = 4;

function standsForOthers({ nodes, sockets }: Ground, node: NodePart): boolean {
  if (nodes.length <= MANY_NODES) return true;
  const socketOf = ({ cpus }: NodePart): Part | undefined =>
    sockets.find((one) => cpus.some((cpu) => one.cpus.includes(cpu)));
  return nodes.find((other) => socketOf(other) === socketOf(node)) === node;
}

function oneNode(ground: Ground, node: NodePart): Kind[] {
  const { topology, memory, main } = ground;
  const own = node === main;
  const [name, on] = [`node:${node.id}`, `all threads on the CPUs of node ${node.id}`];
  const { cpus } = node;
  const there = bound([node.id]);
  const cores = withoutSiblings(topology, cpus);
  const withMemory = (): Kind[] => [
    whole(
      ground,
      standsForOthers(ground, node) ? 1 : 15,
      name,
      { cpus, memory: there },
      `One node bound: ${on}, all memory there; nothing is remote, but it has to fit.`,
    ),
    whole(
      ground,
      own ? 12 : 17,
      `${name}+preferred`,
      { cpus, memory: { node: null, memory: `preferred:${node.id}` } },
      `One node preferred: ${on}, memory there and, when it is full, elsewhere.`,
    ),
    ...(cores.length < cpus.length
      ? [
          whole(
            ground,
            own ? 10 : 17,
            `${name}+cores`,
            { cpus: cores, memory: there },
            `One node bound, one thread a core: ${on} but without SMT siblings, which share a core.`,
          ),
        ]
      : []),
  ];
  return [
    ...(node.memory ? withMemory() : []),
    whole(
      ground,
      own || !node.memory ? 5 : 16,
      `${name}+local`,
      { cpus, memory: FIRST_TOUCH },
      `One node’s CPUs: ${on}, memory where it is first touched, and elsewhere when the node is full.`,
    ),
    ...(memory.length > 1
      ? [
          whole(
            ground,
            own ? 13 : 17,
            `${name}+interleave`,
            { cpus, memory: spread('interleave', ground) },
            `One node’s CPUs, all nodes’ memory: ${on}, pages spread evenly; more bandwidth and room, for remote access.`,
          ),
        ]
      : []),
  ];
}

function interleaved(ground: Ground): Kind[] {
  const { topology, memory } = ground;
  if (memory.length < 2) return [];
  const over = nodeWords(memory);
  return [
    whole(
      ground,
      2,
      'interleave',
      { cpus: null, memory: spread('interleave', ground) },
      `Pages spread evenly over ${over}, threads anywhere: no node’s memory becomes the bottleneck.`,
    ),
    ...(hasWeightedInterleave(topology.machine.kernel) === true
      ? [
          whole(
            ground,
            9,
            'weighted-interleave',
            { cpus: null, memory: spread('weighted-interleave', ground) },
            `Pages spread over ${over} by the kernel’s weights for them, threads anywhere; the same as interleave unless weights were set.`,
          ),
        ]
      : []),
  ];
}

function sockets(ground: Ground): Kind[] {
  const { nodes, sockets: all } = ground;
  if (all.length < 2 || nodes.length <= all.length) return [];
  return all.map(({ id, cpus }, at) => {
    const near = nodes
      .filter((node) => node.memory && node.cpus.every((cpu) => cpus.includes(cpu)))
      .map((node) => node.id);
    const memory = near.length === 0 ? FIRST_TOUCH : bound(near);
    return whole(
      ground,
      at === 0 ? 4 : 14,
      `socket:${id}`,
      { cpus, memory },
      `One socket: all threads on socket ${id}, memory on its nodes; more CPUs than one node, and no traffic between sockets.`,
    );
  });
}

function cores(ground: Ground): Kind[] {
  const { topology, cpus: all } = ground;
  const cpus = withoutSiblings(topology, all);
  if (cpus.length === all.length) return [];
  return [
    whole(
      ground,
      6,
      'cores',
      { cpus, memory: FIRST_TOUCH },
      'One thread a core, anywhere: SMT siblings share a core’s caches and units and may slow each other down.',
    ),
  ];
}

function caches(ground: Ground): Kind[] {
  const all = l3Parts(ground.topology);
  const shared = all.filter(({ cpus }) => cpus.length > 1);
  if (all.length <= Math.max(1, ground.nodes.length)) return [];
  const widest = Math.max(...shared.map(({ cpus }) => cpus.length));
  const first = shared.find(({ cpus }) => cpus.length === widest);
  return shared.map((one) =>
    whole(
      ground,
      one === first ? 7 : 18,
      `l3:${one.id}`,
      { cpus: one.cpus, memory: FIRST_TOUCH },
      `One L3: all threads on the ${plural(one.cpus.length, 'CPU')} below one last-level cache (${formatCpuList(one.cpus)}), where they share lines fastest.`,
    ),
  );
}

/** The same number of CPUs, elsewhere: what a placement does is told apart from what fewer CPUs do. */
function fewer(ground: Ground): Kind[] {
  const { topology, cpus: all, sockets: apart, nodes, main } = ground;
  const groups = apart.length > 1 ? apart : nodes;
  if (main && groups.length > 1) {
    const cpus = takenInTurn(topology, groups, main.cpus.length);
    return [
      whole(
        ground,
        8,
        'spread',
        { cpus, memory: FIRST_TOUCH },
        `As many CPUs as node ${main.id} has, but from all sockets in turn: more cache and memory bandwidth for each thread.`,
      ),
    ];
  }
  const cpus = takenInTurn(topology, [{ id: 0, cpus: all }], Math.ceil(all.length / 2));
  return [
    whole(
      ground,
      8,
      'half',
      { cpus, memory: FIRST_TOUCH },
      `Half of the CPUs (${formatCpuList(cpus)}): threads that wait for each other may lose less on fewer.`,
    ),
  ];
}

function threads({ nodes, raced }: Ground): Kind[] {
  const placed = byNode(nodes, raced.threads);
  if (placed.length === 0) return [];
  const words = placed.map(({ name, node }) => `${clean(name, 20)} on node ${node.id}`).join(', ');
  const pins = placed.map(({ name, node }): ProgramPin => ({ name, cpus: formatCpuList(node.cpus), node: null }));
  return [
    {
      rank: 3,
      name: 'threads',
      why: `Threads by name: ${words}; each has a node’s caches and memory for itself.`,
      pins,
      before: [],
    },
  ];
}

/** glibc from 2.35 on asks for huge pages for what malloc hands out; other allocators do not read it. */
const HUGE_MALLOC = ['env', 'GLIBC_TUNABLES=glibc.malloc.hugetlb=1'];

function hugePages({ raced }: Ground): Kind[] {
  if (raced.thp !== 'madvise') return [];
  const why =
    'Transparent huge pages for what glibc’s malloc hands out, no placement: fewer TLB misses; other allocators ignore it.';
  return [{ rank: 11, name: 'thp', why, pins: [], before: HUGE_MALLOC }];
}

/** In no order; some may come to the same on this machine. */
export function kindsOn(topology: Topology, raced: Raced): Kind[] {
  const ground = groundOf(topology, raced);
  return [
    ...ground.nodes.flatMap((node) => oneNode(ground, node)),
    ...[interleaved, threads, sockets, cores, caches, fewer, hugePages].flatMap((kind) => kind(ground)),
  ];
}
