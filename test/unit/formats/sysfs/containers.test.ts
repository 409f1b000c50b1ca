/** Hosts that show little of themselves, or a part that is made up: containers, gVisor, old kernels, recordings with holes. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { coreWords, packageWords } from '../../../../src/model/topology/counts.ts';
import { writeLstopoXml } from '../../../../src/model/formats/lstopo/write.ts';
import { readTopology } from '../../../../src/model/formats/sysfs/topology.ts';
import { topologyTree } from '../../../../src/model/topology/text.ts';
import type { Topology } from '../../../../src/model/topology/topology.ts';
import { topologySvg } from '../../../../src/model/svg/topology-svg.ts';
import { syntheticProbe } from '../../machines.ts';

const CPU = 'sys/devices/system/cpu';
const NODE = 'sys/devices/system/node';

const cpusOf = (list: readonly { cpus: string }[]): string[] => list.map(({ cpus }) => cpus);
const usable = ({ cpus }: Topology): number[] =>
  cpus.filter(({ online, allowed }) => online && allowed).map(({ id }) => id);

/** CPUs that are only numbers, as gVisor and a masked /sys show them, and a cpuinfo of these blocks. */
function bare(cpuinfo: readonly string[], more: Record<string, string> = {}): Topology {
  const list = `0-${cpuinfo.length - 1}`;
  const files = new Map([
    [`${CPU}/online`, list],
    [`${CPU}/possible`, list],
    ...cpuinfo.map((_, cpu): [string, string] => [`${CPU}/cpu${cpu}/online`, '1']),
    ['proc/cpuinfo', cpuinfo.map((block, cpu) => `processor\t: ${cpu}\n${block}`).join('\n\n')],
    ['proc/meminfo', 'MemTotal: 8192000 kB'],
    ...Object.entries(more),
  ]);
  return readTopology(files);
}

const places = (
  siblings: number,
  cores: number,
  at: (cpu: number) => [pkg: number, core: number],
  count = 16,
): string[] =>
  Array.from({ length: count }, (_, cpu) => {
    const [pkg, core] = at(cpu);
    return `physical id\t: ${pkg}\nsiblings\t: ${siblings}\ncore id\t\t: ${core}\ncpu cores\t: ${cores}`;
  });

test('an online list that is made up for a container is not believed where it leaves nothing usable', () => {
  const files = syntheticProbe({ packages: 1, coresPerNode: 16, threads: 2, allowed: '24' });
  const topology = readTopology(new Map([...files, [`${CPU}/online`, '0']]));
  assert.deepEqual(usable(topology), [24]);
  assert.equal(topology.cpus.filter(({ online }) => online).length, 32);
  assert.match(topology.warnings.join('\n'), /list of online CPUs \(0\) contradicts/);
  assert.equal(topology.warnings.length, 1);
});

test('nor where it contradicts the CPUs themselves, one way or the other', () => {
  const shape = { packages: 1, coresPerNode: 8, allowed: '2-5' };
  const more = readTopology(new Map([...syntheticProbe(shape), [`${CPU}/online`, '0-3']]));
  assert.deepEqual(usable(more), [2, 3, 4, 5]);
  const fewer = readTopology(new Map([...syntheticProbe({ ...shape, offline: [3] }), [`${CPU}/online`, '0-3']]));
  assert.deepEqual(usable(fewer), [2, 4, 5]);
});

test('where only the session says what runs, that CPU is online', () => {
  const files = new Map([
    [`${CPU}/online`, '0'],
    ['proc/self/status', 'Cpus_allowed_list:\t24'],
  ]);
  assert.deepEqual(usable(readTopology(files)), [24]);
});

test('without a topology in /sys, packages and cores are those of /proc/cpuinfo', () => {
  const topology = bare(places(8, 4, (cpu) => [cpu >> 3, (cpu >> 1) & 3]));
  assert.deepEqual(cpusOf(topology.packages), ['0-7', '8-15']);
  assert.equal(topology.cores.length, 8);
  assert.deepEqual(topology.cores[5], { id: 1, package: 1, cpus: '10-11', inferred: false });
  assert.match(topologyTree(topology), /2 sockets, 8 cores, 16 CPUs/);
});

test('a cpuinfo that contradicts itself names no cores, and no packages either', () => {
  const alone = bare(places(1, 1, () => [0, 0]));
  assert.deepEqual([alone.packages, alone.cores], [[], []]);
  // 8 threads of 4 cores cannot all be one core.
  const squeezed = bare(places(8, 4, (cpu) => [cpu >> 3, 0]));
  assert.deepEqual(cpusOf(squeezed.packages), ['0-7', '8-15']);
  assert.deepEqual(squeezed.cores, []);
});

