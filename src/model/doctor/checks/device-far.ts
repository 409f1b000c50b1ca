/** Disks and GPUs whose users run on another node. */

import { parseCpuList } from '../../text/cpulist.ts';
import { cpuWords } from '../base/check.ts';
import type { Check } from '../base/check.ts';
import type { DeviceKind } from '../../topology/topology.ts';
import type { Told } from '../base/finding.ts';

/** @param fits names of the devices that the check is about. */
function deviceFar(id: string, title: string, kinds: readonly DeviceKind[], fits: RegExp): Check {
  return {
    id,
    topic: 'devices',
    title,
    check({ topology }) {
      const allowed = new Set(topology.cpus.filter((cpu) => cpu.online && cpu.allowed).map((cpu) => cpu.id));
      return topology.devices.flatMap((device): Told[] => {
        if (!kinds.includes(device.kind) || !fits.test(device.name) || device.node === null) return [];
        const near = parseCpuList(topology.nodes.find((node) => node.id === device.node)?.cpus ?? '');
        if (near.length === 0 || near.some((cpu) => allowed.has(cpu))) return [];
        return [
          {
            severity: 'low',
            confidence: 0.7,
            sentence: `${device.name} is on node ${device.node}, and this session may not run there.`,
            evidence: [`${cpuWords(near)} near ${device.name}`, `${cpuWords([...allowed])} allowed (cpuset, affinity)`],
            cause: 'The cpuset or the affinity of this session leaves out the node of the device.',
            advice: 'Work with that device belongs on its node.',
            where: { nodes: [device.node], cpus: near },
          },
        ];
      });
    },
  };
}

export const nvmeFar = deviceFar('nvme-far', 'disks and who uses them', ['storage'], /./);
export const gpuFar = deviceFar('gpu-far', 'GPUs and who uses them', ['gpu', 'accelerator'], /./);
