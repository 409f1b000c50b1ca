/** What `--from` may be given by somebody who means harm, or by a broken disk: mutated dumps, archives, recordings, XML, JSON and notation. */

import { readFileSync, readdirSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { syntheticProbe } from '../unit/machines.ts';
import { PASTED, TABLE } from './pasted.ts';
import type { Random } from './random.ts';
import { recording } from './recordings.ts';

const FIXTURES = new URL('../fixtures/machines/', import.meta.url);
const fixture = (name: string): Buffer => readFileSync(new URL(name, FIXTURES));

const VALUES = [
  '',
  '0',
  '-1',
  '1',
  '0-65535',
  '0-3,5',
  '3-1',
  '99999999999999999999',
  '4294967295',
  '0x0000ffff,,0xffffffff',
  '0xf...f',
  'ffffffff,'.repeat(300),
  '10 '.repeat(2000),
  'NaN',
  '1e308',
  '__proto__',
  'constructor',
  '\u202e\u0000\ufeff',
  '../../../../etc/passwd',
  'x'.repeat(9000),
];
const XML_PIECES = [
  '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
  '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
  '&lt;',
  '&bomb;',
  '&#x10FFFF;',
  '&#0;',
  '<object type="Machine">',
  '</object>',
  '<![CDATA[',
  ']]>',
  '<!--',
  '-->',
  '<?xml version="1.1"?>',
  '<object>'.repeat(300),
  `<a b="${'y'.repeat(70_000)}"/>`,
  '\u0000',
];
const NAMES = [
  '../../etc/passwd',
  '/etc/passwd',
  'sys/../../../x',
  './sys/devices/system/cpu/online',
  `${'d/'.repeat(120)}sys/devices/system/cpu/online`,
  'sys',
  'proc',
  'a/sys/devices/system/cpu/online',
  'sys/devices/system/cpu/cpu0/topology/core_cpus_list',
];
const LINKS = ['.', '..', '../../..', '/etc', 'loop', '../node0', 'sys/devices', 'a/../a/../a'];

/** Changes some stretches of a text: cut, doubled, moved, numbers and pieces put in. */
function mutateText(text: string, random: Random, pieces: readonly string[]): string {
  let out = text;
  for (let i = random.below(random.pick([1, 2, 6])); i >= 0; i--) {
    const at = random.below(out.length + 1);
    const length = random.below(random.pick([3, 30, 300]));
    const [before, middle, after] = [out.slice(0, at), out.slice(at, at + length), out.slice(at + length)];
    // Mostly values: what is no longer well-formed is refused early, and proves little.
    const way = random.pick([0, 1, 2, 3, 3, 3, 4, 4, 4, 4, 4, 5]);
    if (way === 0) out = before + after;
    else if (way === 1) out = before + middle.repeat(1 + random.below(30)) + after;
    else if (way === 2) out = before + random.pick(pieces) + after;
    else if (way === 3) out = before + after.replace(/\d+/, random.pick(VALUES));
    else if (way === 4) out = before + after.replace(/"[^"]*"/, `"${random.pick(VALUES)}"`);
    else out = after + middle + before;
    if (out.length > 400_000) out = out.slice(0, 400_000);
  }
  return out;
}

function mutateBytes(bytes: Buffer, random: Random): Buffer {
  const out = Buffer.from(bytes);
  for (let i = random.below(12); i >= 0 && out.length > 0; i--) out[random.below(out.length)] = random.below(256);
  return random.below(4) === 0 ? out.subarray(0, random.below(out.length + 1)) : out;
}

interface Entry {
  readonly name: string;
  readonly content: string;
  readonly link?: string;
}

/** A tar of POSIX headers, right or with random lies in them. */
function tar(entries: readonly Entry[], random: Random, lies: boolean): Buffer {
  const blocks: Buffer[] = [];
  for (const { name, content, link } of entries) {
    const body = Buffer.from(link === undefined ? content : '');
    const header = Buffer.alloc(512);
    header.write(name.slice(0, 100), 0);
    header.write('0000644\0', 100);
    const size = lies && random.below(40) === 0 ? random.pick([0, 2 ** 30, 7]) : body.length;
    header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
    header.write('00000000000\0', 136);
    header.write(
      lies && random.below(60) === 0
        ? random.pick(['1', '3', '5', 'L', 'x', 'g', '\0'])
        : link === undefined
          ? '0'
          : '2',
      156,
    );
    if (link !== undefined) header.write(link.slice(0, 100), 157);
    header.write('ustar\x0000', 257);
    header.fill(' ', 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    blocks.push(header, body, Buffer.alloc((512 - (body.length % 512)) % 512));
  }
  blocks.push(Buffer.alloc(1024));
  return Buffer.concat(blocks);
}

function dump(random: Random): Buffer {
  const files = new Map(
    syntheticProbe({
      packages: 1 + random.below(3),
      nodesPerPackage: 1 + random.below(2),
      coresPerNode: 1 + random.below(3),
      threads: 1 + random.below(3),
      cpulessNodes: random.below(2),
      rated: random.below(2) === 0,
    }),
  );
  const paths = [...files.keys()];
  for (let i = random.below(30); i >= 0; i--) {
    const path = random.pick(paths);
    const way = random.below(4);
    if (way === 0) files.delete(path);
    else if (way === 1) files.set(path, random.pick(VALUES));
    else if (way === 2) files.set(path, files.get(random.pick(paths)) ?? '');
    else
      files.set(
        path.replace(/\d+/, String(random.pick([7, 4096, 65_535, 70_000, 999_999_999]))),
        files.get(path) ?? '0',
      );
  }
  return tar(
    [...files].map(([name, content]) => ({ name, content })),
    random,
    false,
  );
}

function archive(random: Random): Buffer {
  const entries: Entry[] = [...syntheticProbe({ packages: 1, coresPerNode: 2 })].map(([name, content]) => ({
    name,
    content,
  }));
  for (let i = random.below(10); i >= 0; i--) {
    const name = random.pick([...NAMES, ...entries.map((each) => each.name)]);
    const entry =
      random.below(2) === 0 ? { name, content: '', link: random.pick(LINKS) } : { name, content: random.pick(VALUES) };
    entries.splice(random.below(entries.length + 1), 0, entry);
  }
  const plain = tar(entries, random, true);
  const way = random.below(8);
  if (way === 0) return mutateBytes(plain, random);
  if (way === 1) return mutateBytes(gzipSync(plain, { level: 1 }), random);
  return plain;
}

/** A bomb: 64 MB of zeros in 64 KB, alone or as a file of a machine. Few, for each takes a while to refuse. */
function bomb(random: Random): Buffer {
  const big = { name: random.pick(NAMES), content: '\0'.repeat(random.pick([8, 32]) * 2 ** 20) };
  return gzipSync(tar([big, { name: 'sys/devices/system/cpu/online', content: '0' }], random, random.below(2) === 0), {
    level: 1,
  });
}

const real = readdirSync(FIXTURES)
  .filter((name) => name.endsWith('.tar.gz'))
  .map((name) => fixture(name))
  .sort((a, b) => a.length - b.length)
  .slice(0, 3);
const unpacked = real.map((bytes) => gunzipSync(bytes));
const capabilities = ['this-vm', 'libvirt-test'].map((name) => fixture(`${name}.capabilities.xml`).toString());

const LSTOPO = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE topology SYSTEM "hwloc2.dtd">
<topology version="2.0">
  <object type="Machine" os_index="0" cpuset="0x0000000f" complete_cpuset="0x0000000f" allowed_cpuset="0x0000000f" nodeset="0x3" gp_index="1">
    ${[0, 1]
      .map(
        (pkg) => `<object type="Package" os_index="${pkg}" cpuset="0x${pkg === 0 ? '3' : 'c'}" gp_index="${pkg + 2}">
      <object type="NUMANode" os_index="${pkg}" cpuset="0x${pkg === 0 ? '3' : 'c'}" nodeset="0x${pkg + 1}" gp_index="${pkg + 4}" local_memory="1073741824"><page_type size="2097152" count="3"/></object>
      <object type="L2Cache" cpuset="0x${pkg === 0 ? '3' : 'c'}" gp_index="${pkg + 6}" cache_size="4194304" depth="2" cache_linesize="64" cache_type="0">
        ${[0, 1].map((core) => `<object type="Core" os_index="${core}" cpuset="0x${(1 << (pkg * 2 + core)).toString(16)}" gp_index="${pkg * 2 + core + 10}"><object type="PU" os_index="${pkg * 2 + core}" cpuset="0x${(1 << (pkg * 2 + core)).toString(16)}" gp_index="${pkg * 2 + core + 20}"/></object>`).join('\n')}
      </object></object>`,
      )
      .join('\n')}
  </object>
  <distances2 type="NUMANode" nbobjs="2" kind="5" name="NUMALatency" indexing="os"><indexes length="4">0 1 </indexes><u64values length="12">10 21 21 10 </u64values></distances2>
</topology>`;

/** The same machine by hwloc 1: no version, nodes around their CPUs, relative distances. */
const HWLOC_1 = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE topology SYSTEM "hwloc.dtd">
<topology>
  <object type="Machine" os_index="0" cpuset="0x0000000f" complete_cpuset="0x0000000f" online_cpuset="0x0000000f" allowed_cpuset="0x0000000f" nodeset="0x3">
    <distances nbobjs="2" relative_depth="1" latency_base="10.000000"><latency value="1.000000"/><latency value="2.100000"/><latency value="2.100000"/><latency value="1.000000"/></distances>
    ${[0, 1]
      .map(
        (
          pkg,
        ) => `<object type="NUMANode" os_index="${pkg}" cpuset="0x${pkg === 0 ? '3' : 'c'}" nodeset="0x${pkg + 1}" local_memory="1073741824"><page_type size="4096" count="3"/>
      <object type="Socket" os_index="${pkg}" cpuset="0x${pkg === 0 ? '3' : 'c'}"><object type="Cache" cpuset="0x${pkg === 0 ? '3' : 'c'}" cache_size="4194304" depth="2" cache_linesize="64">
        ${[0, 1].map((core) => `<object type="Core" os_index="${core}" cpuset="0x${(1 << (pkg * 2 + core)).toString(16)}"><object type="PU" os_index="${pkg * 2 + core}" cpuset="0x${(1 << (pkg * 2 + core)).toString(16)}"/></object>`).join('\n')}
      </object></object></object>`,
      )
      .join('\n')}
  </object>
</topology>`;

const JSON_TEXT = JSON.stringify({
  schema: 'numa-pinboard/topology/1',
  machine: { name: 'a', architecture: 'x', kernel: '6', cpuModel: null, hypervisor: null, emulated: false },
  packages: [{ id: 0, cpus: '0-1' }],
  dies: [],
  clusters: [],
  devices: [],
  nodes: [
    {
      id: 0,
      cpus: '0-1',
      memoryBytes: 1,
      freeBytes: null,
      distances: { '0': 10 },
      hugepages: [],
      rated: null,
      memorySideCaches: [],
    },
  ],
  caches: [{ level: 1, type: 'data', sizeBytes: 1, lineBytes: null, cpus: '0' }],
  cores: [{ id: 0, package: 0, cpus: '0-1' }],
  cpus: [
    { id: 0, online: true, allowed: true, kind: null },
    { id: 1, online: true, allowed: true, kind: null },
  ],
  warnings: [],
});
const NOTATION = 'pack:2(indexes=1,0) [numa(memory=1GB)] l3:1(size=16MB) core:4 pu:2(indexes=core:pack)';

/** Kind of what is no machine, but figures for one: read by \`bench matrix --simulate\`. */
export const MATRIX_KIND = 'core-to-core table';

export interface Input {
  readonly kind: string;
  /** Bytes of a file, or the text given in its place. */
  readonly given: Buffer | string;
}

/** Input number `index` of a run. */
export function inputOf(random: Random, index: number): Input {
  if (index % 5000 === 17) return { kind: 'bomb', given: bomb(random) };
  if (index % 5000 === 33) return { kind: 'real archive', given: mutateBytes(random.pick(real), random) };
  if (index % 5000 === 51) return { kind: 'real archive, unpacked', given: mutateBytes(random.pick(unpacked), random) };
  if (index % 13 === 5) {
    const given = recording(
      random,
      (text) => mutateText(text, random, VALUES),
      (bytes) => mutateBytes(bytes, random),
    );
    return { kind: 'recording', given };
  }
  const way = random.below(10);
  if (way < 3) return { kind: 'dump', given: dump(random) };
  if (way < 5) return { kind: 'archive', given: archive(random) };
  if (way < 7) {
    const text = random.pick([LSTOPO, HWLOC_1]);
    return { kind: 'lstopo XML', given: Buffer.from(mutateText(text, random, XML_PIECES)) };
  }
  if (way < 8) {
    return { kind: 'capabilities XML', given: Buffer.from(mutateText(random.pick(capabilities), random, XML_PIECES)) };
  }
  const rare = random.below(12);
  if (rare === 0) return { kind: MATRIX_KIND, given: Buffer.from(mutateText(TABLE, random, VALUES)) };
  if (rare < 5) {
    return { kind: 'pasted output', given: Buffer.from(mutateText(random.pick(PASTED), random, VALUES)) };
  }
  if (way < 9) return { kind: 'topology JSON', given: Buffer.from(mutateText(JSON_TEXT, random, VALUES)) };
  // A text with NUL can be no argument of a command.
  return { kind: 'notation', given: mutateText(NOTATION, random, VALUES).replaceAll('\0', ' ').slice(0, 30_000) };
}
