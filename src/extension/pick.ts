/** The ways without a mouse: quick picks for a host, a CPU, a node and a run. Undefined: the person went back. */

import * as vscode from 'vscode';
import { formatCpuList, parseCpuList } from '../model/text/cpulist.ts';
import { pair } from '../model/run/compare.ts';
import { formatBytes, formatMetric, formatPercent } from '../model/text/format.ts';
import { idsAt, refusal } from '../model/placement/placement.ts';
import type { Part } from '../model/placement/placement.ts';
import { CPU_SET_WORDS } from '../model/placement/cpu-set.ts';
import { firstIn, otherSlot } from '../model/placement/slots.ts';
import type { Placement, Slot } from '../model/placement/slots.ts';
import { idsWords, parseTarget } from '../model/placement/typed.ts';
import { indexTopology, relate } from '../model/topology/relation.ts';
import { resultLabel } from '../model/verdict/text.ts';
import type { RunSummary } from '../model/run/run.ts';
import type { Sample } from '../model/live/sample.ts';
import type { Topology } from '../model/topology/topology.ts';
import type { Here } from './here.ts';
import { quickPick } from './quick-pick.ts';
import type { Row } from './quick-pick.ts';

/** An alias of the ssh config, or anything typed as user@host:port. */
export async function pickHost(hosts: readonly string[], { away }: Here): Promise<string | undefined> {
  const picked = await quickPick({
    title: 'Connect Host',
    placeholder: `A host of ${away === null ? 'your SSH config' : `the SSH config there (${away})`}, or user@host:port`,
    items: hosts.map((label): Row => ({ label, iconPath: new vscode.ThemeIcon('server') })),
    typed: (words) =>
      hosts.includes(words) ? null : { label: words, description: 'connect to this host', alwaysShow: true },
  });
  return picked?.label;
}

interface IdItem extends Row {
  readonly id: number;
}

async function pickId(title: string, placeholder: string, items: readonly IdItem[]): Promise<number[] | undefined> {
  const picked = await quickPick({ title, placeholder, items });
  return picked && [picked.id];
}

/** Usable CPUs, each with where it lies, how busy it is, and how it relates to the other end. */
export function pickCpu(
  topology: Topology,
  asked: {
    readonly slots: readonly Slot[];
    readonly slot: Slot;
    readonly placement: Placement;
    readonly sample: Sample | null;
  },
): Promise<number[] | undefined> {
  const { slots, slot, placement, sample } = asked;
  const end = otherSlot(slots, slot);
  const other = end && firstIn(placement, end.name);
  const busy = new Map(sample?.cpus.map((cpu) => [cpu.id, cpu.busy]));
  const { places } = indexTopology(topology);
  const items = topology.cpus
    .filter((cpu) => refusal(topology, slot, [cpu.id]) === null)
    .map((cpu): IdItem => {
      const place = places.get(cpu.id);
      const load = busy.get(cpu.id);
      const words = [
        place?.package ? `socket ${place.package.id}` : null,
        place?.node ? `node ${place.node.id}` : null,
        cpu.isolated ? 'isolated' : null,
        load === undefined ? null : `${formatPercent(load)} busy`,
      ].filter((word) => word !== null);
      return {
        id: cpu.id,
        label: `cpu ${cpu.id}`,
        description: words.join(', '),
        ...(other === null || other === cpu.id
          ? {}
          : { detail: `${relate(topology, other, cpu.id).words} as the other end` }),
      };
    });
  return pickId(`Pin ${slot.label}`, `CPU the ${slot.spoken} runs on`, items);
}

function nodeItems(topology: Topology, slot: Slot): IdItem[] {
  return topology.nodes
    .filter((node) => refusal(topology, slot, [node.id]) === null)
    .map((node) => {
      const size = node.memoryBytes === null ? 'size unavailable' : formatBytes(node.memoryBytes);
      return { id: node.id, label: `node ${node.id}`, description: `${size}${node.cpus === '' ? ', no CPUs' : ''}` };
    });
}

