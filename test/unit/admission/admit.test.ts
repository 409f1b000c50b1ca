// Whether a pod is admitted, and why not: containers one after the other, or the pod at once.
import assert from 'node:assert/strict';
import test from 'node:test';
import { admit } from '../../../src/model/admission/admit.ts';
import { parseQuantity } from '../../../src/model/admission/quantity.ts';
import { qosOf } from '../../../src/model/admission/pod.ts';
import { formatCpuList } from '../../../src/model/text/cpulist.ts';
import { admittingNode, container, GIB, podOf } from './nodes.ts';

const cpusOf = (given: ReturnType<typeof admit>['given']): string[] => given.map(({ cpus }) => formatCpuList(cpus));

test('a container that fits a node gets whole cores of it, and its memory there', () => {
  const { admitted, given } = admit(
    admittingNode({ memoryGib: 120, reserved: '0,36' }),
    podOf(container('model', 32, 100)),
  );
  assert.ok(admitted);
  assert.deepEqual(cpusOf(given), ['1-16,37-52']);
  assert.deepEqual(
    given.map(({ memory }) => memory),
    [1],
  );
});

test('what no single node has is refused by single-numa-node, and by restricted only where one node could have it', () => {
  const large = podOf(container('model', 40, 10));
  const single = admit(admittingNode(), large);
  assert.deepEqual([single.admitted, single.reason, single.failed], [false, 'TopologyAffinityError', 'model']);
  const restricted = (shared?: string) =>
    admit(
      admittingNode({ ...(shared === undefined ? {} : { shared }), policies: { topologyManager: 'restricted' } }),
      large,
    );
  assert.ok(restricted().admitted, '40 CPUs need both nodes whatever is free');
  const small = podOf(container('model', 20, 10));
  const scattered = '0-8,18-26,36-44,54-62';
  const node = admittingNode({ shared: scattered, policies: { topologyManager: 'restricted' } });
  assert.equal(admit(node, small).reason, 'TopologyAffinityError', '18 are free on each node');
  const loose = admittingNode({ shared: scattered, policies: { topologyManager: 'best-effort' } });
  assert.deepEqual(cpusOf(admit(loose, small).given).join().split(',').length > 1, true);
});

test('memory on one node and CPUs on the other do not come together', () => {
  const node = admittingNode({ memoryGib: 120, shared: '0,18-35,36,54-71', reserved: '0,36' });
  const full = node.memory?.map((one) =>
    one.id === 1 ? { ...one, tables: { memory: { allocatable: 120 * GIB, free: 10 * GIB } } } : one,
  );
  const refused = admit({ ...node, memory: full ?? null }, podOf(container('model', 8, 60)));
  assert.equal(refused.reason, 'TopologyAffinityError');
  const [step] = refused.steps;
  assert.deepEqual(
    step?.hints.map(({ resource, hints }) => [resource, hints?.filter((one) => one.preferred).map((one) => one.nodes)]),
    [
      ['cpu', [2]],
      ['memory', [1]],
    ],
  );
});

test('full-pcpus-only refuses half a core, and cores of which a thread is reserved', () => {
  const options = { fullCores: true, acrossNodes: false, acrossCores: false, bySocket: false, byCache: false };
  const node = (reserved: string) =>
    admittingNode({ cores: 4, reserved, policies: { cpuOptions: options, topologyManager: 'none' } });
  assert.equal(admit(node('0'), podOf(container('odd', 3, 1))).reason, 'SMTAlignmentError');
  const short = admit(node('0'), podOf(container('all', 8, 1)));
  assert.equal(short.reason, 'SMTAlignmentError');
  assert.match(short.why ?? '', /6 CPUs are free of 8/);
  assert.deepEqual(cpusOf(admit(node('0'), podOf(container('most', 6, 1))).given), ['1-3,5-7']);
});

test("containers are admitted one after the other, and the first failure is the pod's", () => {
  const result = admit(
    admittingNode(),
    podOf(container('one', 20, 1), container('two', 20, 1), container('three', 20, 1)),
  );
  assert.deepEqual([result.failed, result.reason], ['three', 'TopologyAffinityError']);
  assert.deepEqual(cpusOf(result.given), ['0-9,36-45', '18-27,54-63']);
});

test('an init container hands its CPUs on; a sidecar keeps them', () => {
  const pod = (kind: 'init' | 'sidecar') => podOf(container('setup', 8, 1, { kind }), container('main', 8, 1));
  assert.deepEqual(cpusOf(admit(admittingNode(), pod('init')).given), ['0-3,36-39', '0-3,36-39']);
  assert.deepEqual(cpusOf(admit(admittingNode(), pod('sidecar')).given), ['0-3,36-39', '4-7,40-43']);
});

