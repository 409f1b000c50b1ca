// What is to be pasted for huge pages is tried: the unit read by systemd and its command run, the mount by findmnt, a pod by kubectl,
// elements by libvirt's schema, tunables by the loader of glibc.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { planHugePages } from '../../../src/model/hugepages/plan.ts';
import { readPools } from '../../../src/model/hugepages/pools.ts';
import type { HugePages } from '../../../src/model/hugepages/pools.ts';
import { HUGEPAGES_TOOLS, recommendHugePages } from '../../../src/model/recommend/hugepages/recommend.ts';
import type { HugePagesRecommendation, HugePagesTool } from '../../../src/model/recommend/hugepages/wanted.ts';
import { readTopology } from '../../../src/model/formats/sysfs/topology.ts';
import { assertPod, hasKubectl, readKubernetes } from '../../support/kubernetes.ts';
import { removeFolder, temporaryFolder } from '../../support/processes.ts';
import { syntheticProbe } from '../machines.ts';
import { needsLinux } from '../../support/linux.ts';

const MB2 = 2 * 1024 ** 2;
const GB1 = 1024 ** 3;
const NODE = 'sys/devices/system/node';

/** Three nodes, the last without CPUs; node 0 has 64 pages of 2 MB, node 1 one of 1 GB. */
function host(): HugePages {
  const pool = (node: number, kib: number, pages: number): [string, string][] => [
    [`${NODE}/node${node}/hugepages/hugepages-${kib}kB/nr_hugepages`, String(pages)],
    [`${NODE}/node${node}/hugepages/hugepages-${kib}kB/free_hugepages`, String(pages)],
  ];
  const shape = { packages: 2, coresPerNode: 4, cpulessNodes: 1 };
  const files = new Map([...syntheticProbe(shape), ...pool(0, 2048, 64), ...pool(1, 1024 ** 2, 1)]);
  return readPools(files, readTopology(files, { name: 'paper' }));
}

function made(
  node: number,
  sizeBytes: number,
  pages: number,
  state = host(),
): Map<HugePagesTool, HugePagesRecommendation> {
  const plan = planHugePages(state, { node, sizeBytes, pages });
  return new Map(recommendHugePages(state, plan).map((one) => [one.tool, one]));
}
const textOf = (tool: HugePagesTool, node = 1, sizeBytes = MB2, pages = 20_480): string =>
  made(node, sizeBytes, pages).get(tool)?.text ?? assert.fail(tool);

const there = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;

function inFolder(work: (folder: string) => void): void {
  const folder = temporaryFolder('paste');
  try {
    work(folder);
  } finally {
    removeFolder(folder);
  }
}

test('one a tool, with this host’s numbers; what the kernel’s own setting cannot do is said', () => {
  const all = made(1, MB2, 20_480);
  assert.deepEqual([...all.keys()], HUGEPAGES_TOOLS);
  assert.match(all.get('systemd')?.note ?? '', /sysctl vm\.nr_hugepages does not do it: it cannot name a node/);
  assert.match(textOf('systemd'), /node1\/hugepages\/hugepages-2048kB\/nr_hugepages; n=20480;/);
  assert.equal(textOf('kernel'), 'hugepagesz=2M hugepages=0:64,1:20480 hugepagesz=1G hugepages=1:1');
  assert.equal(textOf('kernel', 0, MB2, 100), 'hugepagesz=2M hugepages=0:100 hugepagesz=1G hugepages=1:1');
  assert.match(textOf('malloc'), /^GLIBC_TUNABLES=glibc\.malloc\.hugetlb=2097152 numactl --membind=1 /);
  // A node without CPUs gives its memory to guests on any CPU.
  assert.doesNotMatch(textOf('libvirt', 2), /cpuset=/);
  assert.match(textOf('libvirt', 2), /<memory mode='strict' nodeset='2'\/>/);
});

test('a host without nodes: the machine’s own pool, and no node is named', () => {
  const bare = new Map(
    [...syntheticProbe({ packages: 1, coresPerNode: 4 })].filter(([path]) => !path.startsWith(NODE)),
  );
  const pool = 'sys/kernel/mm/hugepages/hugepages-2048kB';
  const files = new Map([...bare, [`${pool}/nr_hugepages`, '0'], [`${pool}/free_hugepages`, '0']]);
  const state = readPools(files, readTopology(files, { name: 'bare' }));
  for (const { tool, text } of made(0, MB2, 8, state).values())
    assert.doesNotMatch(text, /node0|membind|nodeset='0'\/>\n *<memnode|hugepages=0:/, tool);
  assert.match(made(0, MB2, 8, state).get('kernel')?.text ?? '', /^hugepagesz=2M hugepages=8$/);
});

test('systemd takes the unit without a word', { skip: !there('systemd-analyze') && 'needs systemd-analyze' }, () => {
  inFolder((folder) => {
    const text = textOf('systemd');
    const name = /^# \/etc\/systemd\/system\/(\S+)$/m.exec(text)?.[1] ?? assert.fail(text);
    const unit = join(folder, name);
    const verify = (content: string): string => {
      writeFileSync(unit, content);
      const { stderr } = spawnSync('systemd-analyze', ['--recursive-errors=no', '--man=no', 'verify', unit], {
        encoding: 'utf8',
      });
      return stderr
        .split('\n')
        .filter((line) => line.includes(name))
        .join('\n');
    };
    assert.equal(verify(text), '');
    // It does read the unit, and would complain.
    assert.notEqual(verify(text.replace('Type=oneshot', 'Type=often')), '');
  });
});

