/** Virtual machines as libvirt's domains (`virsh dumpxml`; https://libvirt.org/formatdomain.html): where vCPUs, their helpers and memory are bound. */

import { parseXml } from '../../formats/xml.ts';
import type { XmlElement } from '../../formats/xml.ts';
import { at, children, whole } from '../../formats/libvirt/values.ts';
import { clean } from '../../text/clean.ts';
import { formatCpuList } from '../../text/cpulist.ts';
import { listed, plural } from '../../text/format.ts';
import type { PlanMachine } from '../machine.ts';
import { MEMORY_POLICIES } from '../plan.ts';
import type { Block, GuestTopology } from '../plan.ts';
import { badFile, blockOf, idsOf, listOrNull, quoted, sizeOrNull } from './imported.ts';
import type { ImportedBlock, Note } from './imported.ts';

/** More than any hypervisor gives a guest. */
const MOST_VCPUS = 4096;

/** Those that libvirt reads, in letters of any case, by what they are of a byte. */
const UNITS: Readonly<Record<string, number>> = {
  ...{ b: 1, byte: 1, bytes: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 },
  ...{ k: 2 ** 10, kib: 2 ** 10, m: 2 ** 20, mib: 2 ** 20, g: 2 ** 30, gib: 2 ** 30, t: 2 ** 40, tib: 2 ** 40 },
};

interface Reading {
  readonly path: string;
  readonly domain: XmlElement;
  readonly machine: PlanMachine | null;
  readonly note: (key: Note['key'], text: string) => void;
}

function bytesOf(amount: string | undefined, unit: string | undefined): number | null {
  return sizeOrNull((whole(amount) ?? Number.NaN) * (UNITS[(unit ?? 'KiB').toLowerCase()] ?? Number.NaN));
}

const sizeOf = (element: XmlElement | undefined): number | null => bytesOf(element?.text, element?.attributes['unit']);

/** One domain, or what a daemon keeps of one that runs. @throws PinboardError `bad-file`. */
export function readDomain(path: string, text: string, machine: PlanMachine | null): ImportedBlock {
  const root = parseXml(text);
  const domain = root.name === 'domain' ? root : at(root, 'domain');
  if (!domain) throw badFile(path, null, 'this XML holds no domain.', 'Write it with `virsh dumpxml NAME`.');
  const notes: Note[] = [];
  const reading: Reading = { path, domain, machine, note: (key, words) => void notes.push({ key, text: words }) };
  const vcpus = whole(at(domain, 'vcpu')?.text, MOST_VCPUS);
  if (vcpus === null || vcpus === 0)
    throw badFile(
      path,
      null,
      'the domain does not say how many vCPUs it has (<vcpu>).',
      'Write it with `virsh dumpxml NAME`.',
    );
  const cells = children(at(domain, 'cpu', 'numa'), 'cell');
  const block = blockOf({
    ...{ name: at(domain, 'name')?.text ?? '', kind: 'vm' as const },
    ...cpusOf(reading, vcpus),
    ...memoryOf(reading, cells),
    guest: guestOf(reading, vcpus, cells.length),
    ...helpersOf(reading),
    devices: devicesOf(domain),
  });
  leftOut(reading);
  return { block, notes };
}

/** "0-7,^3": what stands behind ^ is taken out of what stands before it. */
function setOf(path: string, what: string, text: string): number[] {
  const ids = new Set<number>();
  for (const part of text.split(',').map((one) => one.trim())) {
    const out = part.startsWith('^');
    for (const id of idsOf(path, null, what, out ? part.slice(1) : part))
      if (out) ids.delete(id);
      else ids.add(id);
  }
  return [...ids].toSorted((a, b) => a - b);
}

/** Where each vCPU may run: null for one that may run anywhere. */
function pinsOf({ path, domain }: Reading, vcpus: number): (readonly number[] | null)[] {
  const all = at(domain, 'vcpu')?.attributes['cpuset'];
  const usual = all === undefined ? null : setOf(path, 'cpuset of <vcpu>', all);
  const pins: (readonly number[] | null)[] = Array.from({ length: vcpus }, () => usual);
  for (const { attributes } of children(at(domain, 'cputune'), 'vcpupin')) {
    const vcpu = whole(attributes['vcpu'], MOST_VCPUS);
    if (vcpu !== null && vcpu < vcpus) pins[vcpu] = setOf(path, `cpuset of vCPU ${vcpu}`, attributes['cpuset'] ?? '');
  }
  return pins;
}

