/** The machine as a tree for a terminal, in lstopo's words and order. Complete at any size: one line a core. */

import { formatCpuList, parseCpuList } from '../text/cpulist.ts';
import { devicesByNode, nearWords } from './devices.ts';
import { formatBytes, formatCount, formatRange, plural } from '../text/format.ts';
import { nodesInOrder } from './logical.ts';
import { clean } from '../text/clean.ts';
import { indexTopology } from './relation.ts';
import { coreWords, packageWords } from './counts.ts';
import type { Cache, Core, Cpu, NumaNode, Topology } from './topology.ts';

const contains = (outer: ReadonlySet<number>, inner: readonly number[]): boolean =>
  inner.every((cpu) => outer.has(cpu));

function cacheName(cache: Cache): string {
  const suffix = cache.level === 1 ? (cache.type === 'instruction' ? 'i' : cache.type === 'data' ? 'd' : '') : '';
  return `L${cache.level}${suffix}${cache.sizeBytes === null ? '' : ` (${formatBytes(cache.sizeBytes)})`}`;
}

/** What is said of a node that is home to no CPU; "" of another. */
function homeWords(node: NumaNode, topology: Topology): string {
  if (node.nearCpus !== undefined) {
    const near = formatRange(node.nearCpus);
    return node.cpus === '' ? `, no CPUs of its own, near CPUs ${near}` : `, near CPUs ${near} too`;
  }
  if (node.cpus !== '') return '';
  const { places } = indexTopology(topology);
  // Where CPUs are in no node, some node may have them.
  const lost = topology.cpus.some(({ id, online }) => online && !places.get(id)?.node);
  return lost ? ', CPUs unavailable' : ', no CPUs';
}

function nodeLine(node: NumaNode, topology: Topology): string {
  const memory =
    node.memoryBytes === null
      ? 'size unavailable'
      : node.memoryBytes === 0
        ? 'no memory'
        : formatBytes(node.memoryBytes);
  const huge = node.hugepages
    .filter((pages) => pages.total > 0)
    .map(
      (pages) =>
        `, ${formatCount(pages.total)} × ${formatBytes(pages.sizeBytes)} huge${pages.free === null ? '' : ` (${formatCount(pages.free)} free)`}`,
    )
    .join('');
  const side = node.memorySideCaches.map((cache) => `, memory-side cache ${formatBytes(cache.sizeBytes)}`).join('');
  const latency = node.rated?.readLatencyNs ?? null;
  const rated = latency === null ? '' : `, rated ${latency} ns`;
  const state = node.allowed ? '' : ' (disallowed)';
  return `NUMANode P#${node.id} (${memory}${huge}${side}${rated})${state}${homeWords(node, topology)}`;
}

/** Cores and what is inside them name their PUs themselves. */
const CORE_RANK = 9;

interface Item {
  readonly line: string;
  readonly cpus: readonly number[];
  /** Order among items that hold the same CPUs: the outer one first, as lstopo nests them. */
  readonly rank: number;
}

function stateWords(cpu: Cpu | undefined): string {
  const states = [
    ...(cpu?.online === false ? ['offline'] : cpu?.allowed === false ? ['disallowed'] : []),
    ...(cpu?.isolated === true ? ['isolated'] : []),
  ];
  return states.length === 0 ? '' : ` (${states.join(', ')})`;
}

/** Online CPUs that are in no core, by the package and node they are in: "PU P#0–15, PU P#16 (disallowed), cores unknown". */
function coreless(topology: Topology): { readonly cpus: string; readonly line: string }[] {
  const groups = new Map<string, Cpu[]>();
  for (const { cpu, core, package: pkg, node } of indexTopology(topology).places.values()) {
    const key = `${pkg?.cpus ?? ''} ${node?.id ?? ''}`;
    if (cpu.online && !core) groups.set(key, [...(groups.get(key) ?? []), cpu]);
  }
  return [...groups.values()].map((cpus) => {
    const byState = new Map<string, number[]>();
    for (const cpu of cpus) byState.set(stateWords(cpu), [...(byState.get(stateWords(cpu)) ?? []), cpu.id]);
    const parts = [...byState].map(([words, ids]) => `PU P#${formatRange(formatCpuList(ids))}${words}`);
    return { cpus: formatCpuList(cpus.map(({ id }) => id)), line: `${parts.join(', ')}, cores unknown` };
  });
}

/** One line for a core, its own caches and its PUs: "L2 (1 MB) + L1d (32 KB) + Core P#3: PU P#3, PU P#39". */
function coreLine(topology: Topology, core: Core, pus: readonly number[], caches: readonly Cache[]): string {
  const { places } = indexTopology(topology);
  const marks = pus.map((id) => `PU P#${id}${stateWords(places.get(id)?.cpu)}`);
  const kind = places.get(pus[0] ?? -1)?.cpu.kind ?? null;
  const names = [...new Set([...caches].sort((x, y) => y.level - x.level).map(cacheName))];
  return [
    ...names,
    `Core${core.id === null ? '' : ` P#${core.id}`}${kind === null ? '' : ` (${kind})`}: ${marks.join(', ')}`,
  ].join(' + ');
}

/** Whether a cache serves more than one core and has its own line. */
function isShared(topology: Topology, cache: Cache): boolean {
  const { places } = indexTopology(topology);
  return new Set(parseCpuList(cache.cpus).map((cpu) => places.get(cpu)?.core)).size > 1 || cache.level > 2;
}

/** Caches of one core by the CPUs they serve. */
function coreCaches(topology: Topology): Map<number, Cache[]> {
  const found = new Map<number, Cache[]>();
  for (const cache of topology.caches.filter((one) => !isShared(topology, one))) {
    for (const cpu of parseCpuList(cache.cpus)) {
      const own = found.get(cpu);
      if (own) own.push(cache);
      else found.set(cpu, [cache]);
    }
  }
  return found;
}

