/** The pools of huge pages on each node, and what says how far they can grow: from the files that discovery reads. */

import { meminfo } from '../formats/sysfs/memory.ts';
import { Source } from '../formats/sysfs/source.ts';
import type { ProbeFiles } from '../formats/sysfs/probe.ts';
import type { NumaNode, Topology } from '../topology/topology.ts';
import { basePageBytes, parseBuddyinfo } from './buddyinfo.ts';
import type { FreeBlocks } from './buddyinfo.ts';

/** Documentation/admin-guide/mm/hugetlbpage.rst. Null: the host (or the recording) does not say. */
export interface Pool {
  readonly sizeBytes: number;
  /** `nr_hugepages`, surplus pages included. */
  readonly total: number;
  readonly free: number | null;
  /** Pages above the reservation: overcommitted, or in use when the reservation shrank. They go when their user does. */
  readonly surplus: number | null;
}

export interface PoolsOfNode {
  readonly id: number;
  readonly cpus: string;
  /** True where the host shows no nodes: the pools are the whole machine's. */
  readonly inferred: boolean;
  readonly memoryBytes: number | null;
  readonly freeBytes: number | null;
  /** File pages, which the kernel can drop or write back when it needs their memory. */
  readonly fileBytes: number | null;
  /** Free memory by zone and size of block, as far as /proc/buddyinfo says. */
  readonly zones: readonly FreeBlocks[];
  readonly sizes: readonly Pool[];
}

export interface HugePages {
  readonly nodes: readonly PoolsOfNode[];
  /** The page that blocks of /proc/buddyinfo are counted in; null where it cannot be told. */
  readonly basePageBytes: number | null;
  /** The size that programs get when they name none; null where the host does not say. */
  readonly defaultSizeBytes: number | null;
  /** Memory that the kernel keeps back for itself (`vm.min_free_kbytes`). */
  readonly minFreeBytes: number | null;
  /** Free pages that are promised to mappings which have not touched them yet: known for the whole machine only. */
  readonly promised: readonly { readonly sizeBytes: number; readonly pages: number }[];
}

const NODE = 'sys/devices/system/node';
const MACHINE = 'sys/kernel/mm';
const SMALLEST_PAGE = 4096;

/** The folder of the pools of a node, or of the machine where there are no nodes; no leading slash. */
const folderOf = ({ id, inferred }: Pick<NumaNode, 'id' | 'inferred'>): string =>
  inferred ? MACHINE : `${NODE}/node${id}`;

/** The file whose number is the reservation. */
export function poolFile(node: Pick<NumaNode, 'id' | 'inferred'>, sizeBytes: number): string {
  return `/${folderOf(node)}/hugepages/hugepages-${sizeBytes / 1024}kB/nr_hugepages`;
}

/** A recorded machine may have no files (a topology, lstopo's XML): then what its topology says of pools is all there is. */
export function readPools(files: ProbeFiles, topology: Topology): HugePages {
  const source = new Source(files);
  const whole = source.raw('proc/meminfo');
  const blocks = parseBuddyinfo(source.raw('proc/buddyinfo') ?? '');
  const nodes = topology.nodes.map((node) => nodeOf(source, node, blocks));
  const kept = source.integer('proc/sys/vm/min_free_kbytes');
  return {
    nodes,
    basePageBytes: basePageBytes(
      blocks,
      nodes.reduce((sum, { freeBytes }) => sum + (freeBytes ?? 0), 0),
    ),
    defaultSizeBytes: meminfo(whole, 'Hugepagesize'),
    minFreeBytes: kept === null || kept < 0 ? null : kept * 1024,
    promised: sizesIn(source, MACHINE).flatMap((sizeBytes) => {
      const pages = count(source, MACHINE, sizeBytes, 'resv_hugepages');
      return pages === null || pages === 0 ? [] : [{ sizeBytes, pages }];
    }),
  };
}

function nodeOf(source: Source, node: NumaNode, blocks: readonly FreeBlocks[]): PoolsOfNode {
  const folder = folderOf(node);
  const text = source.raw(node.inferred ? 'proc/meminfo' : `${folder}/meminfo`);
  const active = meminfo(text, 'Active\\(file\\)');
  const inactive = meminfo(text, 'Inactive\\(file\\)');
  const sizes = sizesIn(source, folder).flatMap((sizeBytes): Pool[] => {
    const total = count(source, folder, sizeBytes, 'nr_hugepages');
    if (total === null) return [];
    const free = count(source, folder, sizeBytes, 'free_hugepages');
    const surplus = count(source, folder, sizeBytes, 'surplus_hugepages');
    return [{ sizeBytes, total, free, surplus }];
  });
  return {
    id: node.id,
    cpus: node.cpus,
    inferred: node.inferred,
    memoryBytes: node.memoryBytes,
    freeBytes: node.freeBytes,
    fileBytes: active === null || inactive === null ? null : active + inactive,
    zones: node.inferred ? blocks : blocks.filter((zone) => zone.node === node.id),
    sizes: sizes.length > 0 ? sizes : node.hugepages.map((pool) => ({ ...pool, surplus: null })),
  };
}

/** Smallest first. A size that is no power of two is not the kernel's. */
function sizesIn(source: Source, folder: string): number[] {
  const sizes = source.numbered(`${folder}/hugepages/hugepages-`).map((kib) => kib * 1024);
  return sizes.filter((size) => size > SMALLEST_PAGE && Number.isInteger(Math.log2(size)));
}

function count(source: Source, folder: string, sizeBytes: number, file: string): number | null {
  const value = source.integer(`${folder}/hugepages/hugepages-${sizeBytes / 1024}kB/${file}`);
  return value !== null && value >= 0 ? value : null;
}
