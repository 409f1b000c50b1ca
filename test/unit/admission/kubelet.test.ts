// From a kubelet's files and a pod to why it was refused, and what would fit.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { admit } from '../../../src/model/admission/admit.ts';
import { explain } from '../../../src/model/admission/explain.ts';
import { hugePageResource, nodeFrom } from '../../../src/model/admission/state.ts';
import type { KubeletFiles } from '../../../src/model/admission/state.ts';
import { PinboardError } from '../../../src/model/problem.ts';
import { readConfiguration, readCpuState, readMemoryState, readPod } from '../../../src/protocol/kubelet.ts';
import { twoSockets } from '../topologies.ts';
import { GIB } from './nodes.ts';

/** Two sockets of 18 cores with two threads each: CPUs N and N+36 are siblings. */
const PAPER = twoSockets({ coresPerNode: 18 });
const MACHINE = { ...PAPER, nodes: PAPER.nodes.map((node) => ({ ...node, memoryBytes: 126 * GIB })) };

const CONFIGURATION = readConfiguration({
  kind: 'KubeletConfiguration',
  cpuManagerPolicy: 'static',
  cpuManagerPolicyOptions: { 'full-pcpus-only': true },
  memoryManagerPolicy: 'Static',
  topologyManagerPolicy: 'single-numa-node',
  reservedSystemCPUs: '0,18,36,54',
  evictionHard: { 'memory.available': '100Mi' },
});

const memoryTable = (freeGib: number) => ({
  numberOfAssignments: freeGib === 120 ? 0 : 1,
  memoryMap: {
    memory: { total: 126 * GIB, systemReserved: 6 * GIB, allocatable: 120 * GIB, reserved: 0, free: freeGib * GIB },
  },
});

const FILES: KubeletFiles = {
  configuration: CONFIGURATION,
  cpus: readCpuState({
    policyName: 'static',
    defaultCpuSet: '0,17-18,35-36,53-54,71',
    entries: {
      'uid-of-data': { data: '1-8,37-44' },
      'uid-of-model': { model: '9-16,45-52' },
      'uid-of-tasks': { tasks: '19-34,55-70' },
    },
    checksum: 1_234_567_890_123,
  }),
  memory: readMemoryState({
    policyName: 'Static',
    machineState: { 0: { ...memoryTable(4), cells: [0] }, 1: { ...memoryTable(90), cells: [1] } },
    entries: {},
    checksum: 2,
  }),
  devices: {},
};

const pod = (cpu: number | string, memory: string) =>
  readPod({
    kind: 'Pod',
    metadata: { name: 'late' },
    spec: { containers: [{ name: 'late', resources: { limits: { cpu, memory } } }] },
  });

const explained = (files: KubeletFiles, asked: ReturnType<typeof pod>) => {
  const node = nodeFrom(MACHINE, files);
  return explain(node, asked, admit(node, asked));
};

test('a pod that no node has CPUs for is told so, with the pods that are in its way', () => {
  const { sentence, reasons, left, instead } = explained(FILES, pod(16, '60Gi'));
  assert.equal(
    sentence,
    'Container "late" is refused with TopologyAffinityError: resources cannot be allocated with topology locality.',
  );
  assert.deepEqual(reasons, [
    'CPUs: not enough is free, not even on all nodes together.',
    'Memory: can be had from node 1.',
  ]);
  assert.deepEqual(
    left.map(({ freeCpus, cpus }) => [freeCpus, cpus]),
    [
      [2, 36],
      [2, 36],
    ],
  );
  assert.deepEqual(instead, [
    'With 2 CPUs for "late" instead of 16.',
    'Without uid-of-tasks (tasks: CPUs 19–34, 55–70).',
  ]);
});

test('CPUs on one node and memory on the other are told apart, and what would fit', () => {
  const cpus = readCpuState({
    policyName: 'static',
    defaultCpuSet: '0-18,35-54,71',
    entries: { 'uid-of-tasks': { tasks: '19-34,55-70' } },
  });
  const { reasons, instead } = explained({ ...FILES, cpus }, pod(8, '60Gi'));
  assert.deepEqual(reasons, [
    'CPUs: can be had from node 0.',
    'Memory: can be had from node 1.',
    'There is no set of nodes that all of them agree on.',
  ]);
  assert.deepEqual(instead.slice(0, 2), [
    'With 2 CPUs for "late" instead of 8.',
    'Without uid-of-tasks (tasks: CPUs 19–34, 55–70).',
  ]);
});

test('an empty node takes what its machine has, less what is reserved', () => {
  const empty = { ...FILES, cpus: null, memory: null };
  const { sentence, instead } = explained(empty, pod(32, '100Gi'));
  assert.match(sentence, /^Pod "late" is admitted: container "late" gets CPUs 1–16, 37–52 and memory of node 0\.$/);
  assert.deepEqual(instead, []);
  assert.match(explained(empty, pod('1500m', '1Gi')).reasons.join(), /part of a CPU, and so runs on the shared ones/);
  const burstable = readPod({ spec: { containers: [{ name: 'b', resources: { requests: { cpu: '2' } } }] } });
  assert.match(explained(empty, burstable).reasons.join(), /is Burstable: only Guaranteed pods/);
});

