/** A virtual machine whose vCPUs or memory lie on several nodes, and that would fit on one. */

import { formatBytes, nodeWords, plural } from '../../text/format.ts';
import { isUnavailable } from '../../run/run.ts';
import { nodesOfCpus } from '../base/check.ts';
import type { Check } from '../base/check.ts';
import { guestOf, hasOwnNodes } from '../base/guest.ts';
import {
  bytesByNode,
  bytesWords,
  cpusOfNode,
  homesOfProcess,
  moveThreads,
  ofProcesses,
  processWords,
  sharesOf,
  sumOf,
  whereOf,
} from '../base/process.ts';

export const vmAcrossNodes: Check = {
  id: 'vm-across-nodes',
  topic: 'processes',
  title: 'virtual machines against nodes',
  check: ofProcesses((process, { topology }, limits) => {
    const guest = guestOf(process);
    if (!guest || hasOwnNodes(process)) return [];
    const homes = homesOfProcess(topology, { threads: guest.vcpus }, limits['straddle-share']);
    const may = nodesOfCpus(
      topology,
      guest.vcpus.flatMap(({ allowed }) => allowed),
    );
    const memory = isUnavailable(process.mappings)
      ? new Map<number, number>()
      : bytesByNode(process.mappings.filter(({ kind }) => kind !== 'file'));
    const spread = [...sharesOf(memory)].filter(
      ([node, share]) => share >= limits['far-share'] && (memory.get(node) ?? 0) >= limits['far-bytes'],
    );
    const nodes = [...new Set([...homes, ...spread.map(([node]) => node)])].sort((a, b) => a - b);
    if (nodes.length < 2) return [];
    const best = [...nodes].sort((a, b) => (memory.get(b) ?? 0) - (memory.get(a) ?? 0))[0] ?? 0;
    const size = topology.nodes.find(({ id }) => id === best)?.memoryBytes ?? null;
    const fits =
      guest.vcpus.length <= cpusOfNode(topology, best).length &&
      (size === null || process.residentBytes <= size * limits['node-room']);
    return [
      {
        severity: 'medium',
        confidence: fits ? 0.85 : 0.7,
        sentence: `The virtual machine of ${processWords(process)} lies across ${nodeWords(nodes)}${fits ? ', and would fit on one' : ', and its guest is not told so'}.`,
        evidence: [
          `${plural(guest.vcpus.length, 'vCPU')} ran on ${nodeWords(homes.length > 0 ? homes : may)} and may run on ${nodeWords(may)}`,
          memory.size === 0
            ? `${formatBytes(process.residentBytes)} of memory, nodes not readable`
            : `${formatBytes(sumOf(memory))} of memory: ${bytesWords(memory)} (${process.origin})`,
        ],
        cause: 'Its vCPUs and memory are not bound to a node, and it was given no nodes of its own.',
        advice: fits
          ? 'Bind vCPUs and memory to one node (libvirt: <vcpu cpuset>, <numatune><memory mode="strict" nodeset>).'
          : 'Give the guest nodes of its own, each bound to one of the host (libvirt: <numa><cell>, <memnode>).',
        ...(fits ? moveThreads(topology, process, best) : {}),
        where: whereOf(process, nodes),
      },
    ];
  }),
};
