import { formatBytes } from '../../text/format.ts';
import type { NodeSample } from '../sample.ts';
import { most, ofNode, PERCENT } from './measure.ts';
import type { Measure } from './measure.ts';

/** Nodes whose free memory differs by less have the same. */
const PART = 0.05;

const held = ({ freeBytes, usedBytes }: NodeSample): number | null =>
  freeBytes === null || usedBytes === null ? null : freeBytes + usedBytes;
/** A node without memory has none free, and nothing follows from that. */
const freeOf = (node: NodeSample): number | null => (held(node) === 0 ? null : node.freeBytes);

export const free: Measure = {
  key: 'free',
  name: 'Free memory',
  group: 'Memory',
  unit: '%',
  limits: PERCENT,
  paints: 'node',
  about: 'machine',
  meaning: 'Unused memory of the node; page cache counts as used.',
  permission: null,
  missing: 'This host does not report free memory.',
  value: ofNode((node) => {
    const all = held(node);
    return all === null || all === 0 || node.freeBytes === null ? null : (node.freeBytes / all) * 100;
  }),
  sentence: (_, sample) => {
    const top = most(sample, freeOf);
    if (!top) return free.missing;
    const known = sample.nodes.flatMap((node) => freeOf(node) ?? []);
    if (top.value === 0) return 'No memory is free.';
    if (known.length === 1) {
      const all = sample.nodes.map(held).find((bytes) => bytes !== null && bytes > 0);
      return `${formatBytes(top.value)}${all == null ? '' : ` of ${formatBytes(all)}`} is free.`;
    }
    if (top.value - Math.min(...known) <= top.value * PART)
      return `All nodes have about the same memory free, ${formatBytes(top.value)} each.`;
    return `Node ${top.id} has the most free memory, ${formatBytes(top.value)}.`;
  },
};
