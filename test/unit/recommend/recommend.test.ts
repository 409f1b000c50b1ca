// What is to be pasted is tried: lines run by a real shell, the drop-in read by systemd, places by OpenMP, elements by libvirt's
// schema, arguments as numactl takes them; and what Kubernetes cannot say is said.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import fc from 'fast-check';
import { parseCpuList } from '../../../src/model/text/cpulist.ts';
import { readTopology } from '../../../src/model/formats/sysfs/topology.ts';
import type { Recommendation } from '../../../src/model/recommend/tools/placed.ts';
import type { ToPaste } from '../../../src/model/placement/to-paste.ts';
import { placedIn, recommend } from '../../../src/model/recommend/recommend.ts';
import { recommendLines } from '../../../src/model/recommend/text.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { readKubernetes } from '../../support/kubernetes.ts';
import { removeFolder, temporaryFolder } from '../../support/processes.ts';
import { guidedRun } from '../bench/guide/guided.ts';
import { syntheticProbe } from '../machines.ts';
import { emulated, machine, oneNode, runOf, spscCase, twoSockets } from '../topologies.ts';
import { needsLinux } from '../../support/linux.ts';
import { varied } from '../../support/long.ts';

const pair = (producer: string, consumer: string, more: Partial<ToPaste> = {}): ToPaste => ({
  threads: [
    { name: 'producer', cpus: producer },
    { name: 'consumer', cpus: consumer },
  ],
  memory: 0,
  command: null,
  ...more,
});

function one(tool: Recommendation['tool'], topology: Topology, placed: ToPaste): Recommendation {
  return recommend(topology, placed).find((made) => made.tool === tool) ?? assert.fail(tool);
}

const there = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;

