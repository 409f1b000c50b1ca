/** Disks and GPUs whose users run on another node. */

import { parseCpuList } from '../../text/cpulist.ts';
import { formatBytes, nodeWords } from '../../text/format.ts';
import type { Device, DeviceKind } from '../../topology/topology.ts';
import { isUnavailable } from '../../run/run.ts';
import { cpuWords } from '../base/check.ts';
import type { Check } from '../base/check.ts';
import type { Told } from '../base/finding.ts';
import {
  cpuTimeWords,
  cpusOfNode,
  homesOfProcess,
  moveThreads,
  ofProcesses,
  processWords,
  whereOf,
} from '../base/process.ts';
import type { Facts } from '../facts/facts.ts';
import type { LiveProcess } from '../facts/live.ts';

type Placed = Device & { readonly node: number };

interface Kind {
  readonly id: string;
  readonly title: string;
  readonly kinds: readonly DeviceKind[];
  /** Which of the devices a process uses, in words that say by what that is known; null: it does not. */
  readonly uses: (process: LiveProcess, device: Placed, facts: Facts) => string | null;
}

/** The disk that a mounted device is of: nvme0n1p2 is of nvme0n1, sda1 of sda. */
function isOf(source: string, disk: string): boolean {
  if (!source.startsWith(`/dev/${disk}`)) return false;
  const part = source.slice(`/dev/${disk}`.length);
  // Behind a digit, the number of a partition begins with a p: nvme0n12 is another disk than nvme0n1.
  return part === '' || (/\d$/.test(disk) ? /^p\d{1,3}$/ : /^\d{1,3}$/).test(part);
}

/** Least disk traffic that counts: below it, a disk of any distance has nothing to do. */
const DISK_BYTES = 10 * 1024 * 1024;

function usesDisk({ open, diskBytesPerSecond }: LiveProcess, { name }: Placed, { kernel }: Facts): string | null {
  if (diskBytesPerSecond !== null && diskBytesPerSecond < DISK_BYTES) return null;
  const traffic = diskBytesPerSecond === null ? '' : `, ${formatBytes(diskBytesPerSecond)}/s read and written`;
  const direct = open.find((path) => isOf(path, name));
  if (direct !== undefined) return `${direct} is open${traffic}`;
  if (isUnavailable(kernel.mounts)) return null;
  // The mount that a file is in is the longest that its path begins with.
  for (const path of open) {
    const inside = kernel.mounts.filter(
      ({ path: at }) => path === at || path.startsWith(at.endsWith('/') ? at : `${at}/`),
    );
    const [mount] = inside.sort((a, b) => b.path.length - a.path.length);
    if (mount && isOf(mount.source, name)) return `${path} is open, on ${mount.source}${traffic}`;
  }
  return null;
}

/** `/dev/nvidia0` and render nodes are opened by whoever computes; which card an NVIDIA one is, their order tells. */
function usesGpu({ open }: LiveProcess, device: Placed, { topology, renderNodes }: Facts): string | null {
  const gpus = topology.devices.filter(({ kind, pci }) => kind === 'gpu' && (pci ?? '').includes(' 10de:'));
  const addresses = [...new Set(gpus.map(({ address }) => address))].sort((a, b) => (a ?? '').localeCompare(b ?? ''));
  const nvidia = addresses.indexOf(device.address);
  const path = open.find(
    (one) =>
      one === `/dev/dri/${device.name}` ||
      (device.address !== null && renderNodes.get(one) === device.address) ||
      (nvidia >= 0 && one === `/dev/nvidia${nvidia}`),
  );
  return path === undefined ? null : `${path} is open`;
}

const ofUsers = ({ kinds, uses }: Kind) =>
  ofProcesses((process, facts, _limits): Told[] => {
    const { topology } = facts;
    const homes = homesOfProcess(topology, process);
    return topology.devices.flatMap((device): Told[] => {
      const { node } = device;
      if (!kinds.includes(device.kind) || node === null || homes.length === 0 || homes.includes(node)) return [];
      if (cpusOfNode(topology, node).length === 0) return [];
      const how = uses(process, { ...device, node }, facts);
      if (how === null) return [];
      return [
        {
          severity: 'medium',
          confidence: 0.75,
          sentence: `${processWords(process)} runs on ${nodeWords(homes)} and uses ${device.name} on node ${node}.`,
          evidence: [
            how,
            cpuTimeWords(topology, process),
            `${device.name}: node ${node}${device.address === null ? '' : ` (${device.address})`}`,
          ],
          cause: 'Nothing binds it to the node of its device, or it was bound to another.',
          advice: 'Run it on the node of the device, with its memory there.',
          ...moveThreads(topology, process, node),
          where: whereOf(process, [...homes, node]),
        },
      ];
    });
  });

/** Devices that this session cannot be near to. */
function ofSession({ topology }: Facts, kinds: readonly DeviceKind[]): Told[] {
  const allowed = new Set(topology.cpus.filter((cpu) => cpu.online && cpu.allowed).map((cpu) => cpu.id));
  return topology.devices.flatMap((device): Told[] => {
    if (!kinds.includes(device.kind) || device.node === null) return [];
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
}

function deviceFar(kind: Kind): Check {
  const check = ofUsers(kind);
  return {
    id: kind.id,
    topic: 'devices',
    title: kind.title,
    check(facts, limits) {
      const found = check(facts, limits);
      return [...(isUnavailable(found) ? [] : found), ...ofSession(facts, kind.kinds)];
    },
  };
}

export const nvmeFar = deviceFar({
  id: 'nvme-far',
  title: 'disks and who uses them',
  kinds: ['storage'],
  uses: usesDisk,
});

export const gpuFar = deviceFar({
  id: 'gpu-far',
  title: 'GPUs and who uses them',
  kinds: ['gpu', 'accelerator'],
  uses: usesGpu,
});
