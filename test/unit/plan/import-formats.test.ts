// What each importer reads of its tool's files, and what it says of the rest: nothing is dropped in silence.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { ROOT } from '../../support/markdown.ts';
import { GB, ownMachine, PAPER, planOf } from './machines.ts';
import { importOf } from './importing.ts';
import { DOMAIN, INSPECT, NODE_TOPOLOGY, SCONTROL, UNITS } from './samples.ts';

const MACHINE = ownMachine(planOf(`${PAPER}\nblocks: []`));

test('a domain: pins of vCPUs and helpers, memory by node, pages, PCI devices, and what it also says', () => {
  const { block, said } = importOf({ 'vm.xml': DOMAIN });
  const vm = block('db1');
  assert.deepEqual([vm.cpus, vm.threads, vm.memoryBytes, vm.memoryNodes], ['2-3,38-39', null, 8 * GB, [0, 1]]);
  assert.deepEqual(vm.guest, { sockets: 1, cores: 2, threads: 2, nodes: 2 });
  assert.deepEqual(vm.hugepages, { sizeBytes: 2 ** 21, memoryBytes: 8 * GB });
  assert.deepEqual([vm.iothreads, vm.iothreadCpus, vm.emulatorCpus], [2, '0-1', null]);
  assert.deepEqual(vm.devices, [{ name: '0000:3b:00.1', node: null }]);
  assert.deepEqual([block('emulators-0').cpus, block('emulators-0').serves], ['0,36', ['db1']]);
  assert.match(said, /its balloon leaves it 4096 MB/);
  assert.match(said, /by guest node 6144 MB, 2048 MB/);
  assert.match(said, /not the same for each/);
  assert.match(said, /<cputune> also has <shares> and <cachetune>, of which a plan says nothing/);
  assert.match(said, /<memoryBacking> also has <locked>/);
});

test('units of sizes are read as libvirt reads them, in letters of any case', () => {
  const of = (unit: string, amount: number): number | null =>
    importOf({
      'vm.xml': `<domain><name>a</name><memory unit='${unit}'>${amount}</memory><vcpu>1</vcpu></domain>`,
    }).block('a').memoryBytes;
  assert.deepEqual(
    [of('gib', 2), of('g', 2), of('Bytes', 2 * GB), of('KIB', 2 * 2 ** 20)],
    [2 * GB, 2 * GB, 2 * GB, 2 * GB],
  );
  assert.deepEqual([of('gB', 2), of('parsec', 2)], [2e9, null]);
});