export const pickNode = (topology: Topology, slot: Slot): Promise<number[] | undefined> =>
  pickId(`Place ${slot.label}`, `NUMA node the ${slot.spoken} lies on`, nodeItems(topology, slot));

interface PartItem extends Row {
  readonly ids: readonly number[];
}

/** Sockets, nodes, L3s and single CPUs, as far as this session may use them. */
function partItems(topology: Topology, slot: Slot): PartItem[] {
  const l3s = topology.caches.filter(({ level }) => level === 3).flatMap(({ cpus }) => parseCpuList(cpus)[0] ?? []);
  const parts: [label: string, part: Part][] = [
    ...topology.packages.map(({ id }): [string, Part] => [`socket ${id}`, { kind: 'package', id }]),
    ...topology.nodes.map(({ id }): [string, Part] => [`node ${id}`, { kind: 'node', id }]),
    ...l3s.map((id): [string, Part] => [`L3 of cpu ${id}`, { kind: 'l3', id }]),
    ...topology.cpus.map(({ id }): [string, Part] => [`cpu ${id}`, { kind: 'cpu', id }]),
  ];
  return parts.flatMap(([label, part]) => {
    const ids = idsAt(topology, slot, part);
    if (ids.length === 0 || refusal(topology, slot, ids) !== null) return [];
    return [{ label, ids, ...(part.kind === 'cpu' ? {} : { description: `cpus ${formatCpuList(ids)}` }) }];
  });
}

/** Where the token goes by what was typed, or what is wrong with that. Null where a row of the list serves. */
function typedPart(topology: Topology, slot: Slot, typed: string, parts: readonly PartItem[]): PartItem | null {
  const words = typed.toLowerCase();
  if (parts.some(({ label }) => label.toLowerCase() === words)) return null;
  const parsed = parseTarget(slot, typed, topology);
  if ('ids' in parsed)
    return { label: typed, description: idsWords(slot, parsed.ids), ids: parsed.ids, alwaysShow: true };
  // What is not typed to its end may still be looking for a row.
  const looks = parts.some(({ label, description = '' }) => `${label} ${description}`.toLowerCase().includes(words));
  return looks ? null : { label: typed, description: parsed.wrong, ids: [], alwaysShow: true, refused: true };
}

/**
 * For a token on many: what is added to where it lies, from the list or typed as into the board's field. An empty list: back into
 * the tray.
 */
export async function pickPart(topology: Topology, slot: Slot, held: readonly number[]): Promise<number[] | undefined> {
  const nodes = slot.on === 'nodes';
  const parts: PartItem[] = nodes
    ? nodeItems(topology, slot).map(({ id, ...item }) => ({ ...item, ids: [id] }))
    : partItems(topology, slot);
  const on = idsWords(slot, held);
  const back = { label: 'back into the tray', description: `now on ${on}`, ids: [] };
  const example = nodes ? 'NUMA nodes such as 0-1' : CPU_SET_WORDS;
  const items = held.length > 0 ? [...parts, back] : parts;
  const picked = await quickPick<PartItem>({
    title: `Place ${slot.label}`,
    placeholder: held.length > 0 ? `${example}, beside ${on}` : example,
    items,
    typed: (words) => typedPart(topology, slot, words, items),
  });
  return picked && [...picked.ids];
}

export function runRow(run: RunSummary): Row & { readonly run: RunSummary } {
  const { of } = pair(run);
  const figure = of?.median == null ? 'not measured' : formatMetric(of.median, of.metric);
  return { run, label: run.name ?? (of ? resultLabel(of) : run.id), description: figure, detail: run.time };
}

/** The newest run without asking when there is only one. */
export async function pickRun(
  runs: readonly RunSummary[],
  asked = { title: 'Export Snapshot to Docs', placeholder: 'Run to export' },
): Promise<RunSummary | undefined> {
  if (runs.length <= 1) return runs[0];
  return (await quickPick({ ...asked, items: runs.map(runRow) }))?.run;
}
