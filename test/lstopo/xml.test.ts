// lstopo XML read and written: machines recorded with what their own lstopo said, and the real lstopo in between.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { formatCpuList, parseCpuList } from '../../src/model/text/cpulist.ts';
import { differences } from '../../src/model/formats/lstopo/differences.ts';
import { readLstopoXml } from '../../src/model/formats/lstopo/read.ts';
import { formatHwlocSet, parseHwlocSet } from '../../src/model/formats/lstopo/set.ts';
import { writeLstopoXml } from '../../src/model/formats/lstopo/write.ts';
import { readTopology } from '../../src/model/formats/sysfs/topology.ts';
import { escapeXml } from '../../src/model/svg/render.ts';
import type { Topology } from '../../src/model/topology/topology.ts';
import { parseXml } from '../../src/model/formats/xml.ts';
import type { XmlElement } from '../../src/model/formats/xml.ts';
import { openRecorded } from '../../src/remote/recorded/importers/index.ts';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import { readRecording } from '../support/recording.ts';

const MACHINES = new URL('../fixtures/machines/', import.meta.url);
const names = readdirSync(MACHINES).filter((name) => name.endsWith('.tar.gz'));

/** hwloc 3's bit for each of hwloc 2's types of OS devices. */
const OSDEV_BITS = [1, 4, 16, 32, 64, 8];

/** hwloc 3 as the converter of this file makes it of hwloc 2: the facts beside the Machine, device types as bits, another version. */
function asHwloc3(xml: string): string {
  const facts = xml.match(/^ {4}<info name="(Backend|OSName|OSRelease|Architecture)".*\n/gm) ?? [];
  const rest = facts.reduce((text, fact) => text.replace(fact, ''), xml);
  return rest
    .replace('<topology version="2.0">', '<topology version="3.0">')
    .replace(/ osdev_type="(\d)"/g, (_, type: string) => ` osdev_type="${OSDEV_BITS[Number(type)] ?? 0}"`)
    .replace('</topology>', `${facts.map((fact) => fact.slice(2)).join('')}</topology>`);
}

/**
 * hwloc 1: no version, Cache and Socket, NUMA nodes around what has their CPUs, relative distances in the Machine. It had no
 * dies, memory-side caches, memory attributes or kinds.
 */
function asHwloc1(xml: string): string {
  const root = parseXml(xml);
  const text = (element: XmlElement): string => {
    const { type = '', ...all } = element.attributes;
    const rest = Object.fromEntries(Object.entries(all).filter(([key]) => !/^(?:gp_index|subtype|kind)$/.test(key)));
    const cache = /^L([1-9])i?Cache$/.exec(type);
    const attributes = { type: cache ? 'Cache' : type === 'Package' ? 'Socket' : type, ...rest };
    const words = Object.entries(element.name === 'object' ? attributes : element.attributes)
      .map(([key, value]) => ` ${key}="${escapeXml(value)}"`)
      .join('');
    const memory = element.children.filter(({ attributes: { type: inner } }) => inner === 'NUMANode');
    const [around] = memory;
    const facts = element.children.filter(({ name }) => name !== 'object');
    const objects = element.children.filter((child) => child.name === 'object' && !memory.includes(child));
    const inside = objects.map(text).join('');
    const nested = around
      ? text({ ...around, children: [...around.children, ...objects] }) + memory.slice(1).map(text).join('')
      : inside;
    const tables = type === 'Machine' ? distancesOf1(root) : '';
    return `<${element.name}${words}>${facts.map(text).join('')}${tables}${nested}</${element.name}>\n`;
  };
  const machine = root.children.find(({ name }) => name === 'object');
  assert.ok(machine);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE topology SYSTEM "hwloc.dtd">\n<topology>\n${text(machine)}</topology>\n`;
}

function distancesOf1(root: XmlElement): string {
  const table = root.children.find(({ name }) => name === 'distances2');
  const numbers = (what: string): number[] =>
    table?.children.flatMap(({ name, text }) => (name === what ? text.trim().split(/\s+/).map(Number) : [])) ?? [];
  const values = numbers('u64values');
  if (values.length === 0) return '';
  const figures = values.map((value) => `<latency value="${(value / 10).toFixed(6)}"/>`).join('');
  return `<distances nbobjs="${numbers('indexes').length}" relative_depth="1" latency_base="10.000000">${figures}</distances>`;
}

/** What both forms hold: free memory and free huge pages are in no XML. */
const comparable = (topology: Topology): unknown => ({
  ...topology,
  cpus: topology.cpus.map((cpu) => ({ ...cpu, allowed: cpu.allowed || !cpu.online })),
  nodes: topology.nodes.map((node) => ({
    ...node,
    freeBytes: null,
    distances: topology.nodes.length < 2 ? {} : node.distances,
    hugepages: node.hugepages.map(({ sizeBytes, total }) => [sizeBytes, total]),
  })),
  warnings: [],
});

for (const name of names) {
  test(`${name}: its lstopo's XML reads as its /sys does, and what is written comes back through lstopo`, async (t) => {
    const { files, lstopo } = await readRecording(new URL(name, MACHINES));
    assert.ok(lstopo);
    const topology = readTopology(files, { name });
    const read = readLstopoXml(lstopo, name);
    assert.deepEqual(differences(topology, read, { memory: true }), []);
    assert.deepEqual(readLstopoXml(asHwloc3(lstopo), name), read);

    const folder = temporaryFolder('xml');
    t.after(() => removeFolder(folder));
    const path = join(folder, 'machine.xml');
    writeFileSync(path, writeLstopoXml(topology));
    const back = execFileSync('lstopo-no-graphics', ['-i', path, '--disallowed', '--of', 'xml'], { encoding: 'utf8' });
    assert.deepEqual(comparable(readLstopoXml(back, name)), comparable(topology));

    // hwloc 1 in, read by us and converted by lstopo: the same machine.
    const old = asHwloc1(back);
    writeFileSync(path, old);
    const converted = execFileSync('lstopo-no-graphics', ['-i', path, '--disallowed', '--of', 'xml'], {
      encoding: 'utf8',
    });
    assert.deepEqual(comparable(readLstopoXml(old, name)), comparable(readLstopoXml(converted, name)));

    writeFileSync(path, back);
    assert.deepEqual((await (await openRecorded(path)).discover()).topology, readLstopoXml(back, 'machine'));
  });
}