function cpusOf(reading: Reading, vcpus: number): Partial<Block> {
  const { domain, machine, note } = reading;
  const pins = pinsOf(reading, vcpus);
  const current = whole(at(domain, 'vcpu')?.attributes['current'], MOST_VCPUS);
  if (current !== null && current < vcpus)
    note('cpus', `${current} of ${vcpus} vCPUs are plugged in; those that can be added are counted.`);
  const open = pins.flatMap((pin, vcpu) => (pin === null || pin.length === 0 ? [vcpu] : []));
  if (open.length > 0) {
    const which = open.length === vcpus ? 'its vCPUs are' : `of its vCPUs ${formatCpuList(open)} are`;
    note('cpus', `unknown, ${which} not pinned.`);
    return { threads: vcpus };
  }
  const cpus = [...new Set(pins.flatMap((pin) => pin ?? []))].toSorted((a, b) => a - b);
  const list = formatCpuList(cpus);
  if (cpus.length <= vcpus) {
    if (cpus.length < vcpus) note('threads', `${vcpus} vCPUs share ${plural(cpus.length, 'CPU')}.`);
    else if (pins.some((pin) => pin?.length !== 1)) note('cpus', 'not one vCPU a CPU: they move among these.');
    return { cpus: list, threads: cpus.length < vcpus ? vcpus : null };
  }
  // As `cpus` they would be the block's alone.
  note('cpus', `its ${plural(vcpus, 'vCPU')} move among ${list}: ${vcpus} of these, whichever.`);
  const nodes = new Set(cpus.map((cpu) => machine?.coreOf.get(cpu)?.node ?? null));
  return {
    threads: vcpus,
    nodes: machine && !nodes.has(null) ? [...nodes].flatMap((node) => node ?? []).toSorted((a, b) => a - b) : null,
  };
}

function memoryOf(reading: Reading, cells: readonly XmlElement[]): Partial<Block> {
  const { path, domain, note } = reading;
  const memoryBytes = sizeOf(at(domain, 'memory'));
  const now = sizeOf(at(domain, 'currentMemory'));
  if (memoryBytes === null) note('memory', 'unknown, the domain gives no amount.');
  else if (now !== null && now < memoryBytes)
    note('memory', `the most it can have; its balloon leaves it ${now / 2 ** 20} MB.`);
  const tune = children(domain, 'numatune')[0];
  const bound = children(tune, 'memory')[0]?.attributes ?? {};
  const parts = children(tune, 'memnode').map(({ attributes }) => attributes);
  const sets = [bound, ...parts].flatMap(({ nodeset }) =>
    nodeset === undefined ? [] : [setOf(path, 'nodeset of <numatune>', nodeset)],
  );
  const memoryNodes = [...new Set(sets.flat())].toSorted((a, b) => a - b);
  if (bound['placement'] === 'auto') note('memoryNodes', 'numad chooses them when the domain starts (placement=auto).');
  const sizes = cells.map(({ attributes }) => bytesOf(attributes['memory'], attributes['unit']));
  if (new Set(sizes).size > 1)
    note(
      'memory',
      `by guest node ${sizes.map((size) => (size === null ? 'unknown' : `${size / 2 ** 20} MB`)).join(', ')}: a plan spreads it evenly.`,
    );
  return {
    memoryBytes,
    memoryNodes: memoryNodes.length === 0 ? null : memoryNodes,
    memoryPolicy: policyOf(
      reading,
      [bound, ...parts].flatMap(({ mode }) => mode ?? []),
      memoryNodes.length > 0,
    ),
    hugepages: pagesOf(reading, memoryBytes),
  };
}

function policyOf({ note }: Reading, modes: readonly string[], bound: boolean): Block['memoryPolicy'] {
  if (!bound) {
    note('memoryPolicy', 'nothing binds its memory: the kernel prefers the node that a vCPU runs on.');
    return 'preferred';
  }
  const [mode = 'strict'] = modes;
  const policy = MEMORY_POLICIES.find((one) => one === mode);
  if (!policy)
    note('memoryPolicy', `${quoted(mode)} in the domain, which is strict but for memory that is there already.`);
  if (new Set(modes).size > 1)
    note('memoryPolicy', `several in the domain (${modes.map(quoted).join(', ')}); the first was taken.`);
  return policy ?? 'strict';
}

function pagesOf({ domain, note }: Reading, memoryBytes: number | null): Block['hugepages'] {
  const backing = at(domain, 'memoryBacking', 'hugepages');
  if (!backing) return null;
  const pages = children(backing, 'page');
  const [first] = pages;
  if (!first) {
    note('hugepages', "all of its memory, of the host's default size, which the domain does not say.");
    return null;
  }
  const sizeBytes = bytesOf(first.attributes['size'], first.attributes['unit']);
  if (sizeBytes === null || sizeBytes < 4096 || !Number.isInteger(Math.log2(sizeBytes)) || memoryBytes === null) {
    note('hugepages', 'unknown, the domain asks for some and does not say of which size, or how much memory it has.');
    return null;
  }
  if (pages.length > 1 || first.attributes['nodeset'] !== undefined)
    note(
      'hugepages',
      `the domain has ${plural(pages.length, 'size')} by guest node; the first was taken for all of its memory.`,
    );
  return { sizeBytes, memoryBytes };
}

