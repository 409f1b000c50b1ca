/** Memory without CPUs: a tier of its own, as CXL or HBM, or a node whose CPUs are missing. */

import { formatCpuList } from '../../text/cpulist.ts';
import { capital, formatBytes, nodeWords } from '../../text/format.ts';
import { hasMadeUpNodes, homesOf, idsOf, switchCpus } from '../base/check.ts';
import type { Check } from '../base/check.ts';
import { isUnavailable } from '../../run/run.ts';
import { isTier } from '../facts/tiers.ts';

export const nodeWithoutCpus: Check = {
  id: 'node-without-cpus',
  topic: 'memory',
  title: 'CPUs of each node',
  check(facts) {
    const { topology, tiers, kernel } = facts;
    if (hasMadeUpNodes(facts)) return [];
    const bare = topology.nodes.filter(({ cpus, memoryBytes }) => cpus === '' && (memoryBytes ?? 0) > 0);
    if (bare.length === 0) return [];
    // The second threads of cores leave no node without CPUs.
    const smtOff = !isUnavailable(kernel.smtControl) && /^(off|forceoff)$/.test(kernel.smtControl);
    const offline = smtOff ? [] : topology.cpus.filter((cpu) => !cpu.online).map(({ id }) => id);
    const [least] = homesOf(topology)
      .map(({ memoryBytes }) => memoryBytes ?? 0)
      .sort((a, b) => a - b);
    // A tier is rated by firmware, added by a driver, or at least of another size; a node that lost its CPUs is like the others.
    const tier = (node: (typeof bare)[number]): boolean => isTier(tiers, node) || node.rated !== null;
    const alike = (node: (typeof bare)[number]): boolean => (node.memoryBytes ?? 0) > 0.8 * (least ?? Infinity);
    const lost = bare.filter(
      (node) => !tier(node) && alike(node) && (offline.length > 0 || topology.machine.hypervisor !== null),
    );
    const fine = bare.filter((node) => !lost.includes(node));
    const evidence = (nodes: typeof bare): string[] =>
      nodes.map(
        (node) =>
          `node ${node.id}: ${formatBytes(node.memoryBytes ?? 0)}, no CPUs${tier(node) ? ', a tier of its own by firmware or driver' : ''} (/sys/devices/system/node/node${node.id})`,
      );
    return [
      ...(lost.length === 0
        ? []
        : [
            {
              severity: 'medium' as const,
              confidence: offline.length > 0 ? 0.85 : 0.6,
              sentence: `${capital(nodeWords(idsOf(lost)))} ${lost.length === 1 ? 'has' : 'have'} memory and no CPU: every use of it is remote.`,
              evidence: [
                ...evidence(lost),
                ...(offline.length > 0
                  ? [`CPUs ${formatCpuList(offline)} are offline (/sys/devices/system/cpu/online)`]
                  : []),
              ],
              cause:
                offline.length > 0
                  ? 'All CPUs of the node are offline.'
                  : 'The virtual machine was given memory on a node without vCPUs.',
              advice: offline.length > 0 ? 'Switch the CPUs on again.' : 'Give the virtual machine vCPUs on each node.',
              remedy: switchCpus(offline, 1),
              undo: switchCpus(offline, 0),
              where: { nodes: idsOf(lost), cpus: offline },
            },
          ]),
      ...(fine.length === 0
        ? []
        : [
            {
              severity: 'low' as const,
              confidence: 0.9,
              sentence: `${capital(nodeWords(idsOf(fine)))} ${fine.length === 1 ? 'is' : 'are'} memory without CPUs, as CXL or high-bandwidth memory is shown: a tier to be used on purpose.`,
              evidence: evidence(fine),
              cause: 'The platform shows memory of another kind as a node of its own.',
              advice: null,
              where: { nodes: idsOf(fine) },
            },
          ]),
    ];
  },
};
