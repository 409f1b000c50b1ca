// Nodes and pods for the tests of admission.
import { placesOf } from '../../../src/model/admission/machine.ts';
import type { AdmittingNode, KubeletPolicies } from '../../../src/model/admission/node.ts';
import type { Amounts, Container, Pod } from '../../../src/model/admission/pod.ts';
import { parseCpuList } from '../../../src/model/text/cpulist.ts';

export const GIB = 2 ** 30;

interface Asked {
  /** On two nodes of one socket each, two threads a core, the second threads behind all the first ones. */
  cores?: number;
  shared?: string;
  reserved?: string;
  memoryGib?: number;
  policies?: Partial<KubeletPolicies>;
}

export function admittingNode({ cores = 36, shared, reserved = '', memoryGib, policies }: Asked = {}): AdmittingNode {
  const cpus = Array.from({ length: 2 * cores }, (_, cpu) => cpu);
  const half = cores / 2;
  const nodeOf = (cpu: number): number => Math.floor((cpu % cores) / half);
  return {
    places: placesOf(
      cpus.map((cpu) => [
        cpu,
        { core: cpu % cores, node: nodeOf(cpu), socket: nodeOf(cpu), cache: nodeOf(cpu) * half },
      ]),
    ),
    nodes: [0, 1],
    distances: null,
    policies: {
      ...{ cpuManager: 'static', memoryManager: 'Static', topologyManager: 'single-numa-node', scope: 'container' },
      ...{ preferClosest: false, reserved: parseCpuList(reserved) },
      cpuOptions: { fullCores: false, acrossNodes: false, acrossCores: false, bySocket: false, byCache: false },
      ...policies,
    },
    shared: shared === undefined ? cpus : parseCpuList(shared),
    holders: [],
    memory:
      memoryGib === undefined
        ? null
        : [0, 1].map((id) => ({
            ...{ id, assignments: 0, cells: [id] },
            tables: { memory: { allocatable: memoryGib * GIB, free: memoryGib * GIB } },
          })),
    devices: {},
  };
}

export function container(name: string, cpus: number, gib: number, more: Partial<Container> = {}): Container {
  const amounts: Amounts = { cpu: cpus * 1000, memoryBytes: gib * GIB, hugepages: {}, devices: {} };
  return { name, kind: 'app', requests: amounts, limits: amounts, ...more };
}

export const podOf = (...containers: Container[]): Pod => ({ name: 'service', whole: null, containers });