test('where nothing is known no count is claimed, and no face names a core -1', () => {
  const arm = bare(new Array<string>(64).fill('CPU implementer : 0x41\nCPU part : 0xd0c'));
  assert.equal(packageWords(arm), 'sockets unknown');
  assert.equal(coreWords(arm), 'cores unknown');
  const unnumbered = readTopology(
    new Map(
      [...syntheticProbe({ packages: 1, coresPerNode: 2 })].map(([path, text]) => [
        path,
        path.endsWith('/core_id') ? '-1' : text,
      ]),
    ),
  );
  assert.deepEqual(
    unnumbered.cores.map(({ id, inferred }) => [id, inferred]),
    [
      [null, false],
      [null, false],
    ],
  );
  for (const topology of [arm, unnumbered]) {
    const faces = [topologyTree(topology), topologySvg(topology), writeLstopoXml(topology), JSON.stringify(topology)];
    for (const face of faces) assert.doesNotMatch(face, /P#-1|core -1|Core_-1|os_index="-1"|"id":-1/);
  }
  assert.match(topologyTree(arm), /sockets unknown, cores unknown, 64 CPUs/);
  assert.match(topologyTree(arm), /PU P#0–63, cores unknown/);
});

test('CPUs that give a core number and no list are put together by it, and marked', () => {
  const files = new Map(
    [...syntheticProbe({ packages: 1, coresPerNode: 2, threads: 2 })].filter(
      ([path]) => !/core_cpus_list|thread_siblings_list/.test(path),
    ),
  );
  const { cores } = readTopology(files);
  assert.deepEqual(cores, [
    { id: 0, package: 0, cpus: '0,2', inferred: true },
    { id: 1, package: 0, cpus: '1,3', inferred: true },
  ]);
});

test('nodes without a list of CPUs have those that links name', () => {
  const shape = { packages: 2, coresPerNode: 2 };
  const listless = [...syntheticProbe(shape)].filter(([path]) => !path.endsWith('/cpulist'));
  const links = [0, 1, 2, 3].map((cpu): [string, string] => [`${NODE}/node${cpu >> 1}/cpu${cpu}`, '']);
  const topology = readTopology(new Map([...listless, ...links]));
  assert.deepEqual(cpusOf(topology.nodes), ['0-1', '2-3']);
  assert.match(topology.warnings.join('\n'), /Nodes 0-1 have no list of CPUs; the links/);
  const silent = readTopology(new Map(listless));
  assert.match(topologyTree(silent), /NUMANode P#0 \(16 GB\), CPUs unavailable/);
  assert.match(silent.warnings.join('\n'), /Nodes 0-1 do not say which CPUs are there/);
  const only = [...syntheticProbe({ packages: 1, coresPerNode: 2 })].filter(([path]) => !path.endsWith('/cpulist'));
  assert.deepEqual(cpusOf(readTopology(new Map(only)).nodes), ['0-1']);
});

test('an old kernel writes AArch64 where newer ones write 8', () => {
  const old = 'Processor\t: AArch64 Processor rev 0 (aarch64)\nprocessor\t: 0\n\nHardware\t: board\n';
  const of = (text: string): string => readTopology(new Map([['proc/cpuinfo', text]])).machine.architecture;
  assert.equal(of(old), 'aarch64');
  assert.equal(of('processor : 0\nCPU implementer\t: 0x50\nCPU architecture: AArch64\n'), 'aarch64');
  assert.equal(of('Processor : ARMv7 Processor rev 4\nCPU architecture: 7\n'), 'arm');
});

test('low-power cores are told where the kernel counts them among the efficient', () => {
  const hybrid: Record<string, string> = { 'sys/devices/cpu_core/cpus': '0-1', 'sys/devices/cpu_atom/cpus': '2-5' };
  [1400, 1400, 900, 900, 700, 700].forEach((mhz, cpu) => {
    hybrid[`${CPU}/cpufreq/policy${cpu}/base_frequency`] = `${mhz}000`;
  });
  const files = syntheticProbe({ packages: 1, coresPerNode: 6 });
  const kinds = (more: ReadonlyMap<string, string>): string =>
    readTopology(more)
      .cpus.map(({ kind }) => kind?.slice(0, 1) ?? '-')
      .join('');
  assert.equal(kinds(new Map([...files, ...Object.entries(hybrid)])), 'ppeell');
  // By the L3 alone, where the kernel gives no frequencies.
  const units = Object.entries(hybrid).filter(([path]) => !path.includes('cpufreq'));
  const without = [...files].filter(([path]) => !/cpu[45]\/cache\/index3/.test(path));
  assert.equal(kinds(new Map([...without, ...units])), 'ppeell');
  assert.equal(kinds(new Map([...files, ...units])), 'ppeeee');
});

test('one bad source is one warning', () => {
  const files = new Map(
    [...syntheticProbe({ packages: 1, coresPerNode: 16 })].map(([path, text]) => [
      path,
      path.endsWith('/shared_cpu_list') ? 'nonsense' : text,
    ]),
  );
  const { warnings } = readTopology(files);
  assert.equal(warnings.length, 1, warnings.join('\n'));
  assert.match(warnings[0] ?? '', /holds no set of ids \("nonsense"\), nor do 63 other files of that name/);
});