test('in the scope of a pod all its containers share a node, or it is refused as a whole', () => {
  const scope = { policies: { scope: 'pod' } as const };
  const fits = admit(admittingNode(scope), podOf(container('one', 16, 1), container('two', 16, 1)));
  assert.deepEqual(cpusOf(fits.given), ['0-7,36-43', '8-15,44-51']);
  const refused = admit(admittingNode(scope), podOf(container('one', 20, 1), container('two', 20, 1)));
  assert.deepEqual([refused.reason, refused.failed], ['TopologyAffinityError', null]);
});

test('a pod that is not Guaranteed, or asks for part of a CPU, runs on the shared CPUs and is admitted', () => {
  const part = container('part', 1.5, 1);
  assert.deepEqual(cpusOf(admit(admittingNode(), podOf(part)).given), ['']);
  const burstable = container('burst', 40, 1, { limits: { cpu: null, memoryBytes: null, hugepages: {}, devices: {} } });
  assert.equal(qosOf(podOf(burstable)), 'Burstable');
  assert.ok(admit(admittingNode(), podOf(burstable)).admitted);
});

test('devices pull a container to their node, or keep it out', () => {
  const gpu = (gpus: number) => {
    const one = container('model', 8, 1);
    return podOf({ ...one, requests: { ...one.requests, devices: { 'nvidia.com/gpu': gpus } } });
  };
  const node = {
    ...admittingNode(),
    devices: {
      'nvidia.com/gpu': [
        { node: 0, free: 0, total: 2 },
        { node: 1, free: 2, total: 2 },
      ],
    },
  };
  assert.deepEqual(cpusOf(admit(node, gpu(2)).given), ['18-21,54-57']);
  assert.equal(admit(node, gpu(3)).reason, 'TopologyAffinityError');
});

test('devices of which nothing is known keep no container out, nor the ones after it', () => {
  const wants = (name: string) => {
    const one = container(name, 2, 1);
    return { ...one, requests: { ...one.requests, devices: { 'example.com/nic': 1 } } };
  };
  assert.ok(admit(admittingNode(), podOf(wants('one'), wants('two'))).admitted);
});

test('memory of a node is given out alone or in a group, never both', () => {
  const policies = { topologyManager: 'restricted' } as const;
  const node = admittingNode({ memoryGib: 100, policies });
  const grouped = node.memory?.map((one) => ({ ...one, assignments: 1, cells: [0, 1] })) ?? null;
  assert.equal(admit({ ...node, memory: grouped }, podOf(container('small', 2, 10))).reason, 'TopologyAffinityError');
  assert.equal(
    admit({ ...node, memory: grouped }, podOf(container('large', 2, 150))).admitted,
    false,
    '2 CPUs need one node',
  );
  const alone = node.memory?.map((one) => ({ ...one, assignments: 1 })) ?? null;
  assert.equal(admit({ ...node, memory: alone }, podOf(container('large', 40, 150))).admitted, false);
});

test('without a topology policy memory may come from more nodes than it needs', () => {
  const node = admittingNode({ memoryGib: 100, policies: { topologyManager: 'none' } });
  const scarce = node.memory?.map((one) => ({
    ...one,
    tables: { memory: { allocatable: 100 * GIB, free: 40 * GIB } },
  }));
  const { admitted, given } = admit({ ...node, memory: scarce ?? null }, podOf(container('wide', 2, 60)));
  assert.ok(admitted);
  assert.deepEqual(
    given.map(({ memory }) => memory),
    [3],
  );
});

test('a pod with resources of its own is left alone by the static managers', () => {
  const whole = container('all', 40, 200);
  const pod = { ...podOf(container('a', 40, 200)), whole };
  const node = admittingNode({ memoryGib: 100 });
  assert.equal(qosOf(pod), 'Guaranteed');
  assert.deepEqual(cpusOf(admit(node, pod).given), ['']);
  assert.equal(admit(node, { ...pod, whole: null }).admitted, false);
});

test('amounts are read as Kubernetes writes them', () => {
  for (const [text, scale, amount] of [
    ['4', 1000, 4000],
    ['500m', 1000, 500],
    ['0.1', 1000, 100],
    ['1.5', 1000, 1500],
    ['100u', 1000, 1],
    ['64Gi', 1, 64 * GIB],
    ['1.5Gi', 1, 1.5 * GIB],
    ['128974848', 1, 128_974_848],
    ['129e6', 1, 129_000_000],
    ['129M', 1, 129_000_000],
    ['123Mi', 1, 123 * 2 ** 20],
    ['1E', 1, null],
    ['', 1, null],
    ['.', 1, null],
    ['-1', 1, null],
    ['4 Gi', 1, null],
    ['4GB', 1, null],
    ['1e99', 1, null],
    ['9'.repeat(40), 1, null],
  ] as const)
    assert.equal(parseQuantity(text, scale), amount, text);
});
