import { capital } from '../../text/format.ts';
import { nodesNamed, ofNode, PERCENT } from './measure.ts';
import type { Measure } from './measure.ts';

export const huge: Measure = {
  key: 'huge',
  name: 'Huge pages',
  unit: '%',
  limits: PERCENT,
  paints: 'node',
  about: 'machine',
  meaning: 'Share in use of the huge pages reserved on the node. No figure if none are reserved.',
  permission: null,
  missing: 'No huge pages are reserved.',
  value: ofNode((node) => {
    const total = node.hugepages.reduce((sum, pages) => sum + pages.total * pages.sizeBytes, 0);
    const unused = node.hugepages.reduce((sum, pages) => sum + pages.free * pages.sizeBytes, 0);
    return total === 0 ? null : ((total - unused) / total) * 100;
  }),
  sentence: (_, sample) => {
    const reserved = sample.nodes.filter((node) => node.hugepages.some(({ total }) => total > 0)).map(({ id }) => id);
    if (reserved.length === 0) return huge.missing;
    return `${capital(nodesNamed(reserved))} ${reserved.length === 1 ? 'has' : 'have'} huge pages reserved.`;
  },
};
