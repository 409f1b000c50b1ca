// What makes a plan so is taken by what reads it: libvirt's schema, kubectl, the kubelet's fields, systemd, a shell, YAML. More in readers.test.ts.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { parse as load } from 'yaml';
import { checkDomain, checkShell, checkUnits } from '../../support/consumers.ts';
import { assertPod, hasKubectl, readPods } from '../../support/kubernetes.ts';
import { ROOT } from '../../support/markdown.ts';
import { exported, MIXED_PLAN, textOf } from './exporting.ts';

const FOUR_VMS = exported(readFileSync(join(ROOT, 'docs/examples/four-vms.plan.yaml'), 'utf8'));
const MIXED = exported(MIXED_PLAN);

test('every virtual machine of the example becomes a domain that libvirt takes, with a vCPU for each thread', () => {
  const text = textOf(FOUR_VMS, 'libvirt/slm-heavy.xml');
  checkDomain(text);
  const pins = [...text.matchAll(/<vcpupin vcpu='(\d+)' cpuset='(\d+)'\/>/g)].map(([, , cpu]) => Number(cpu));
  assert.equal(pins.length, 32);
  // Guest threads of a core are those of a core of the host.
  for (let vcpu = 0; vcpu < pins.length; vcpu += 2) assert.equal((pins[vcpu] ?? 0) + 36, pins[vcpu + 1]);
  assert.match(text, /<memory mode='strict' nodeset='0'\/>/);
  assert.match(text, /<topology sockets='1' cores='16' threads='2'\/>/);
  assert.match(text, /<emulatorpin cpuset='[\d,-]+'\/>/);
  const emulator = /<emulatorpin cpuset='([^']+)'/.exec(text)?.[1] ?? '';
  assert.ok(!pins.some((cpu) => emulator.split(',').includes(String(cpu))));
  for (const name of ['data', 'slm', 'tasks']) checkDomain(textOf(FOUR_VMS, `libvirt/${name}.xml`));
});

test('a guest of two nodes has two, with pages, and its I/O threads where they are planned', () => {
  const text = textOf(MIXED, 'libvirt/wide-vm.xml');
  checkDomain(text);
  assert.match(text, /<cell id='0' cpus='0-7' memory='32768' unit='MiB'\/>\s*<cell id='1' cpus='8-15'/);
  assert.match(text, /<memnode cellid='1' mode='strict' nodeset='1'\/>/);
  assert.match(text, /<page size='1' unit='GiB'\/>/);
  assert.match(text, /<iothreadpin iothread='2' cpuset='17,53'\/>/);
});

test('kubelets, their taints and pods are taken by Kubernetes, and ask for counts', () => {
  const kubelet = readPods(textOf(FOUR_VMS, 'kubernetes/data.kubelet.yaml')).kubelet;
  assert.deepEqual(kubelet.registerWithTaints, [{ key: 'workload', value: 'data', effect: 'NoSchedule' }]);
  assert.equal(kubelet.reservedSystemCPUs, '0-1');
  const host = readPods(textOf(MIXED, 'kubernetes/host.kubelet.yaml')).kubelet;
  assert.equal(host.topologyManagerPolicy, 'single-numa-node');
  assert.deepEqual(
    host.reservedMemory?.map(({ numaNode }) => numaNode),
    [0, 1],
  );
  const pods = [...FOUR_VMS.values(), ...MIXED.values()].filter(({ path }) => path.endsWith('.pod.yaml'));
  assert.equal(pods.length, 6);
  for (const { text } of pods) {
    const pod: unknown = load(text);
    if (hasKubectl()) assertPod(pod);
  }
  const { spec } = load(textOf(MIXED, 'kubernetes/search.pod.yaml')) as {
    spec: { containers: { resources: { limits: Record<string, string> } }[] };
  };
  assert.deepEqual(spec.containers[0]?.resources.limits, { cpu: '8', memory: '12Gi', 'hugepages-2Mi': '8Gi' });
  assert.match(MIXED.get('kubernetes/search.pod.yaml')?.note ?? '', /asks for 8 CPUs, not for CPUs/);
});

/** Of `k3s agent`'s configuration file, those that are written here: https://docs.k3s.io/cli/agent has them; no package has a parser of it. */
const K3S_KEYS = ['node-name', 'node-taint', 'kubelet-arg'];

test('the agent of k3s gets the same as arguments', () => {
  const k3s = load(textOf(FOUR_VMS, 'kubernetes/slm.k3s.yaml')) as Record<string, string[]>;
  assert.deepEqual(k3s['node-taint'], ['workload=slm:NoSchedule']);
  assert.ok(k3s['kubelet-arg']?.includes('topology-manager-policy=single-numa-node'));
  assert.deepEqual(
    Object.keys(k3s).filter((key) => !K3S_KEYS.includes(key)),
    [],
  );
  const args = new Map(k3s['kubelet-arg']?.map((word) => [word.split('=', 1)[0] ?? '', word.replace(/^[^=]+=/, '')]));
  const { kubelet } = readPods(textOf(FOUR_VMS, 'kubernetes/slm.kubelet.yaml'));
  const memory = kubelet.reservedMemory?.map(({ numaNode, limits }) => `${numaNode}:memory=${limits['memory']}`);
  assert.deepEqual(Object.fromEntries(args), {
    'cpu-manager-policy': kubelet.cpuManagerPolicy,
    'cpu-manager-policy-options': 'full-pcpus-only=true',
    'memory-manager-policy': kubelet.memoryManagerPolicy,
    'topology-manager-policy': kubelet.topologyManagerPolicy,
    'topology-manager-scope': kubelet.topologyManagerScope,
    'reserved-cpus': kubelet.reservedSystemCPUs,
    'system-reserved': `memory=${kubelet.systemReserved?.['memory']}`,
    // k3s has other shares of the disks than the kubelet, and a list of its own replaces them all.
    'eviction-hard': 'memory.available<100Mi,nodefs.available<5%,imagefs.available<5%',
    'reserved-memory': memory?.join(';'),
  });
});