const MINIMAL = '<object type="Machine" cpuset="0x1"><object type="PU" os_index="0" cpuset="0x1"/></object>';

test('other XML and what could exhaust memory are refused, in words', () => {
  const bad = (xml: string, why: RegExp): void => {
    assert.throws(() => readLstopoXml(xml, 'x'), { code: 'bad-file', message: why });
  };
  assert.equal(readLstopoXml(`<topology version="3.1">${MINIMAL}</topology>`, 'x').cpus.length, 1);
  assert.equal(readLstopoXml(`<topology>${MINIMAL}</topology>`, 'x').cpus.length, 1);
  bad(`<topology version="4.0">${MINIMAL}</topology>`, /format 4\.0/);
  bad('<topology version="2.0"><object type="Machine"/></topology>', /no PU/);
  bad('<topology version="2.0"><object></topology>', /not well-formed/);
  bad('<domain/>', /no topology/);
  const bomb = '<!DOCTYPE t [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>';
  bad(`${bomb}<topology version="2.0">&b;</topology>`, /entities of its own/);
  bad(`<topology version="2.0">${'<object type="Group">'.repeat(1000)}`, /nested more than/);
});

test('sets as hwloc writes them, with empty groups and without an end', () => {
  assert.deepEqual(parseHwlocSet('0x40000000,,0x00004000,,0x0'), [78, 158]);
  assert.deepEqual(parseHwlocSet(formatHwlocSet([0, 31, 32, 95])), [0, 31, 32, 95]);
  assert.equal(formatHwlocSet([]), '0x00000000');
  assert.equal(parseHwlocSet('0xf...f'), null);
});

test('a difference names the object and both values', async () => {
  const { lstopo } = await readRecording(new URL('lab-2s.tar.gz', MACHINES));
  assert.ok(lstopo);
  const topology = readLstopoXml(lstopo, 'x');
  const far = {
    ...topology,
    nodes: topology.nodes.map((node) => ({ ...node, distances: { ...node.distances, 0: 99 } })),
  };
  const words = differences(topology, far, { memory: false });
  assert.equal(words.length, 2);
  assert.match(words[1] ?? '', /^distance from node 1 to node 0: \d+ in \/sys, 99 in lstopo\.$/);
});

test('nodes that cross packages stay, as do the packages, and lstopo opens what is written', async (t) => {
  const { files } = await readRecording(new URL('lab-2s.tar.gz', MACHINES));
  const plain = readTopology(files, { name: 'crossing' });
  const online = plain.cpus.flatMap(({ id, online: is }) => (is ? id : []));
  const crossing: Topology = {
    ...plain,
    devices: [],
    nodes: plain.nodes.map((node, i) => ({
      ...node,
      allowed: i === 0,
      cpus: formatCpuList(online.filter((_, at) => at % plain.nodes.length === i)),
    })),
  };
  const folder = temporaryFolder('xml');
  t.after(() => removeFolder(folder));
  const path = join(folder, 'machine.xml');
  writeFileSync(path, writeLstopoXml(crossing));
  const back = execFileSync('lstopo-no-graphics', ['-i', path, '--disallowed', '--of', 'xml'], { encoding: 'utf8' });
  assert.deepEqual(comparable(readLstopoXml(back, 'crossing')), comparable(crossing));
});

test('an object that crosses another is named in what is written, which lstopo opens', async (t) => {
  const { files } = await readRecording(new URL('lab-2s.tar.gz', MACHINES));
  const plain = readTopology(files, { name: 'crossing' });
  const [first, second] = plain.packages.map(({ cpus }) => parseCpuList(cpus));
  const odd = formatCpuList([...(first ?? []).slice(0, 1), ...(second ?? []).slice(0, 1)]);
  const folder = temporaryFolder('xml');
  t.after(() => removeFolder(folder));
  const path = join(folder, 'machine.xml');
  const cache = { level: 4, type: 'unified', sizeBytes: 1024, lineBytes: 64, cpus: odd } as const;
  writeFileSync(path, writeLstopoXml({ ...plain, caches: [...plain.caches, cache] }));
  const back = execFileSync('lstopo-no-graphics', ['-i', path, '--disallowed', '--of', 'xml'], { encoding: 'utf8' });
  assert.match(back, new RegExp(`L4Cache of CPUs ${odd}, which crosses`));
  assert.equal(readLstopoXml(back, 'x').packages.length, plain.packages.length);
});
