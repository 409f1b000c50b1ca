/** A topology as lstopo XML in the format of hwloc 2, which every lstopo since 2018 opens (`lstopo -i FILE`). */

import { formatCpuList, parseCpuList } from '../../text/cpulist.ts';
import { escapeXml } from '../../svg/render.ts';
import type { NumaNode, Rated, Topology } from '../../topology/topology.ts';
import { ioObjects } from './devices.ts';
import type { IoObject } from './devices.ts';
import { CPUS_INFO } from './memory.ts';
import { infosOfKind } from './kinds.ts';
import { formatHwlocSet } from './set.ts';
import { treeOf } from './tree.ts';
import type { Attributes, TreeObject } from './tree.ts';

/** hwloc takes a table in pieces; one of this many values is what it writes itself. */
const VALUES_IN_A_PIECE = 10;
/** HWLOC_DISTANCES_KIND_FROM_OS | _MEANS_LATENCY. */
const LATENCY_FROM_OS = 5;
/** A base page is never larger; a pool as small as this stands beside pages of 4 KiB (arm64). */
const LARGEST_BASE_PAGE = 65_536;

/** hwloc's memory attributes: figure, and flags (1: more is better, 2: less is better, 4: of an initiator). */
const MEMORY_ATTRIBUTES: readonly (readonly [name: string, figure: keyof Omit<Rated, 'initiators'>, flags: number])[] =
  [
    ['ReadBandwidth', 'readBandwidthMBs', 5],
    ['WriteBandwidth', 'writeBandwidthMBs', 5],
    ['ReadLatency', 'readLatencyNs', 6],
    ['WriteLatency', 'writeLatencyNs', 6],
  ];

const intersects = (a: readonly number[], b: ReadonlySet<number>): boolean => a.some((cpu) => b.has(cpu));

function element(name: string, attributes: Attributes, inside: readonly string[] = []): string[] {
  const words = Object.entries(attributes)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
    .join('');
  if (inside.length === 0) return [`<${name}${words}/>`];
  return [`<${name}${words}>`, ...inside.map((line) => `  ${line}`), `</${name}>`];
}

const infos = (values: Attributes): string[] =>
  Object.entries(values).flatMap(([name, value]) => (value === null ? [] : element('info', { name, value })));

class Writer {
  readonly #topology: Topology;
  readonly #tree: ReturnType<typeof treeOf>;
  readonly #gp = new Map<NumaNode, number>();
  #nextGp = 1;

  constructor(topology: Topology) {
    this.#topology = topology;
    this.#tree = treeOf(topology);
  }

  document(): string {
    // Objects first: what follows names them by the numbers they got.
    const objects = this.#object(this.#tree.machine, this.#machineAttributes(), this.#machineInfos());
    const lines = [...objects, ...this.#distances(), ...this.#memoryAttributes(), ...this.#kinds()];
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<!DOCTYPE topology SYSTEM "hwloc2.dtd">',
      ...element('topology', { version: '2.0' }, lines),
      '',
    ].join('\n');
  }

  #machineAttributes(): Attributes {
    const { cpus, nodes } = this.#topology;
    const nodeset = formatHwlocSet(nodes.map(({ id }) => id));
    return {
      os_index: 0,
      cpuset: formatHwlocSet(this.#tree.machine.cpus),
      complete_cpuset: formatHwlocSet(cpus.map(({ id }) => id)),
      allowed_cpuset: formatHwlocSet(cpus.filter(({ online, allowed }) => online && allowed).map(({ id }) => id)),
      nodeset,
      complete_nodeset: nodeset,
      allowed_nodeset: formatHwlocSet(nodes.filter(({ allowed }) => allowed).map(({ id }) => id)),
    };
  }