test('a kubelet starts with what it is given: memory adds up, and no threshold of the disks is set to nothing', () => {
  const mib = (amount: string | undefined): number => Number(/^(\d+)Mi$/.exec(amount ?? '')?.[1] ?? NaN);
  const small = exported(`schema: numa-pinboard/plan/1
reserve: [{ node: 0, cores: 1, memory: 50MB }]
blocks: [{ name: box, kind: container, node: 1, cores: 2 }]
`);
  const kubelets = [...FOUR_VMS.values(), ...MIXED.values(), ...small.values()].filter(({ path }) =>
    path.endsWith('.kubelet.yaml'),
  );
  assert.equal(kubelets.length, 6);
  for (const { text } of kubelets) {
    const { kubelet } = readPods(text);
    const reserved = kubelet.reservedMemory?.reduce((sum, { limits }) => sum + mib(limits['memory']), 0);
    const eviction = kubelet.evictionHard ?? {};
    assert.equal(reserved, mib(kubelet.systemReserved?.['memory']) + mib(eviction['memory.available']), text);
    for (const signal of ['nodefs.available', 'nodefs.inodesFree', 'imagefs.available', 'imagefs.inodesFree'])
      assert.match(eviction[signal] ?? '', /^[1-9]\d?%$/, signal);
  }
});

test('slices and drop-ins are taken by systemd', () => {
  const units = [...MIXED.values()].filter(({ path }) => path.startsWith('systemd/'));
  assert.deepEqual(units.map(({ path }) => path.replace('systemd/', '')).toSorted(), [
    'db-main.service.d/placement.conf',
    'db_main.slice',
    'init.scope.d/placement.conf',
    'logs.service.d/placement.conf',
    'logs.slice',
    'system.slice.d/placement.conf',
    'user.slice.d/placement.conf',
  ]);
  checkUnits(units.map(({ path, text }) => ({ path: path.replace('systemd/', ''), text })));
  assert.match(textOf(MIXED, 'systemd/logs.service.d/placement.conf'), /NUMAPolicy=interleave\nNUMAMask=0-1/);
});

test('containers start in a shell; Slurm gets its own numbers; pages are reserved where they are planned', () => {
  checkShell(textOf(MIXED, 'containers/run.sh'));
  assert.match(textOf(MIXED, 'containers/run.sh'), /--cpuset-mems=0 --memory=20480m/);
  // Cores 0 and 18 stay for the host, of which Slurm numbers the threads side by side.
  assert.match(
    textOf(MIXED, 'slurm/slurm.conf'),
    /Sockets=2 CoresPerSocket=18 ThreadsPerCore=2 .*CpuSpecList=[\d,-]+ MemSpecLimit=8192/,
  );
  const cloud = load(textOf(MIXED, 'cloud-init/user-data.yaml')) as { bootcmd: string[][] };
  assert.deepEqual(
    cloud.bootcmd.map(([, , line]) => line),
    [
      'echo 4096 > /sys/devices/system/node/node0/hugepages/hugepages-2048kB/nr_hugepages',
      'echo 32 > /sys/devices/system/node/node0/hugepages/hugepages-1048576kB/nr_hugepages',
      'echo 32 > /sys/devices/system/node/node1/hugepages/hugepages-1048576kB/nr_hugepages',
    ],
  );
});

test('memory that the plan does not say is left to the person, and is never nothing', () => {
  const files = exported(`schema: numa-pinboard/plan/1
blocks:
  - { name: guest, kind: vm, node: 0, cores: 2, taints: ["a=b:NoSchedule"] }
  - { name: box, kind: container, node: 1, cores: 2 }
`);
  assert.match(textOf(files, 'libvirt/guest.xml'), /<memory unit='MiB'>YOUR_MEMORY</);
  for (const path of ['kubernetes/guest.pod.yaml', 'kubernetes/box.pod.yaml'])
    assert.match(textOf(files, path), /memory: YOUR_MEMORY/);
  for (const { path, text } of files.values()) assert.doesNotMatch(text, /memory='0'|memory: 0Mi/, path);
});

test('the page says of every file what it does not promise, and only what was asked for is there', () => {
  const page = textOf(MIXED, 'README.md');
  for (const { path, note } of MIXED.values())
    if (path !== 'README.md')
      assert.ok(note.length > 20 && page.includes(`](${path})`) && page.includes(`: ${note}`), path);
  assert.deepEqual(
    [
      ...exported('schema: numa-pinboard/plan/1\nblocks:\n  - { name: a, kind: process, cpus: "0-1" }\n', [
        'systemd',
      ]).keys(),
    ],
    ['systemd/a.slice', 'systemd/a.service.d/placement.conf', 'README.md'],
  );
});
