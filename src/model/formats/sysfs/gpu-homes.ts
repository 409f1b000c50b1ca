/** Beside which CPUs the memory of GPUs lies, where distances do not tell: by the PCI devices at those nodes. */

import { formatCpuList, parseCpuList } from '../../text/cpulist.ts';
import { PCI_ADDRESS } from '../../topology/devices.ts';
import type { NumaNode } from '../../topology/topology.ts';
import { both, list } from './ids.ts';
import type { Ids } from './ids.ts';
import type { Source } from './source.ts';

const PCI = 'sys/bus/pci/devices';

/** Whether one node with CPUs is nearer than all others, or firmware names it. */
function isTold(node: NumaNode, withCpus: readonly NumaNode[]): boolean {
  if (node.nearCpus !== undefined || (node.rated?.initiators.length ?? 0) > 0) return true;
  const distances = withCpus.map(({ id }) => node.distances[String(id)] ?? Infinity);
  const least = Math.min(...distances);
  return least < Infinity && distances.filter((distance) => distance === least).length === 1;
}

/** PCI addresses by the node they say they are at. */
function addressesByNode(source: Source): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const path of source.files.keys()) {
    if (!path.startsWith(PCI) || !path.endsWith('/numa_node')) continue;
    const address = path.slice(PCI.length + 1, -'/numa_node'.length);
    const node = PCI_ADDRESS.test(address) ? source.integer(path) : null;
    if (node !== null && node >= 0) found.set(node, [...(found.get(node) ?? []), address]);
  }
  return found;
}

const domainOf = (address: string): string => address.slice(0, address.indexOf(':'));

/**
 * `nodes`, those without CPUs of which nothing else says where they are with the CPUs that the PCI device at them names: by
 * its own list, else by the one node with CPUs that the other devices of its PCI domain are at.
 */
export function withHomesOfGpus(source: Source, nodes: readonly NumaNode[], online: Ids): readonly NumaNode[] {
  const withCpus = nodes.filter(({ cpus }) => cpus !== '');
  if (withCpus.length < 2) return nodes;
  const doubtful = nodes.filter((node) => node.cpus === '' && !isTold(node, withCpus));
  if (doubtful.length === 0) return nodes;
  const addresses = addressesByNode(source);
  const byDomain = new Map<string, Set<NumaNode>>();
  for (const node of withCpus)
    for (const address of addresses.get(node.id) ?? []) {
      const domain = domainOf(address);
      byDomain.set(domain, (byDomain.get(domain) ?? new Set<NumaNode>()).add(node));
    }
  const nearOf = (address: string): string | null => {
    const folder = `${PCI}/${address}`;
    const local = source.ids({ list: `${folder}/local_cpulist`, mask: `${folder}/local_cpus` });
    const near = local ? both(local, online) : new Set<number>();
    if (near.size > 0 && near.size < online.size) return list(near);
    const [only, another] = byDomain.get(domainOf(address)) ?? [];
    return only && !another ? formatCpuList(parseCpuList(only.cpus)) : null;
  };
  return nodes.map((node) => {
    if (!doubtful.includes(node)) return node;
    const said = new Set((addresses.get(node.id) ?? []).map(nearOf));
    const [near, another] = said;
    return near === undefined || near === null || another !== undefined ? node : { ...node, nearCpus: near };
  });
}