test('the unit’s command reserves, reads back, and fails where fewer are there', { skip: needsLinux }, () => {
  inFolder((folder) => {
    const [, line = ''] = /^ExecStart=\/bin\/sh -c '(.*)'$/m.exec(textOf('systemd')) ?? [];
    const [pool, compact] = [join(folder, 'nr_hugepages'), join(folder, 'compact')];
    // As systemd hands it to the shell, on files of this folder, without the waits.
    const script = line
      .replaceAll('$$', '$')
      .replace(/f=\S+;/, `f=${pool};`)
      .replace(/\/sys\/\S+\/compact/, compact)
      .replace('sleep 1', ':');
    assert.ok(script.includes(pool) && script.includes(compact), script);
    assert.equal(spawnSync('sh', ['-c', script]).status, 0);
    assert.equal(readFileSync(pool, 'utf8'), '20480\n');
    const kernel = script.replace('got=$(cat $f)', 'got=7');
    const { status, stderr } = spawnSync('sh', ['-c', kernel], { encoding: 'utf8' });
    assert.deepEqual([status, stderr], [1, '7 of 20480 huge pages on NUMA node 1\n']);
    assert.equal(readFileSync(compact, 'utf8'), '1\n');
  });
});

test('findmnt takes the line of fstab', { skip: !there('findmnt') && 'needs findmnt' }, () => {
  inFolder((folder) => {
    const file = join(folder, 'fstab');
    const verify = (text: string): { status: number | null; stdout: string } => {
      writeFileSync(file, `${text}\n`);
      return spawnSync('findmnt', ['--verify', '--verbose', '--tab-file', file], { encoding: 'utf8' });
    };
    for (const size of [MB2, GB1]) {
      // The folder is made when it is mounted (x-mount.mkdir), which findmnt does not know before util-linux 2.39.
      const { status, stdout } = verify(textOf('fstab', 1, size, 40).replace(/\/dev\/\S+/, folder));
      assert.equal(status, 0, stdout);
      assert.match(stdout, /pagesize=/);
    }
    // It does read the line, and would complain.
    assert.notEqual(verify('hugetlbfs').status, 0);
  });
});

test('Kubernetes: fields that kubelet and pod have, reservations that add up, and a pod whose requests are its limits', () => {
  for (const [size, name, pages, amount] of [
    [MB2, '2Mi', 20_480, '40Gi'],
    [GB1, '1Gi', 3, '3Gi'],
    [MB2, '2Mi', 3, '6Mi'],
  ] as const) {
    const { kubelet, pod } = readKubernetes(textOf('kubernetes', 1, size, pages));
    const mib = (text: string | undefined): number => Number(/^(\d+)Mi$/.exec(text ?? '')?.[1]);
    const sum =
      mib(kubelet.kubeReserved?.['memory']) +
      mib(kubelet.systemReserved?.['memory']) +
      mib(kubelet.evictionHard?.['memory.available']);
    assert.deepEqual(kubelet.reservedMemory, [{ numaNode: 0, limits: { memory: `${sum}Mi` } }]);
    const { requests, limits } = pod.spec.containers[0]?.resources ?? assert.fail();
    assert.deepEqual(requests, limits);
    assert.equal(limits[`hugepages-${name}`], amount);
    assert.equal(pod.spec.volumes?.[0]?.emptyDir.medium, `HugePages-${name}`);
  }
});

test('kubectl does read the pod, and would complain', { skip: !hasKubectl() && 'needs kubectl' }, () => {
  const { pod } = readKubernetes(textOf('kubernetes'));
  const text = JSON.stringify(pod);
  for (const wrong of [text.replace('"medium"', '"media"'), text.replaceAll('"40Gi"', '"40 GB"')])
    assert.throws(() => assertPod(JSON.parse(wrong)));
  // A kubelet's configuration is read strictly.
  assert.throws(() => readKubernetes(textOf('kubernetes').replace('reservedMemory:', 'memoryReserved:')));
});

const DOMAIN = '/usr/share/libvirt/schemas/domain.rng';

test(
  'libvirt’s schema takes the elements',
  { skip: (!there('xmllint') || !existsSync(DOMAIN)) && 'needs xmllint and libvirt’s schema' },
  () => {
    inFolder((folder) => {
      const file = join(folder, 'domain.xml');
      const check = (text: string): { status: number | null; stderr: string } => {
        writeFileSync(file, `<domain type='kvm'><name>a</name><os><type>hvm</type></os>${text}</domain>`);
        return spawnSync('xmllint', ['--noout', '--relaxng', DOMAIN, file], { encoding: 'utf8' });
      };
      for (const text of [textOf('libvirt'), textOf('libvirt', 2), textOf('libvirt', 0, GB1, 2)]) {
        const { status, stderr } = check(text);
        assert.equal(status, 0, stderr);
        // It does read these elements, and would complain.
        assert.notEqual(check(text.replace("<page size='", "<page length='")).status, 0);
      }
    });
  },
);

const LOADER = '/lib64/ld-linux-x86-64.so.2';

test('the loader of glibc knows the tunable', { skip: existsSync(LOADER) ? false : `needs ${LOADER}` }, () => {
  for (const [, value = ''] of textOf('malloc').matchAll(/glibc\.malloc\.hugetlb=(\d+)/g)) {
    const env = { ...process.env, GLIBC_TUNABLES: `glibc.malloc.hugetlb=${value}` };
    const { stdout } = spawnSync(LOADER, ['--list-tunables'], { encoding: 'utf8', env });
    assert.match(stdout, new RegExp(`glibc\\.malloc\\.hugetlb: 0x0*${Number(value).toString(16)} `));
  }
});