test('vCPUs that are not pinned, or move among more CPUs than they are, get no CPUs', () => {
  const domain = (inner: string): string => `<domain><name>a</name><memory unit='GiB'>1</memory>${inner}</domain>`;
  const free = importOf({ a: domain('<vcpu>4</vcpu>') });
  assert.deepEqual(
    [free.block('a').threads, free.block('a').cpus, free.block('a').memoryPolicy],
    [4, null, 'preferred'],
  );
  assert.match(free.text, /# cpus: unknown, its vCPUs are not pinned\./);
  assert.match(free.text, /# emulatorCpus: unknown/);
  const moving = importOf({ a: domain("<vcpu cpuset='0-17,^3'>4</vcpu>") }, MACHINE);
  assert.deepEqual([moving.block('a').threads, moving.block('a').nodes], [4, [0]]);
  assert.match(moving.said, /4 vCPUs move among 0-2,4-17/);
  const part = importOf({ a: domain("<vcpu>2</vcpu><cputune><vcpupin vcpu='0' cpuset='5'/></cputune>") });
  assert.match(part.said, /unknown, of its vCPUs 1 are not pinned/);
  const crowd = importOf({ a: domain("<vcpu cpuset='0-1'>4</vcpu>") });
  assert.deepEqual([crowd.block('a').cpus, crowd.block('a').threads], ['0-1', 4]);
});

test("a kubelet's state: CPUs and memory by container, by the names of pods where they are given", () => {
  const folder = join(ROOT, 'docs/examples/kubelet');
  const state = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const kept = { cpu: state('cpu_manager_state'), memory: state('memory_manager_state'), config: state('config.yaml') };
  const { block, said, plan } = importOf(kept);
  assert.equal(block('3c0e6a1e-orders/orders').cpus, '1-8,37-44');
  assert.match(said, /go by their UID/);
  assert.equal(plan.blocks.at(-1)?.name, 'host');

  const named = importOf({
    cpu: JSON.stringify({
      policyName: 'static',
      defaultCpuSet: '0,4',
      entries: { u1: { app: '1-2' }, u2: { b: '3' } },
      checksum: 1,
    }),
    memory: JSON.stringify({
      policyName: 'Static',
      machineState: {},
      entries: {
        u1: {
          app: [
            { numaAffinity: [0], type: 'memory', size: GB },
            { numaAffinity: [0], type: 'hugepages-2Mi', size: 2 * GB },
          ],
        },
        u3: { side: [{ numaAffinity: [1], type: 'memory', size: GB }] },
      },
    }),
    pods: JSON.stringify({
      kind: 'List',
      items: [
        {
          kind: 'Pod',
          metadata: { name: 'web', namespace: 'shop', uid: 'u1' },
          spec: { containers: [{ name: 'app' }] },
        },
      ],
    }),
  });
  const web = named.block('shop/web/app');
  assert.deepEqual([web.runsAs, named.block('u2/b').runsAs], ['shop/web', 'u2']);
  assert.deepEqual([web.cpus, web.memoryBytes, web.memoryNodes], ['1-2', 3 * GB, [0]]);
  assert.deepEqual(web.hugepages, { sizeBytes: 2 ** 21, memoryBytes: 2 * GB });
  assert.equal(named.block('u2/b').memoryPolicy, 'preferred');
  assert.match(named.said, /CPUs 0, 4 are shared by all other containers.*its config\.yaml says which/);
  assert.match(named.said, /Memory without CPUs of its own has no block: "u3\/side" \(1024 MB of node 1\)/);
});

test('a NodeResourceTopology: reserve, what pods have, and a machine of counts, in both versions and both spellings', () => {
  for (const text of [NODE_TOPOLOGY, JSON.stringify({ kind: 'NodeResourceTopologyList', items: [v1alpha1] })]) {
    const { plan, block, said } = importOf({ nrt: text });
    assert.deepEqual(plan.host?.synthetic, `numa:2(memory=${64 * GB}) core:36 pu:1`);
    assert.deepEqual(plan.host.distances, [
      [10, 21],
      [21, 10],
    ]);
    assert.deepEqual(plan.reserve, [
      { node: 0, cores: 2, memoryBytes: 4 * GB },
      { node: 1, cores: 0, memoryBytes: 4 * GB },
    ]);
    const pods = block('pods on node-0');
    assert.deepEqual([pods.nodes, pods.threads, pods.memoryBytes], [[0], 10, 20 * GB]);
    assert.equal(plan.blocks.length, 1);
    assert.match(said, /not which CPUs are whose/);
    assert.match(said, /nvidia\.com\/gpu/);
  }
  assert.deepEqual(importOf({ nrt: NODE_TOPOLOGY }, MACHINE).plan.reserve[0], {
    node: 0,
    cores: 1,
    memoryBytes: 4 * GB,
  });
});

const v1alpha1 = {
  apiVersion: 'topology.node.k8s.io/v1alpha1',
  kind: 'NodeResourceTopology',
  metadata: { name: 'worker-1' },
  topologyPolicies: ['SingleNUMANodeContainerLevel'],
  zones: [0, 1].map((id) => ({
    name: `node-${id}`,
    type: 'Node',
    costs: [0, 1].map((to) => ({ name: `node-${to}`, value: id === to ? 10 : 21 })),
    resources: [
      { name: 'cpu', capacity: 36, allocatable: id === 0 ? 34 : 36, available: id === 0 ? 24 : 36 },
      { name: 'memory', capacity: '64Gi', allocatable: '60Gi', available: id === 0 ? '40Gi' : '60Gi' },
      ...(id === 1 ? [{ name: 'nvidia.com/gpu', capacity: 2, allocatable: 2, available: 1 }] : []),
    ],
  })),
};

test('Slurm: a node as text and as JSON, and jobs on it, in the numbers of the kernel', () => {
  const { block, plan, said } = importOf({ node: SCONTROL }, MACHINE);
  assert.equal(block('host').cpus, '0,36');
  const job = block('job 77 train model');
  assert.deepEqual([job.cpus, job.memoryBytes, job.kind], ['1-4,37-40', 16 * GB, 'process']);
  assert.equal(plan.blocks.length, 2);
  assert.match(said, /Job "77" has CPUs of other nodes/);
  assert.match(said, /Job "78": which CPUs it has is not told/);
  assert.match(said, /devices \(gpu:a100:2\)/);
  const json = JSON.stringify({
    meta: { slurm: {} },
    nodes: [
      {
        name: 'n1',
        sockets: 2,
        cores: 18,
        threads: 2,
        real_memory: 258048,
        specialized_cpus: '0-1',
        specialized_memory: 1024,
        alloc_cpus: 8,
        alloc_memory: 1024,
      },
    ],
  });
  const answer = importOf({ json });
  assert.equal(answer.plan.host?.synthetic, 'pack:2 [numa(memory=129024MiB)] core:18 pu:2');
  assert.equal(answer.block('host').cpus, '0-1');
  assert.match(answer.said, /Jobs have 8 CPUs and 1 GB of it/);
});

test('units: what systemctl prints, drop-ins that add and take back, slices around, and what has no place', () => {
  const { block, plan, said } = importOf(UNITS);
  assert.deepEqual(
    plan.blocks.map(({ name }) => name),
    ['db', 'batch', 'web', 'host'],
  );
  assert.deepEqual([block('db').cpus, block('db').memoryBytes, block('db').memoryPolicy], ['4-7', 8 * GB, 'strict']);
  assert.deepEqual([block('db').memoryNodes, block('db').kind, block('db').runsAs], [[0], 'process', 'db.service']);
  // Two services share the slice, and it is the block.
  assert.deepEqual([block('batch').cpus, block('batch').kind], ['10-13', 'pool']);
  assert.deepEqual([block('web').cpus, block('web').memoryPolicy], ['20', 'preferred']);
  assert.equal(block('host').cpus, '0-1');
  assert.match(said, /"a\.service" shares the CPUs of "batch\.slice"/);
  assert.match(said, /"idle\.service" sets no CPUs/);
  assert.match(said, /Also sets MemoryHigh and CPUQuota/);
  assert.match(said, /50% of the host's memory/);
});

test('containers: those with CPUs, those with time alone, and those with neither', () => {
  const { block, plan, said } = importOf({ docker: INSPECT });
  assert.deepEqual(
    plan.blocks.map(({ name }) => name),
    ['db', 'web', 'job'],
  );
  assert.deepEqual([block('db').cpus, block('db').memoryNodes, block('db').memoryBytes], ['0-3', [0], 2 * GB]);
  assert.deepEqual([block('web').cpus, block('web').threads, block('web').memoryPolicy], [null, 2, 'preferred']);
  assert.match(said, /NanoCpus limits its time, not its place/);
  assert.match(said, /It does not run now/);
  assert.match(said, /No CPU set, so no blocks: "\/any"/);
  const runs = importOf({
    sh: '#!/bin/sh\ndocker run -d --name "my db" \\\n  --cpuset-cpus 0-1 -m 1g img\n/usr/bin/env true\n',
  });
  assert.deepEqual([runs.block('my db').cpus, runs.block('my db').memoryBytes], ['0-1', GB]);
});
