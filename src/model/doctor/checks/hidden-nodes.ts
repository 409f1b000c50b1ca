/** Several sockets and one node: firmware interleaves memory over the sockets, so that half of it is far and nobody can choose. */

import { parseCpuList } from '../../text/cpulist.ts';
import { capital } from '../../text/format.ts';
import { homesOf } from '../base/check.ts';
import type { Check } from '../base/check.ts';
import type { Told } from '../base/finding.ts';

const X86 = /^(x86_64|amd64|i\d86)$/;

export const hiddenNodes: Check = {
  id: 'hidden-nodes',
  topic: 'memory',
  title: 'nodes of each socket',
  ofOneNode: true,
  decisive: true,
  check({ topology }) {
    const { packages, machine } = topology;
    const [node, ...others] = homesOf(topology);
    if (!node || others.length > 0) return [];
    const own = new Set(parseCpuList(node.cpus));
    const sockets = packages.filter(
      ({ inferred, cpus }) => !inferred && parseCpuList(cpus).some((cpu) => own.has(cpu)),
    );
    if (sockets.length < 2) return [];
    const isServer = X86.test(machine.architecture) || machine.architecture === 'ppc64le';
    // Without the folder of nodes (a container that hides it, a kernel without NUMA) one node is all that can be drawn, and says nothing.
    if (node.inferred)
      return isServer
        ? { unavailable: 'the host has several sockets and does not show its nodes (/sys/devices/system/node)' }
        : [];
    const evidence = [
      `sockets ${sockets.map(({ id }) => id).join(', ')} (physical_package_id of the CPUs)`,
      'one node with CPUs (/sys/devices/system/node)',
    ];
    const sentence = `${sockets.length} sockets are shown as one node: where their memory is far apart, nothing can be placed near.`;
    const note = { severity: 'low', confidence: 0.4, sentence, evidence } as const;
    if (machine.hypervisor !== null) {
      return [
        {
          ...note,
          cause: 'The virtual machine was given several sockets and no nodes, which says nothing of the machine below.',
          advice:
            'If it is larger than a node of its host, give it nodes (libvirt: <numa><cell>), each bound to one there.',
        },
      ] satisfies Told[];
    }
    const step = `switch node interleaving off in firmware${X86.test(machine.architecture) ? ' (AMD: NPS1)' : ''}, and remove numa=off from the kernel command line.`;
    // Clusters of arm64 boards call themselves sockets, and so do books of s390x.
    if (!isServer) {
      return [
        {
          ...note,
          cause: 'What is numbered as sockets are parts of one chip, or firmware interleaves memory over the sockets.',
          advice: `Where they are sockets indeed: ${step}`,
        },
      ] satisfies Told[];
    }
    return [
      {
        severity: 'medium',
        confidence: 0.85,
        sentence: `${sockets.length} sockets are shown as one node: memory of all of them is used in turn, and nothing can be placed near.`,
        evidence,
        cause:
          'Firmware interleaves memory over the sockets ("Node Interleaving", NPS0), or the kernel has NUMA switched off.',
        advice: capital(step),
      },
    ];
  },
};
