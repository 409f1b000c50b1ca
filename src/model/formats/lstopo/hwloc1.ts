/**
 * The XML of hwloc 1, in the words of hwloc 2: most published files are that, and hwloc 3 no longer reads it. Where an object
 * stands does not matter to the reader, for each names its CPUs; what differs is what objects, sets and distances are called.
 */

import type { XmlElement } from '../xml.ts';
import { majorOf, whole } from './objects.ts';
import { formatHwlocSet, parseHwlocSet } from './set.ts';

const TYPES: Readonly<Record<string, string>> = { System: 'Machine', Socket: 'Package', Node: 'NUMANode' };

/** A set that is not there is that of the object around. */
function typeOf({ attributes }: XmlElement): string {
  const { type = '', depth = '', cache_type: cacheType } = attributes;
  if (type === 'Cache') return `L${depth}${cacheType === '2' ? 'i' : ''}Cache`;
  return TYPES[type] ?? type;
}

function objectOf(element: XmlElement): XmlElement {
  if (element.name !== 'object') return element;
  const type = typeOf(element);
  // Clusters are groups whose kind stands in an info, as every word without a place of its own did.
  const named = element.children.find(({ name, attributes }) => name === 'info' && attributes['name'] === 'Type');
  const subtype = named?.attributes['value'];
  return {
    ...element,
    attributes: { ...element.attributes, type, ...(subtype === undefined ? {} : { subtype }) },
    children: element.children.filter(({ name }) => name !== 'distances').map(objectOf),
  };
}

const within = (element: XmlElement): XmlElement[] => [
  element,
  ...element.children.filter(({ name }) => name === 'object').flatMap(within),
];

/** A machine with one memory has no NUMA node there: the memory is the machine's. */
function withNode(machine: XmlElement, all: readonly XmlElement[]): XmlElement {
  if (all.some(({ attributes }) => attributes['type'] === 'NUMANode')) return machine;
  const { cpuset, local_memory: memory } = machine.attributes;
  const node: XmlElement = {
    name: 'object',
    attributes: {
      type: 'NUMANode',
      os_index: '0',
      ...(cpuset === undefined ? {} : { cpuset }),
      ...(memory === undefined ? {} : { local_memory: memory }),
    },
    children: machine.children.filter(({ name }) => name === 'page_type'),
    text: '',
  };
  return { ...machine, children: [node, ...machine.children] };
}

/** hwloc 1 divided the kernel's figures by their smallest; only the table over all nodes is the kernel's. */
function distancesIn(root: XmlElement, nodes: readonly number[]): XmlElement[] {
  const tables = within(root).flatMap(({ children }) => children.filter(({ name }) => name === 'distances'));
  return tables.flatMap((table): XmlElement[] => {
    const count = whole(table, 'nbobjs', 1024);
    const base = Number(table.attributes['latency_base'] ?? '1');
    const figures = table.children.filter(({ name }) => name === 'latency');
    const values = figures.map(({ attributes }) => Math.round(Number(attributes['value']) * base));
    if (count !== nodes.length || values.length !== count ** 2 || !values.every((value) => value >= 0)) return [];
    const part = (name: string, numbers: readonly number[]): XmlElement => ({
      name,
      attributes: {},
      children: [],
      text: numbers.join(' '),
    });
    return [
      {
        name: 'distances2',
        attributes: { type: 'NUMANode', name: 'NUMALatency', indexing: 'os' },
        children: [part('indexes', nodes), part('u64values', values)],
        text: '',
      },
    ];
  });
}

/** The document as hwloc 2 would have written it; one that hwloc 2 or 3 wrote is given back. */
export function inWordsOfHwloc2(root: XmlElement): XmlElement {
  if (majorOf(root) !== 1) return root;
  const machine = root.children.find(({ name }) => name === 'object');
  if (!machine) return root;
  const renamed = objectOf(machine);
  const all = within(renamed);
  // In the order in which they stand, which is that of the table.
  const nodes = all
    .filter(({ attributes }) => attributes['type'] === 'NUMANode')
    .flatMap((node) => whole(node, 'os_index', 65_535) ?? []);
  const known = parseHwlocSet(renamed.attributes['cpuset']);
  const pus = all
    .filter(({ attributes }) => attributes['type'] === 'PU')
    .flatMap((pu) => whole(pu, 'os_index', 65_535) ?? []);
  const whole2 =
    known === null ? { ...renamed, attributes: { ...renamed.attributes, cpuset: formatHwlocSet(pus) } } : renamed;
  return {
    ...root,
    attributes: { ...root.attributes, version: '2.0' },
    children: [withNode(whole2, all), ...distancesIn(machine, nodes)],
  };
}
