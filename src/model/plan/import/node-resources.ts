/** A NodeResourceTopology object: what each NUMA node of a Kubernetes node has, what of it pods may have, and what is left. */

import { parseQuantity } from '../../admission/quantity.ts';
import { clean } from '../../text/clean.ts';
import { listed } from '../../text/format.ts';
import type { PlanMachine } from '../machine.ts';
import { badFile, blockOf, quoted } from './imported.ts';
import type { CountedMachine, Imported, ImportedBlock } from './imported.ts';
import type { Reserve } from '../plan.ts';

export interface Zone {
  readonly name: string;
  readonly type: string;
  readonly costs: readonly { readonly name: string; readonly value: number }[];
  /** Amounts as Kubernetes writes them. */
  readonly resources: readonly {
    readonly name: string;
    readonly capacity: string;
    readonly allocatable: string | null;
    readonly available: string | null;
  }[];
}

interface Amounts {
  readonly capacity: number;
  readonly allocatable: number;
  readonly available: number;
}

interface Node {
  readonly id: number;
  readonly zone: Zone;
  readonly cpu: Amounts;
  /** Null: not among its resources. */
  readonly memory: Amounts | null;
}

/** More than any machine that is planned for has. */
const MOST_CPUS = 8192;

const whole = (text: string): number | null => {
  const milli = parseQuantity(text, 1000);
  return milli === null ? null : Math.floor(milli / 1000);
};

function amountsOf(path: string, zone: Zone, resource: string): Amounts | null {
  const found = zone.resources.find(({ name }) => name === resource);
  if (!found) return null;
  const read = (text: string): number => {
    const amount = resource === 'cpu' ? whole(text) : parseQuantity(text, 1);
    if (amount === null)
      throw badFile(path, null, `${resource} of zone ${quoted(zone.name)} is ${quoted(text)}, which is no amount.`);
    return amount;
  };
  const capacity = read(found.capacity);
  const allocatable = Math.min(capacity, read(found.allocatable ?? found.capacity));
  return {
    capacity,
    allocatable,
    available: Math.min(allocatable, read(found.available ?? found.allocatable ?? found.capacity)),
  };
}

/** "node-0" is NUMA node 0. */
const idOf = (name: string): number | null => {
  const [, digits] = /(\d{1,5})$/.exec(name) ?? [];
  return digits === undefined ? null : Number(digits);
};

export function blocksOfZones(
  path: string,
  name: string,
  zones: readonly Zone[],
  machine: PlanMachine | null,
): Imported {
  const nodes: Node[] = [];
  const other: string[] = [];
  for (const zone of zones) {
    const [id, cpu] = [idOf(zone.name), amountsOf(path, zone, 'cpu')];
    if (id === null || !cpu || nodes.some((node) => node.id === id)) other.push(zone.name);
    else nodes.push({ id, zone, cpu, memory: amountsOf(path, zone, 'memory') });
  }
  if (nodes.length === 0)
    throw badFile(
      path,
      null,
      `${quoted(name)} has no zone with CPUs that is a NUMA node.`,
      'Write it with `kubectl get noderesourcetopologies NODE -o yaml`.',
    );
  nodes.sort((a, b) => a.id - b.id);
  const notes = [
    `Node ${quoted(name)}: a NodeResourceTopology tells amounts by NUMA node, not which CPUs are whose, nor which pods have them.`,
  ];
  if (other.length > 0)
    notes.push(`Zones that are no NUMA node with CPUs, and are not here: ${listed(other.slice(0, 20).map(quoted))}.`);
  const more = new Set(
    nodes
      .flatMap(({ zone }) => zone.resources.map((one) => one.name))
      .filter((one) => one !== 'cpu' && one !== 'memory'),
  );
  if (more.size > 0)
    notes.push(`Also counted there, and not here: ${listed([...more].slice(0, 20).map((one) => clean(one, 100)))}.`);
  const smt = machine?.smt ?? 1;
  const counted = machine ? null : machineOf(nodes, notes);
  return {
    ...(counted ? { machine: counted } : {}),
    blocks: nodes.flatMap((node) => givenOn(node)),
    reserve: nodes.flatMap(({ id, cpu, memory }): Reserve[] => {
      const cores = Math.ceil((cpu.capacity - cpu.allocatable) / smt);
      const memoryBytes = memory ? memory.capacity - memory.allocatable : 0;
      return cores === 0 && memoryBytes === 0 ? [] : [{ node: id, cores, memoryBytes }];
    }),
    notes,
  };
}

/** What is not available any more, as one block a node. */
function givenOn({ id, zone, cpu, memory }: Node): ImportedBlock[] {
  const threads = cpu.allocatable - cpu.available;
  const bytes = memory ? memory.allocatable - memory.available : null;
  if (threads <= 0) return [];
  return [
    {
      block: blockOf({ name: `pods on ${zone.name}`, kind: 'pool', nodes: [id], threads, memoryBytes: bytes }),
      notes: bytes === null ? [{ key: 'memory', text: 'unknown, the zone does not count it.' }] : [],
    },
  ];
}

/** Where all nodes have as many CPUs; hwloc's notation has one figure for all of a kind. */
function machineOf(nodes: readonly Node[], notes: string[]): CountedMachine | null {
  const [first] = nodes;
  const inOrder = nodes.every(({ id }, at) => id === at);
  if (
    !first ||
    !inOrder ||
    first.cpu.capacity === 0 ||
    first.cpu.capacity * nodes.length > MOST_CPUS ||
    nodes.some(({ cpu }) => cpu.capacity !== first.cpu.capacity)
  ) {
    notes.push('Its nodes are not alike: the machine cannot be written from counts. Name it with --from or --host.');
    return null;
  }
  const sizes = nodes.map(({ memory }) => memory?.capacity ?? 0);
  const least = Math.min(...sizes);
  if (new Set(sizes).size > 1)
    notes.push(
      `Memory by node is ${sizes.map((bytes) => `${Math.round(bytes / 2 ** 20)} MB`).join(', ')}; host has the least of them for all.`,
    );
  notes.push(
    'Siblings, caches and the numbers of CPUs are not known: each CPU was taken as a core. --from or --host names the real machine.',
  );
  const rows = nodes.map(({ zone }) =>
    nodes.map((to) => zone.costs.find(({ name: of }) => of === to.zone.name)?.value ?? null),
  );
  const distances = rows.every((row) => row.every((cost) => cost !== null && cost >= 1 && cost <= 255))
    ? rows.map((row) => row.map((cost) => cost ?? 0))
    : null;
  return {
    synthetic: `numa:${nodes.length}${least > 0 ? `(memory=${least})` : ''} core:${first.cpu.capacity} pu:1`,
    distances: nodes.length > 1 ? distances : null,
  };
}
