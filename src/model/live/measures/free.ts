import { formatBytes } from '../../text/format.ts';
import { most, ofNode, PERCENT } from './measure.ts';
import type { Measure } from './measure.ts';

export const free: Measure = {
  key: 'free',
  name: 'Free memory',
  unit: '%',
  limits: PERCENT,
  paints: 'node',
  about: 'machine',
  meaning: 'Unused memory of the node; page cache counts as used.',
  permission: null,
  missing: 'This host does not report free memory.',
  value: ofNode((node) => {
    if (node.freeBytes === null || node.usedBytes === null) return null;
    const all = node.freeBytes + node.usedBytes;
    return all === 0 ? null : (node.freeBytes / all) * 100;
  }),
  sentence: (_, sample) => {
    const top = most(sample, (node) => node.freeBytes);
    return top ? `Node ${top.id} has the most free memory, ${formatBytes(top.value)}.` : free.missing;
  },
};