test('CPUs are reserved by number where they are not listed, whole cores first', () => {
  const configuration = readConfiguration({
    cpuManagerPolicy: 'static',
    kubeReserved: { cpu: '500m' },
    systemReserved: { cpu: 1.2 },
  });
  assert.deepEqual(nodeFrom(MACHINE, { ...FILES, configuration, cpus: null, memory: null }).policies.reserved, [0, 36]);
});

test('files of another node, or of no kubelet, are refused in words', () => {
  const refused = (files: Partial<KubeletFiles>, words: RegExp): void => {
    assert.throws(
      () => nodeFrom(MACHINE, { ...FILES, ...files }),
      (error) => error instanceof PinboardError && words.test(error.message),
    );
  };
  refused({ cpus: { policyName: 'static', defaultCpuSet: '0-95' } }, /names CPUs that this machine has not.*72–95/);
  const unknown = { ...MACHINE, nodes: MACHINE.nodes.map((node) => ({ ...node, memoryBytes: null })) };
  assert.throws(() => nodeFrom(unknown, { ...FILES, memory: null }), /does not say how much memory NUMA node 0 has/);
  refused({ cpus: { policyName: 'static', defaultCpuSet: 'all' } }, /is no CPU list/);
  refused({ memory: { policyName: 'Static', machineState: {} } }, /has no NUMA node 0/);
  refused(
    { cpus: { policyName: 'none', defaultCpuSet: '' } },
    /kept under policy "none".*cpuManagerPolicy is "static"/,
  );
  refused({ configuration: { ...CONFIGURATION, memoryManagerPolicy: 'None' } }, /memory_manager_state was kept under/);
  refused({ configuration: { cpuManagerPolicy: 'dynamic' } }, /"dynamic", which is none of none, static/);
  refused({ configuration: { kubeReserved: { cpu: '100' } } }, /reserves 100 CPUs, and the machine has 72/);
  assert.throws(() => readPod({ spec: { containers: [] } }), /This is no Pod/);
  assert.throws(() => readPod(null), /This is no Pod/);
  assert.throws(() => pod('four', '1Gi'), /asks for cpu: "four", which is no amount/);
});

test('more than eight nodes are taken where the kubelet was told how many, or looks at none', () => {
  const nodes = Array.from({ length: 12 }, (_, id) => ({ ...MACHINE.nodes[0], id })) as typeof MACHINE.nodes;
  const of = (more: object): number =>
    nodeFrom(
      { ...MACHINE, nodes },
      {
        ...FILES,
        configuration: { ...readConfiguration(more), memoryManagerPolicy: 'None' },
        cpus: null,
        memory: null,
      },
    ).nodes.length;
  const policy = { topologyManagerPolicy: 'restricted' };
  assert.throws(() => of(policy), /has 12 NUMA nodes, and the topology manager takes 8 unless it is told how many/);
  const told = (most: number): object => ({
    ...policy,
    topologyManagerPolicyOptions: { 'max-allowable-numa-nodes': most },
  });
  assert.equal(of(told(12)), 12);
  assert.throws(() => of(told(10)), /takes 10 unless/);
  assert.equal(of({ topologyManagerPolicy: 'none' }), 12);
});

test('resources of the whole pod are read, and what follows from them is said', () => {
  const asked = readPod({
    spec: {
      resources: { limits: { cpu: 4, memory: '8Gi' } },
      containers: [{ name: 'a' }, { name: 'b', resources: { limits: { cpu: 2, memory: '4Gi' } } }],
    },
  });
  assert.deepEqual(asked.whole?.requests.cpu, 4000);
  assert.match(explained({ ...FILES, cpus: null, memory: null }, asked).reasons.join(), /has resources of its own/);
});

test('strict-cpu-reservation takes the reserved CPUs out of the shared ones, and changes nothing of what is given', () => {
  const options = { 'full-pcpus-only': 'true', 'strict-cpu-reservation': 'true' };
  const strict = { ...CONFIGURATION, cpuManagerPolicyOptions: options };
  const shared = { policyName: 'static', defaultCpuSet: '1-17,19-35,37-53,55-71' };
  const of = (files: Partial<KubeletFiles>): string =>
    explained({ ...FILES, memory: null, ...files }, pod(32, '1Gi')).sentence;
  assert.equal(of({ configuration: strict, cpus: shared }), of({ cpus: null }));
});

test('a pod is found in what holds it as a template', () => {
  const template = {
    spec: {
      initContainers: [{ name: 'proxy', restartPolicy: 'Always' }, { name: 'setup' }],
      containers: [{ name: 'main' }],
    },
  };
  for (const spec of [{ template }, { jobTemplate: { spec: { template } } }])
    assert.deepEqual(
      readPod({ kind: 'Any', metadata: { name: 'batch' }, spec }).containers.map(({ name, kind }) => [name, kind]),
      [
        ['proxy', 'sidecar'],
        ['setup', 'init'],
        ['main', 'app'],
      ],
    );
});

test('huge pages are called as Kubernetes calls them', () => {
  assert.deepEqual([65_536, 2 * 2 ** 20, GIB].map(hugePageResource), [
    'hugepages-64Ki',
    'hugepages-2Mi',
    'hugepages-1Gi',
  ]);
});

test('whatever a file holds, it is read or refused with a problem', () => {
  for (const read of [readPod, readConfiguration, readCpuState, readMemoryState])
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        try {
          read(value);
          return true;
        } catch (error) {
          return error instanceof PinboardError;
        }
      }),
    );
});
