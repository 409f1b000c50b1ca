/** Several sockets and one node: firmware interleaves memory over the sockets, so that half of it is far and nobody can choose. */

import type { Check } from '../base/check.ts';

export const hiddenNodes: Check = {
  id: 'hidden-nodes',
  topic: 'memory',
  title: 'nodes of each socket',
  ofOneNode: true,
  check({ topology }) {
    const { packages, nodes, machine } = topology;
    const sockets = packages.filter(({ inferred }) => !inferred);
    if (sockets.length < 2 || nodes.filter(({ cpus }) => cpus !== '').length > 1) return [];
    // Clusters of arm64 boards call themselves sockets, and hypervisors give each vCPU one.
    const real = machine.hypervisor === null && /^(x86_64|amd64|i\d86|ppc64le)$/.test(machine.architecture);
    return [
      {
        severity: real ? 'medium' : 'low',
        confidence: real ? 0.85 : 0.4,
        sentence: `${sockets.length} sockets are shown as one node: memory of all of them is used in turn, and nothing can be placed near.`,
        evidence: [
          `sockets ${sockets.map(({ id }) => id).join(', ')} (physical_package_id of the CPUs)`,
          'one node with CPUs (/sys/devices/system/node)',
        ],
        cause:
          machine.hypervisor === null
            ? 'Firmware interleaves memory over the sockets ("Node Interleaving", NPS0), or the kernel has NUMA switched off.'
            : 'The virtual machine was given several sockets and no nodes, which says nothing of the machine below.',
        advice:
          'Switch node interleaving off in firmware (AMD: NPS1), and remove numa=off from the kernel command line.',
      },
    ];
  },
};
