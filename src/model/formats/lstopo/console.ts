/**
 * What lstopo prints on a terminal (`--of console`, hwloc 1 and 2, with -p or -v too): objects by indentation. It is made a
 * document as hwloc 2 writes it, with the sets that the text leaves out, and read as such.
 */

import { PinboardError } from '../../problem.ts';
import type { Topology } from '../../topology/topology.ts';
import { element, objectsOf } from './console-line.ts';
import type { Growing } from './console-line.ts';
import { topologyOfXml } from './read.ts';
import { formatHwlocSet } from './set.ts';

const MAX_LINES = 200_000;
/** Bridges in bridges are what is nested deepest. */
const MAX_DEPTH = 64;
/** Every set is written out, so that many CPUs in many objects would take much memory. */
const MAX_PUS = 16_384;
const MAX_MEMORY = 1024;
const AGAIN = 'Write it again as XML: `lstopo --of xml FILE`.';

const MACHINE = /^([ \t]*)(?:Machine|System)(?: [LP]#\d+)?(?: \(.*\))?(?: \+ [A-Z].*)?:?[ \t]*$/;

/** The machine, and below it, indented, an object: Machine stands in many texts. */
export function looksLikeConsole(text: string): boolean {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const at = lines.findIndex((line) => MACHINE.test(line));
  const inside = lines[at]?.includes(' + PU ') === true ? lines[at] : lines[at + 1];
  return at !== -1 && /(?:^\s+|\+ )[A-Z]\w*(?:\([^()]*\))?(?: [LP]#\d+| \(| \+|\s*$)/.test(inside ?? '');
}

const isObject = ({ name }: Growing): boolean => name === 'object';

/** The machine of the text, and the lines after it. */
function treeIn(text: string): { readonly machine: Growing; readonly rest: readonly string[] } {
  const lines = text.split(/\r?\n/, MAX_LINES);
  const first = lines.findIndex((line) => MACHINE.test(line));
  const margin = MACHINE.exec(lines[first] ?? '')?.[1]?.length ?? 0;
  const open: { readonly indent: number; readonly depth: number; readonly object: Growing }[] = [];
  const tooMuch = (): PinboardError =>
    new PinboardError('bad-file', 'This lstopo output is larger or nested deeper than that of any machine.');
  if (lines.length === MAX_LINES) throw tooMuch();
  let machine: Growing | null = null;
  let at = Math.max(first, 0);
  for (; at < lines.length; at++) {
    const line = (lines[at] ?? '').trimEnd();
    const indent = line.length - line.trimStart().length;
    // What follows the tree (depths, distances) is not indented, or begins in small letters.
    if (line === '') continue;
    if (machine && indent <= margin) break;
    const objects = objectsOf(line.trim());
    if (!objects) {
      throw new PinboardError(
        'bad-file',
        `Line ${at + 1} of this lstopo output is no object ("${line.trim().slice(0, 40)}"): parts may have been left out or folded away.`,
        AGAIN,
      );
    }
    while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
    const depth = (open.at(-1)?.depth ?? 0) + objects.length;
    if (depth > MAX_DEPTH) throw tooMuch();
    let parent = open.at(-1)?.object ?? null;
    for (const object of objects) {
      if (parent) parent.children.push(object);
      else machine ??= object;
      parent = object;
    }
    if (parent) open.push({ indent, depth, object: parent });
  }
  if (!machine) throw new PinboardError('bad-file', 'This lstopo output holds no machine.', AGAIN);
  return { machine, rest: lines.slice(at) };
}

function* within(object: Growing): Generator<Growing> {
  yield object;
  for (const child of object.children) if (isObject(child)) yield* within(child);
}

/** Gives each object the PUs inside it, and memory, which hwloc 2 hangs beside what it is near to, those of that. */
function putSets(machine: Growing): void {
  const pusOf = new Map<Growing, number[]>();
  const count = (object: Growing): number[] => {
    const { type, os_index: id, offline } = object.attributes;
    const own = type === 'PU' && offline === undefined ? [Number(id)] : [];
    for (const child of object.children) if (isObject(child)) for (const pu of count(child)) own.push(pu);
    pusOf.set(
      object,
      own.sort((a, b) => a - b),
    );
    return own;
  };
  count(machine);
  // In hwloc 1 nodes are around their CPUs; those without are empty.
  const nodesAreAround = [...within(machine)].some(
    (object) => object.attributes['type'] === 'NUMANode' && (pusOf.get(object)?.length ?? 0) > 0,
  );
  const sets = new Map<string, string>();
  const put = (object: Growing, around: readonly number[]): void => {
    const own = pusOf.get(object) ?? [];
    const isMemory = /^(?:NUMANode|MemCache)$/.test(object.attributes['type'] ?? '');
    const cpus = isMemory && !nodesAreAround ? around : own;
    // No PU stands there twice: sets that begin alike and are as large are the same.
    const key = `${cpus[0] ?? ''} ${cpus.length}`;
    const written = sets.get(key) ?? formatHwlocSet(cpus);
    sets.set(key, written);
    object.attributes['cpuset'] = written;
    for (const child of object.children) if (isObject(child)) put(child, cpus);
  };
  put(machine, []);
}

/** The kernel's table of distances, which -v prints after the tree by the numbers of nodes in lstopo or in the kernel. */
function distancesIn(rest: readonly string[], nodes: readonly Growing[]): Growing[] {
  const at = rest.findIndex((line) => /^Relative latency matrix \(name NUMALatency\b.* NUMANodes /.test(line));
  if (at === -1) return [];
  const attribute = /by (?:logical|L#) index/.test(rest[at] ?? '') ? 'logical' : 'os_index';
  const numbers = (line: string | undefined): number[] => (line?.match(/\d+/g) ?? []).map(Number);
  const head = numbers(rest[at + 1]);
  const rows = rest.slice(at + 2, at + 2 + head.length).map((line) => numbers(line).slice(1));
  const ids = head.map((number) => nodes.find(({ attributes }) => attributes[attribute] === String(number)));
  if (head.length > 1024 || ids.includes(undefined) || rows.some((row) => row.length !== head.length)) return [];
  const table = element('distances2', { type: 'NUMANode', name: 'NUMALatency', indexing: 'os' });
  const indexes = ids.map((node) => node?.attributes['os_index'] ?? '').join(' ');
  table.children.push(element('indexes', {}, indexes), element('u64values', {}, rows.flat().join(' ')));
  return rows.length === head.length ? [table] : [];
}

/** Sets of the kernel's numbers of objects, without those that may not be used. */
const allowedOf = (objects: readonly Growing[]): string =>
  formatHwlocSet(
    objects.flatMap(({ attributes: { os_index: id, disallowed } }) => (disallowed === undefined ? [Number(id)] : [])),
  );

/** @throws PinboardError `bad-file`. */
export function readConsole(text: string, name: string): Topology {
  const { machine, rest } = treeIn(text);
  const objects = [...within(machine)];
  const of = (type: string): Growing[] => objects.filter(({ attributes }) => attributes['type'] === type);
  const [pus, nodes] = [of('PU'), of('NUMANode')];
  const isNumbered = ({ attributes }: Growing): boolean => attributes['os_index'] !== undefined;
  if (pus.length === 0 || pus.length > MAX_PUS) {
    throw new PinboardError(
      'bad-file',
      pus.length === 0 ? 'This lstopo output shows no PU.' : `This lstopo output shows more than ${MAX_PUS} PUs.`,
      'Write it without filters (--only, --ignore).',
    );
  }
  if (![...pus, ...nodes].every(isNumbered)) {
    throw new PinboardError(
      'bad-file',
      "This lstopo output has lstopo's own numbers (L#) alone; which CPUs of the kernel they are is not told.",
      'Write it again without -l.',
    );
  }
  const ids = pus.map(({ attributes }) => Number(attributes['os_index']));
  const memory = nodes.length + of('MemCache').length;
  if (Math.max(...ids) >= MAX_PUS || new Set(ids).size < ids.length || memory > MAX_MEMORY) {
    throw new PinboardError(
      'bad-file',
      new Set(ids).size < ids.length
        ? 'This lstopo output shows a PU twice.'
        : `This lstopo output shows PUs above ${MAX_PUS - 1} or more than ${MAX_MEMORY} NUMA nodes, the most that is read.`,
      null,
    );
  }
  putSets(machine);
  machine.attributes['allowed_cpuset'] = allowedOf(pus);
  if (nodes.length > 0) machine.attributes['allowed_nodeset'] = allowedOf(nodes);
  else {
    // One memory is the machine's in hwloc 1.
    const { cpuset = '', local_memory: size } = machine.attributes;
    const node = { type: 'NUMANode', os_index: '0', cpuset };
    machine.children.unshift(element('object', size === undefined ? node : { ...node, local_memory: size }));
  }
  const offline = pus.flatMap(({ attributes }) => (attributes['offline'] === undefined ? [] : [attributes]));
  for (const attributes of offline) attributes['type'] = 'offline PU';
  if (offline.length > 0) {
    const all = pus.map(({ attributes }) => Number(attributes['os_index']));
    machine.attributes['complete_cpuset'] = formatHwlocSet(all);
  }
  const distances = distancesIn(rest, nodes);
  const root = element('topology', { version: '2.0' });
  root.children.push(machine, ...distances);
  const topology = topologyOfXml(root, name);
  const unnumbered = (['Package', 'Core'] as const).filter((type) => !of(type).every(isNumbered));
  const missing = [
    ...(/[( ](?:size|local)=\d/.test(text) ? [] : ['exact sizes']),
    ...unnumbered.map((type) => `${type.toLowerCase()} numbers`),
    ...(distances.length === 0 && nodes.length > 1 ? ['distances'] : []),
    'huge pages',
    'what I/O devices are near to',
    ...(objects.some(({ attributes }) => attributes['disallowed'] !== undefined) ? [] : ['what this login may use']),
  ];
  return {
    ...topology,
    nodes: nodes.length > 0 ? topology.nodes : topology.nodes.map((node) => ({ ...node, inferred: true })),
    warnings: [
      `Read from lstopo's console text, which does not tell ${missing.join(', ')}.${unnumbered.includes('Package') ? ' Sockets are numbered by their first CPU.' : ''}`,
      ...topology.warnings,
    ],
  };
}