test('this host’s numbers stand in every form', () => {
  const topology = twoSockets();
  const placed = pair('1', '5', { memory: 1 });
  const text = (tool: Recommendation['tool']): string => one(tool, topology, placed).text;
  assert.match(text('taskset'), /^taskset --cpu-list 1,5 \.\/your-program$/m);
  assert.match(text('taskset'), /^# taskset --cpu-list --pid 5 CONSUMER_TID$/m);
  assert.match(text('numactl'), /^numactl --physcpubind=1,5 --membind=1 \.\/your-program$/m);
  assert.match(text('numactl'), /^# numactl --physcpubind=1,5 --preferred=1 /m);
  assert.match(text('systemd'), /^\[Service\]\nCPUAffinity=1 5\nNUMAPolicy=bind\nNUMAMask=1$/m);
  assert.match(text('docker'), /^docker run --cpuset-cpus=1,5 --cpuset-mems=1 YOUR_IMAGE$/);
});

test('Kubernetes: whole CPUs, a reservation away from them, and what it cannot say', () => {
  const near = one('kubernetes', twoSockets(), pair('1', '2'));
  assert.equal(readKubernetes(near.text).kubelet.cpuManagerPolicy, 'static');
  assert.match(near.text, /^cpuManagerPolicy: static$/m);
  assert.match(near.text, /^topologyManagerPolicy: single-numa-node$/m);
  assert.match(near.text, /^ {2}full-pcpus-only: "true"$/m);
  assert.match(near.text, /^reservedSystemCPUs: "0,8"$/m);
  assert.match(near.text, /requests: \{ cpu: "2", memory: 1Gi \}\n {6}limits: \{ cpu: "2", memory: 1Gi \}/);
  assert.match(near.note ?? '', /does not accept CPU numbers: it may pick CPUs other than 1-2/);
  const far = one('kubernetes', twoSockets(), pair('0', '4'));
  assert.match(far.text, /^topologyManagerPolicy: best-effort$/m);
  assert.match(far.text, /^reservedSystemCPUs: "1,9"$/m);
  assert.match(far.note ?? '', /No field asks for CPUs of nodes 0-1 at once/);
  assert.match(one('kubernetes', oneNode(), pair('0', '1')).text, /# reservedSystemCPUs: this host has no CPU left/);
  const many = machine({ packages: 3, nodesPerPackage: 3, coresPerNode: 2 });
  assert.match(one('kubernetes', many, pair('0', '1')).note ?? '', /max-allowable-numa-nodes/);
});

test('without a node nothing is said of memory', () => {
  for (const tool of ['numactl', 'systemd', 'docker'] as const) {
    const { text } = one(tool, twoSockets(), pair('1', '2', { memory: null }));
    assert.doesNotMatch(text, /mem|NUMA(Policy|Mask)/);
  }
});

test('the placement of a run: what was placed, the near pair of a guided run, the pins of a program, none when not pinned', () => {
  const topology = twoSockets();
  const plain = placedIn(topology, runOf({ figures: [[1], [2]] }));
  assert.deepEqual(plain, pair('0', '4'));
  const consumers = runOf({ cases: [spscCase(0, 4, { memory: 'consumer' })], figures: [[1]] });
  assert.equal(placedIn(topology, consumers)?.memory, 1);
  assert.equal(placedIn(topology, runOf({ cases: [spscCase(0, 4, { pin: false })], figures: [[1]] })), null);
  const guided = guidedRun(topology, { figure: ({ latency }) => (latency ? 300 : 5e7) });
  const near = placedIn(topology, guided);
  assert.deepEqual(
    near?.threads.map(({ cpus }) => cpus),
    ['1', '2'],
  );
  const [result] = guided.results;
  assert.ok(result);
  const program = {
    kind: 'program' as const,
    command: ['./server', '--name', "it's"],
    pins: [{ name: 'server', cpus: '0-3', node: 1 }],
  };
  const placed = placedIn(topology, { results: [{ ...result, placement: program }], comparison: null });
  assert.ok(placed);
  assert.match(
    one('numactl', topology, placed).text,
    /^numactl --physcpubind=0-3 --membind=1 \.\/server --name 'it'\\''s'$/m,
  );
  assert.match(one('kubernetes', topology, placed).text, /^ {4}command: \["\.\/server","--name","it's"\]$/m);
});

test('what a host does not show, or a cpuset leaves out, is named to no tool, and the note says why', () => {
  const bare = readTopology(
    new Map([...syntheticProbe({ packages: 1, coresPerNode: 8 })].filter(([path]) => !path.includes('/system/node'))),
  );
  const outside = twoSockets({ allowedNodes: '1' });
  for (const [topology, why] of [
    [bare, /shows no NUMA nodes/],
    [outside, /Node 0 is outside the cpuset/],
  ] as const) {
    for (const { tool, text, note } of recommend(topology, pair('4', '5'))) {
      assert.doesNotMatch(text, /mem(bind|s=|ory mode)|socket-mem|mem-bind|NUMA(Policy|Mask)/, tool);
      if (tool !== 'taskset') assert.match(note ?? '', why, tool);
    }
  }
  // The kernel's own choice is an allowed node: that one is named.
  const run = runOf({ topology: outside, cases: [spscCase(0, 1, { memory: 'producer' })], figures: [[1]] });
  assert.equal(placedIn(outside, run)?.memory, 1);
  assert.match(one('numactl', outside, pair('0', '1', { memory: 1 })).text, /--membind=1 /);
  const first = runOf({ topology: bare, cases: [spscCase(4, 5, { memory: 'producer' })], figures: [[1]] });
  assert.equal(placedIn(bare, first)?.memory, null);
});

test('of nodes that share their CPUs none is bound to unasked: the memory of the others would be left unused', () => {
  const shape = { packages: 1, coresPerNode: 4, cpulessNodes: 3, distances: Array(4).fill([10, 10, 10, 10]) };
  const shared = [0, 1, 2, 3].map((id): [string, string] => [`sys/devices/system/node/node${id}/cpulist`, '0-3']);
  const topology = readTopology(new Map([...syntheticProbe(shape), ...shared]));
  const unasked = runOf({ topology, cases: [spscCase(0, 1, { memory: 'producer' })], figures: [[1]] });
  const placed = placedIn(topology, unasked);
  assert.ok(placed);
  for (const { tool, text, note } of recommend(topology, placed)) {
    assert.doesNotMatch(text, /mem(bind|s=|ory mode)|socket-mem|mem-bind|NUMA(Policy|Mask)/, tool);
    if (tool !== 'taskset') assert.match(note ?? '', /Nodes 0-3 share their CPUs/, tool);
  }
  const asked = runOf({ topology, cases: [spscCase(0, 1, { memory: 2 })], figures: [[1]] });
  assert.equal(placedIn(topology, asked)?.memory, 2);
});

test('isolated CPUs: what the scheduler does not do for them is said, and the system is not put there', () => {
  const plain = twoSockets();
  const topology: Topology = { ...plain, cpus: plain.cpus.map((cpu) => ({ ...cpu, isolated: cpu.id < 4 })) };
  assert.match(one('taskset', topology, pair('1', '2')).note ?? '', /CPUs 1-2 are isolated: nothing runs there unless/);
  assert.doesNotMatch(one('taskset', topology, pair('4', '5')).note ?? '', /isolated/);
  assert.match(one('kubernetes', topology, pair('1', '2')).text, /^reservedSystemCPUs: "4,12"$/m);
});

test('libvirt: a vCPU for each CPU, the emulator away from them, memory on the node', () => {
  const { text, note } = one('libvirt', twoSockets(), pair('1', '5', { memory: 1 }));
  assert.match(text, /^<vcpu placement='static' cpuset='1,5'>2<\/vcpu>$/m);
  assert.match(
    text,
    /<vcpupin vcpu='0' cpuset='1'\/>\n {2}<vcpupin vcpu='1' cpuset='5'\/>\n {2}<emulatorpin cpuset='0,8'\/>/,
  );
  assert.match(text, /^ {2}<memory mode='strict' nodeset='1'\/>$/m);
  assert.match(note ?? '', /emulator’s own threads stay on CPUs 0,8/);
});

test('DPDK, Slurm and OpenMP: each by its own way to say CPUs and nodes', () => {
  const topology = twoSockets();
  const text = (tool: Recommendation['tool'], placed: ToPaste): string => one(tool, topology, placed).text;
  const placed = pair('5', '1', { memory: 1 });
  assert.equal(text('dpdk', placed), './your-dpdk-app -l 1,5 --main-lcore=5 --socket-mem=0,1024 --');
  const own = pair('1', '2', { command: ['./l3fwd', '-p', '3'] });
  assert.equal(text('dpdk', own), './l3fwd -l 1-2 --main-lcore=1 --socket-mem=1024 -- -p 3');
  const [task = '', , tasks = ''] = text('slurm', placed).split('\n');
  assert.match(task, /--ntasks=1 --cpus-per-task=2 --cpu-bind=mask_cpu:0x22 --mem-bind=map_mem:1 \.\/your-program$/);
  assert.match(tasks, /^# srun .*--ntasks=2 --cpu-bind=map_cpu:1,5 --mem-bind=map_mem:1,1 \.\/your-program$/);
  assert.match(
    text('openmp', placed),
    /^OMP_NUM_THREADS=2 OMP_PLACES='\{1\},\{5\}' OMP_PROC_BIND=close numactl --membind=1 /,
  );
  const row = { ...placed, threads: [{ name: 'all', cpus: '0-3,6' }] };
  assert.match(text('openmp', row), /OMP_NUM_THREADS=5 OMP_PLACES='\{0\}:4,\{6\}'/);
  // CPUs that are beyond the lcores of a usual build.
  const large = machine({ packages: 2, coresPerNode: 96 });
  assert.match(one('dpdk', large, pair('130', '2')).text, /--lcores=0@2,1@130 --main-lcore=1 /);
});

test('OpenMP’s own library takes the places', { skip: needsLinux || (!there('gcc') && 'needs gcc') }, () => {
  const folder = temporaryFolder('openmp');
  try {
    const [source, program] = [join(folder, 'a.c'), join(folder, 'a')];
    writeFileSync(
      source,
      '#include <omp.h>\n#include <stdio.h>\nint main(void) {\n#pragma omp parallel\n  printf("thread %d place %d\\n", omp_get_thread_num(), omp_get_place_num());\n}\n',
    );
    const built = spawnSync('gcc', ['-fopenmp', '-o', program, source], { encoding: 'utf8' });
    assert.equal(built.status, 0, built.stderr);
    const status = readFileSync('/proc/self/status', 'utf8');
    const own = parseCpuList(/Cpus_allowed_list:\s*(\S+)/.exec(status)?.[1] ?? '0').slice(0, 4);
    const placed = { threads: [{ name: 'all', cpus: own.join(',') }], memory: null, command: [program] };
    const told = spawnSync('sh', ['-c', one('openmp', twoSockets(), placed).text], {
      encoding: 'utf8',
      env: { ...process.env, OMP_DISPLAY_ENV: 'true' },
    });
    assert.equal(told.status, 0, told.stderr);
    const understood = /OMP_PLACES = '(.*)'/.exec(told.stderr)?.[1] ?? assert.fail(told.stderr);
    const cpus = understood.split(/,(?=\{)/).flatMap((place) => {
      const [, cpu = '', count = '1'] = /^\{(\d+)\}(?::(\d+))?/.exec(place) ?? [];
      return Array.from({ length: Number(count) }, (_, at) => Number(cpu) + at);
    });
    assert.deepEqual(cpus, own, understood);
    assert.match(told.stderr, /OMP_PROC_BIND = 'CLOSE'/);
    for (const at of own.keys()) assert.match(told.stdout, new RegExp(`thread ${at} place ${at}\\n`));
  } finally {
    removeFolder(folder);
  }
});

const DOMAIN = '/usr/share/libvirt/schemas/domain.rng';

test(
  'libvirt’s schema takes the elements',
  { skip: (!there('xmllint') || !existsSync(DOMAIN)) && 'needs xmllint and libvirt’s schema' },
  () => {
    const folder = temporaryFolder('libvirt');
    try {
      const file = join(folder, 'domain.xml');
      const check = (text: string): { status: number | null; stderr: string } => {
        const around = `<name>a</name><memory unit='GiB'>1</memory><os><type>hvm</type></os>`;
        writeFileSync(file, `<domain type='kvm'>${around}${text}</domain>`);
        return spawnSync('xmllint', ['--noout', '--relaxng', DOMAIN, file], { encoding: 'utf8' });
      };
      for (const placed of [pair('1-3', '8', { memory: 1 }), pair('0', '1', { memory: null })]) {
        const { text } = one('libvirt', twoSockets(), placed);
        const { status, stderr } = check(text);
        assert.equal(status, 0, stderr);
        // It does read these elements, and would complain.
        assert.notEqual(check(text.replace('vcpupin vcpu=', 'vcpupin cpu=')).status, 0);
      }
    } finally {
      removeFolder(folder);
    }
  },
);

test('the terminal’s block says of an emulated host what its figures cannot carry', () => {
  const figure = ({ latency }: { latency: boolean }): number => (latency ? 300 : 5e7);
  assert.ok(recommendLines(guidedRun(twoSockets(), { figure })).includes('Ready to paste'));
  const lines = recommendLines(guidedRun(emulated(twoSockets()), { figure })).join('\n');
  assert.match(lines, /figures from an emulated host cannot tell/);
});

test('whatever the command holds, a shell gets it word by word, and YAML on one line', { skip: needsLinux }, () => {
  const word = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom("'", '$(touch /tmp/x)', '`x`', '"; :', '-rf', ''),
  );
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
      const placed = pair('0', '1', { memory: null, command: ['printf', '[%s]', ...words] });
      const [line = ''] = one('taskset', oneNode(), placed).text.split('\n');
      const told = spawnSync('sh', ['-c', line.replace(/^taskset --cpu-list \S+ /, '')], { encoding: 'utf8' });
      const shown = /\[.*\]/s.exec(told.stdout)?.[0] ?? '';
      const safe = JSON.parse(/command: (.*)$/m.exec(one('kubernetes', oneNode(), placed).text)?.[1] ?? '') as string[];
      assert.equal(
        shown,
        safe
          .slice(2)
          .map((each) => `[${each}]`)
          .join(''),
      );
    }),
    { numRuns: varied(20, 60) },
  );
});

test(
  'lines of taskset and numactl run, and hold',
  { skip: (!there('taskset') || !there('numactl')) && 'needs taskset and numactl' },
  () => {
    const command = ['grep', '-E', '^(Cpus|Mems)_allowed_list', '/proc/self/status'];
    const own =
      /Cpus_allowed_list:\s*(\S+)/.exec(
        spawnSync('grep', ['Cpus_allowed_list', '/proc/self/status'], { encoding: 'utf8' }).stdout,
      )?.[1] ?? '0';
    const [cpu = 0] = parseCpuList(own);
    const placed = pair(String(cpu), String(cpu), { command });
    for (const tool of ['taskset', 'numactl'] as const) {
      const { text } = one(tool, oneNode(), placed);
      // The variants stand behind a #: they are tried, too.
      const lines = text
        .split('\n')
        .flatMap((line) => (/^(# )?(taskset --cpu-list \d|numactl )/.exec(line) ? [line.replace(/^# /, '')] : []));
      assert.ok(lines.length >= 1, text);
      for (const line of lines) {
        const told = spawnSync('sh', ['-c', line], { encoding: 'utf8' });
        assert.equal(told.status, 0, `${line}\n${told.stderr}`);
        assert.match(told.stdout, new RegExp(`Cpus_allowed_list:\\s*${cpu}\\n`), line);
      }
    }
  },
);

test(
  'a policy stands in numactl’s words, with CPUs or without, and runs',
  { skip: !there('numactl') && 'needs numactl' },
  () => {
    const unpinned: Partial<ToPaste> = { threads: [], memory: null, command: ['true'] };
    const text = (more: Partial<ToPaste>): string =>
      one('numactl', twoSockets(), pair('0', '0', { ...unpinned, ...more })).text;
    assert.equal(text({ policy: 'interleave:0-1' }), 'numactl --interleave=0-1 true');
    assert.equal(
      text({ policy: '0-1', threads: [{ name: 'p', cpus: '0-3' }] }),
      'numactl --physcpubind=0-3 --membind=0-1 true',
    );
    for (const policy of ['0', 'preferred:0', 'interleave:0', 'interleave']) {
      const told = spawnSync('sh', ['-c', text({ policy })], { encoding: 'utf8' });
      assert.equal(told.status, 0, `${text({ policy })}\n${told.stderr}`);
    }
    // A file may hold anything.
    for (const more of [{ policy: 'interleave:0; id' }, { policy: '$(id)' }, { setting: 'A=1\nExecStart=/bin/id' }])
      assert.deepEqual(recommend(twoSockets(), pair('0', '0', { ...unpinned, ...more })), []);
    // A policy that a tool has no word for is left out, not put in other words.
    const weighted = recommend(twoSockets(), pair('0', '0', { ...unpinned, policy: 'weighted-interleave:0-1' }));
    assert.deepEqual(
      weighted.map((made) => made.text),
      ['numactl --weighted-interleave=0-1 true'],
    );
  },
);

test('systemd takes the drop-in without a word', { skip: !there('systemd-analyze') && 'needs systemd-analyze' }, () => {
  const folder = temporaryFolder('unit');
  try {
    const unit = join(folder, 'pinned.service');
    writeFileSync(unit, '[Service]\nExecStart=/bin/true\n');
    mkdirSync(`${unit}.d`);
    const dropIn = join(`${unit}.d`, 'numa.conf');
    const verify = (text: string): string => {
      writeFileSync(dropIn, text);
      return spawnSync('systemd-analyze', ['--recursive-errors=no', '--man=no', 'verify', unit], { encoding: 'utf8' })
        .stderr;
    };
    const { text } = one('systemd', twoSockets(), pair('1-3', '8', { memory: 1 }));
    const about = (told: string): string[] => told.split('\n').filter((line) => line.includes('numa.conf'));
    assert.deepEqual(about(verify(text)), []);
    // It does read the drop-in, and would complain.
    assert.notDeepEqual(about(verify(text.replace('NUMAPolicy=bind', 'NUMAPolicy=nearby'))), []);
    const others: Partial<ToPaste>[] = [
      ...['0-1', 'preferred:1', 'interleave:0-1', 'interleave'].map((policy) => ({ policy })),
      { setting: 'GLIBC_TUNABLES=glibc.malloc.hugetlb=1', threads: [] },
    ];
    for (const more of others) {
      const other = one('systemd', twoSockets(), pair('1-3', '8', { memory: null, ...more })).text;
      assert.deepEqual(about(verify(other)), [], other);
    }
  } finally {
    removeFolder(folder);
  }
});