/** Everything with CPUs, outer before inner, then by lowest CPU. */
function items(topology: Topology): Item[] {
  const all: Item[] = [];
  const add = (rank: number, cpus: string, line: (ids: number[]) => string): void => {
    const ids = parseCpuList(cpus);
    if (ids.length > 0) all.push({ rank, cpus: ids, line: line(ids) });
  };
  for (const one of topology.packages) add(0, one.cpus, () => `Package P#${one.id}`);
  for (const one of topology.nodes) add(1, one.cpus, () => nodeLine(one, topology));
  for (const one of topology.dies) add(2, one.cpus, () => `Die P#${one.id}`);
  for (const one of topology.caches)
    if (isShared(topology, one)) add(4 - one.level / 100, one.cpus, () => cacheName(one));
  for (const one of topology.clusters) add(3, one.cpus, () => `Cluster P#${one.id}`);
  const small = coreCaches(topology);
  for (const core of topology.cores) {
    add(CORE_RANK, core.cpus, (ids) =>
      coreLine(topology, core, ids, [...new Set(ids.flatMap((id) => small.get(id) ?? []))]),
    );
  }
  for (const { cpus, line } of coreless(topology)) add(CORE_RANK, cpus, () => line);
  return all.sort((a, b) => b.cpus.length - a.cpus.length || a.rank - b.rank || (a.cpus[0] ?? 0) - (b.cpus[0] ?? 0));
}

interface Branch {
  readonly item: Item;
  readonly set: ReadonlySet<number>;
  readonly children: Branch[];
}

function nest(all: readonly Item[]): Branch[] {
  const roots: Branch[] = [];
  for (const item of all) {
    let level = roots;
    for (;;) {
      const parent = level.find((branch) => contains(branch.set, item.cpus));
      if (!parent) break;
      level = parent.children;
    }
    level.push({ item, set: new Set(item.cpus), children: [] });
  }
  return roots;
}

function print(branches: readonly Branch[], depth: number, lines: string[]): void {
  const ordered = [...branches].sort((a, b) => (a.item.cpus[0] ?? 0) - (b.item.cpus[0] ?? 0));
  for (const branch of ordered) {
    // An object that crosses others holds not all that its CPUs are in: only their numbers tell which they are.
    const inside = branch.children.reduce((sum, { item }) => sum + item.cpus.length, 0);
    const isCut = branch.item.rank < CORE_RANK && inside < branch.item.cpus.length;
    const cpus = isCut ? `, CPUs ${formatRange(formatCpuList(branch.item.cpus))}` : '';
    lines.push('  '.repeat(depth) + branch.item.line + cpus);
    print(branch.children, depth + 1, lines);
  }
}

function distances(topology: Topology): string[] {
  const nodes = nodesInOrder(topology);
  if (nodes.length < 2 || nodes.every((node) => Object.keys(node.distances).length === 0)) return [];
  const width = Math.max(5, ...nodes.map((node) => String(node.id).length + 1));
  const row = (head: string, cells: readonly (string | number)[]): string =>
    head.padStart(7) + cells.map((cell) => String(cell).padStart(width)).join('');
  return [
    'Distances (firmware, 10 is local)',
    row(
      'node',
      nodes.map((node) => node.id),
    ),
    ...nodes.map((from) =>
      row(
        String(from.id),
        nodes.map((to) => from.distances[String(to.id)] ?? '?'),
      ),
    ),
  ];
}

function devices(topology: Topology): string[] {
  if (topology.devices.length === 0) return [];
  const lines = [...devicesByNode(topology)].flatMap(([node, own]) => [
    node === null ? '  No node reported by firmware' : `  NUMANode P#${node}`,
    ...own.map((device) => {
      const where = device.address === null || device.address === device.name ? '' : `, ${device.address}`;
      return `    ${device.name} (${device.kind}${where}), ${nearWords(device, topology)}`;
    }),
  ]);
  return ['I/O devices', ...lines];
}

function loose(topology: Topology): string[] {
  const inCore = new Set(topology.cores.flatMap((core) => parseCpuList(core.cpus)));
  const lines = topology.nodes.filter((node) => node.cpus === '').map((node) => `  ${nodeLine(node, topology)}`);
  const rest = topology.cpus.filter((cpu) => !inCore.has(cpu.id));
  const offline = rest.filter((cpu) => !cpu.online);
  const list = (cpus: typeof rest): string => formatRange(formatCpuList(cpus.map((cpu) => cpu.id)));
  if (offline.length > 0) lines.push(`  Offline: PU P#${list(offline)}`);
  return lines;
}

export function topologyTree(topology: Topology): string {
  const { machine } = topology;
  const facts = [
    packageWords(topology),
    coreWords(topology),
    plural(topology.cpus.length, 'CPU'),
    plural(topology.nodes.length, 'node'),
  ].join(', ');
  const how = machine.emulated ? ', EMULATED' : machine.hypervisor === null ? '' : `, virtual (${machine.hypervisor})`;
  const lines = [`Machine ${machine.name} (${machine.architecture}${how}): ${facts}`];
  lines.push(`  ${machine.cpuModel ?? 'CPU model unavailable'}, Linux ${machine.kernel}`);
  print(nest(items(topology)), 1, lines);
  lines.push(...loose(topology), ...devices(topology), ...distances(topology));
  for (const warning of topology.warnings) lines.push(`Warning: ${warning}`);
  // A topology from a file may hold what a terminal would obey. Indentation is ours and stays.
  return lines.map((line) => `${/^ */.exec(line)?.[0] ?? ''}${clean(line, 20_000)}\n`).join('');
}