function guestOf({ domain, note }: Reading, vcpus: number, cells: number): GuestTopology | null {
  const told = at(domain, 'cpu', 'topology')?.attributes;
  const nodes = Math.max(1, cells);
  if (!told) {
    if (vcpus > 1)
      note('guest', 'unknown, the domain has no <topology>: what the guest sees is left to the hypervisor.');
    return null;
  }
  const [sockets, dies, clusters, cores, threads] = (['sockets', 'dies', 'clusters', 'cores', 'threads'] as const).map(
    (part) => whole(told[part] ?? '1', MOST_VCPUS),
  );
  if (!sockets || !dies || !clusters || !cores || !threads || sockets > 1024 || threads > 64 || cells > 1024) {
    note('guest', 'unknown, its <topology> has counts that no guest has.');
    return null;
  }
  if (dies * clusters > 1)
    note('guest', `${plural(dies, 'die')} a socket and ${plural(clusters, 'cluster')} a die, told here as cores.`);
  return { sockets, cores: dies * clusters * cores, threads, nodes };
}

/** Emulator and I/O threads. */
function helpersOf({ path, domain, note }: Reading): Partial<Block> {
  const tune = at(domain, 'cputune');
  const pinned = at(domain, 'cputune', 'emulatorpin')?.attributes['cpuset'];
  const count = whole(at(domain, 'iothreads')?.text, 1000) ?? children(at(domain, 'iothreadids'), 'iothread').length;
  const sets = children(tune, 'iothreadpin').map(({ attributes }) =>
    formatCpuList(setOf(path, 'cpuset of an I/O thread', attributes['cpuset'] ?? '')),
  );
  if (new Set(sets).size > 1) note('iothreadCpus', 'not the same for each; these are those of all.');
  if (count > 0 && sets.length < count) note('iothreadCpus', `${count - sets.length} of ${count} are not pinned.`);
  if (pinned === undefined) note('emulatorCpus', 'unknown, the domain does not pin them.');
  return {
    emulatorCpus: pinned === undefined ? null : listOrNull(setOf(path, 'cpuset of <emulatorpin>', pinned)),
    iothreads: count > 0 ? count : null,
    iothreadCpus: listOrNull(sets.flatMap((set) => setOf(path, 'cpuset of an I/O thread', set))),
  };
}

const hex = (text: string | undefined, digits: number): string | null =>
  /^(0x)?[0-9a-f]{1,8}$/i.test(text ?? '')
    ? Number.parseInt(text ?? '', 16)
        .toString(16)
        .padStart(digits, '0')
    : null;

/** PCI devices of the host that it is given, by address. */
function devicesOf(domain: XmlElement): Block['devices'] {
  const devices = at(domain, 'devices');
  const given = [...children(devices, 'hostdev'), ...children(devices, 'interface')].filter(({ name, attributes }) =>
    name === 'hostdev' ? attributes['type'] === 'pci' : attributes['type'] === 'hostdev',
  );
  const names = given.flatMap((one) => {
    const address = at(one, 'source', 'address')?.attributes ?? {};
    const [bus, slot] = [hex(address['bus'], 2), hex(address['slot'], 2)];
    if (bus === null || slot === null) return [];
    return [
      `${hex(address['domain'] ?? '0', 4) ?? '0000'}:${bus}:${slot}.${hex(address['function'] ?? '0', 1) ?? '0'}`,
    ];
  });
  return [...new Set(names)].map((name) => ({ name, node: null }));
}

const READ: Readonly<Record<string, readonly string[]>> = {
  cputune: ['vcpupin', 'emulatorpin', 'iothreadpin'],
  numatune: ['memory', 'memnode'],
  memoryBacking: ['hugepages'],
};

/** What the elements about placement say beyond that. */
function leftOut({ domain, note }: Reading): void {
  for (const [name, read] of Object.entries(READ)) {
    const rest = new Set(
      at(domain, name)
        ?.children.map((child) => child.name)
        .filter((child) => !read.includes(child)),
    );
    if (rest.size > 0)
      note(
        null,
        `Its <${name}> also has ${listed([...rest].slice(0, 10).map((child) => `<${clean(child, 40)}>`))}, of which a plan says nothing.`,
      );
  }
}