  #machineInfos(): Attributes {
    const { name, architecture, kernel, hypervisor, emulated } = this.#topology.machine;
    const known = (text: string): string | null => (text === 'unknown' ? null : text);
    // An info each, which hwloc keeps: its parser without libxml2 takes no comment.
    const leftOut = this.#tree.leftOut.map(({ type, cpus }, i): [string, string] => [
      `LeftOut${i}`,
      `${type} of CPUs ${formatCpuList(cpus)}, which crosses another object`,
    ]);
    return {
      Backend: 'Linux',
      OSName: 'Linux',
      OSRelease: known(kernel),
      HostName: name,
      Architecture: known(architecture),
      // hwloc has no name for these two; it keeps what it does not know.
      Hypervisor: hypervisor,
      Emulated: emulated ? '1' : null,
      ...Object.fromEntries(leftOut),
    };
  }

  #sets(cpus: readonly number[], nodes: readonly NumaNode[]): Attributes {
    const [cpuset, nodeset] = [formatHwlocSet(cpus), formatHwlocSet(nodes.map(({ id }) => id))];
    return { cpuset, complete_cpuset: cpuset, nodeset, complete_nodeset: nodeset, gp_index: this.#nextGp++ };
  }

  #localNodes(cpus: readonly number[]): NumaNode[] {
    const set = new Set(cpus);
    return this.#topology.nodes.filter((node) => intersects(this.#tree.localTo.get(node) ?? [], set));
  }

  #object(one: TreeObject, attributes: Attributes, facts: Attributes): string[] {
    const { type, cpus, children, memory, devices } = one;
    return element('object', { type, ...this.#sets(cpus, this.#localNodes(cpus)), ...attributes }, [
      ...infos(facts),
      ...memory.flatMap((node) => this.#memory(node, cpus)),
      ...[...children]
        .sort((a, b) => (a.cpus[0] ?? 0) - (b.cpus[0] ?? 0))
        .flatMap((child) => this.#object(child, child.attributes, child.infos)),
      ...ioObjects(devices).flatMap((device) => this.#device(device)),
    ]);
  }

  #device({ attributes, infos: facts, children }: IoObject): string[] {
    const { type, ...rest } = attributes;
    return element('object', { type: type ?? null, gp_index: this.#nextGp++, ...rest }, [
      ...infos(facts),
      ...children.flatMap((child) => this.#device(child)),
    ]);
  }

  #memory(node: NumaNode, cpus: readonly number[]): string[] {
    const sets = this.#sets(cpus, [node]);
    this.#gp.set(node, Number(sets['gp_index']));
    const own = element(
      'object',
      // No attribute is how hwloc says 0, and how it says nothing.
      { type: 'NUMANode', os_index: node.id, ...sets, local_memory: node.memoryBytes === 0 ? null : node.memoryBytes },
      [...pageTypes(node), ...infos({ [CPUS_INFO]: this.#crosses(node, cpus) ? node.cpus : null })],
    );
    return [...node.memorySideCaches].reverse().reduce<string[]>(
      (inside, { level, sizeBytes }) =>
        element(
          'object',
          {
            ...{ type: 'MemCache', ...this.#sets(cpus, [node]), cache_size: sizeBytes, depth: level },
            ...{ cache_linesize: 0, cache_associativity: 0, cache_type: 0 },
          },
          inside,
        ),
      own,
    );
  }

  /** Whether no object holds the node's CPUs alone: hwloc then takes the node for local to all that hold it. */
  #crosses(node: NumaNode, cpus: readonly number[]): boolean {
    return node.cpus !== '' && this.#tree.localTo.get(node)?.length !== cpus.length;
  }

  #distances(): string[] {
    const { nodes } = this.#topology;
    const ids = nodes.map(({ id }) => id);
    const values = nodes.flatMap(({ distances }) => ids.map((id) => distances[String(id)]));
    // Of one node there is nothing to tell, and lstopo complains of it.
    if (nodes.length < 2 || values.includes(undefined)) return [];
    const about = { type: 'NUMANode', nbobjs: ids.length, kind: LATENCY_FROM_OS, name: 'NUMALatency', indexing: 'os' };
    return element('distances2', about, [...pieces('indexes', ids), ...pieces('u64values', values)]);
  }

  #memoryAttributes(): string[] {
    return MEMORY_ATTRIBUTES.flatMap(([name, figure, flags]) => {
      const values = this.#topology.nodes.flatMap((node) => {
        const value = node.rated?.[figure] ?? null;
        if (value === null) return [];
        return element('memattr_value', {
          target_obj_type: 'NUMANode',
          target_obj_gp_index: this.#gp.get(node) ?? 0,
          value,
          initiator_cpuset: formatHwlocSet(this.#initiators(node)),
        });
      });
      return values.length === 0 ? [] : element('memattr', { name, flags }, values);
    });
  }

  #initiators(node: NumaNode): readonly number[] {
    const near = new Set(node.rated?.initiators);
    const cpus = this.#topology.nodes.filter(({ id }) => near.has(id)).flatMap((other) => parseCpuList(other.cpus));
    return cpus.length > 0 ? cpus : (this.#tree.localTo.get(node) ?? []);
  }

  #kinds(): string[] {
    const sets = new Map<string, number[]>();
    for (const { id, kind, online } of this.#topology.cpus) {
      if (kind !== null && online) sets.set(kind, [...(sets.get(kind) ?? []), id]);
    }
    return [...sets].flatMap(([kind, cpus]) =>
      element('cpukind', { cpuset: formatHwlocSet(cpus) }, infos(infosOfKind(kind))),
    );
  }
}

/** The pools; the base page only where a reader could take a pool for it, for only then is its size known. */
function pageTypes({ hugepages, memoryBytes }: NumaNode): string[] {
  const huge = hugepages.reduce((sum, { sizeBytes, total }) => sum + sizeBytes * total, 0);
  const hasSmall = hugepages.some(({ sizeBytes }) => sizeBytes <= LARGEST_BASE_PAGE);
  const base = hasSmall
    ? [{ sizeBytes: 4096, total: Math.max(0, Math.floor(((memoryBytes ?? 0) - huge) / 4096)) }]
    : [];
  return [...base, ...hugepages].flatMap(({ sizeBytes, total }) =>
    element('page_type', { size: sizeBytes, count: total }),
  );
}

function pieces(name: string, values: readonly (number | undefined)[]): string[] {
  const lines: string[] = [];
  for (let at = 0; at < values.length; at += VALUES_IN_A_PIECE) {
    const text = values
      .slice(at, at + VALUES_IN_A_PIECE)
      .map((value) => `${value} `)
      .join('');
    lines.push(`<${name} length="${text.length}">${text}</${name}>`);
  }
  return lines;
}

/** Objects lie where `lstopo --of xml` puts them; one that crosses another is named in an info only. */
export const writeLstopoXml = (topology: Topology): string => new Writer(topology).document();
