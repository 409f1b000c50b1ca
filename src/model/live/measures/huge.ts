import { capital, formatBytes } from '../../text/format.ts';
import type { NodeSample } from '../sample.ts';
import { nodesNamed, ofNode, PERCENT } from './measure.ts';
import type { Measure } from './measure.ts';

const bytesOf = ({ hugepages }: NodeSample, key: 'total' | 'free'): number =>
  hugepages.reduce((sum, pages) => sum + pages[key] * pages.sizeBytes, 0);
const sum = (nodes: readonly NodeSample[], key: 'total' | 'free'): number =>
  nodes.reduce((all, node) => all + bytesOf(node, key), 0);

export const huge: Measure = {
  key: 'huge',
  name: 'Huge pages',
  group: 'Memory',
  unit: '%',
  limits: PERCENT,
  paints: 'node',
  about: 'machine',
  meaning: 'Share in use of the huge pages reserved on the node. No figure if none are reserved.',
  permission: null,
  missing: 'No huge pages are reserved.',
  value: ofNode((node) => {
    const total = bytesOf(node, 'total');
    return total === 0 ? null : ((total - bytesOf(node, 'free')) / total) * 100;
  }),
  sentence: (_, { nodes }) => {
    if (nodes.every(({ hugepages }) => hugepages.length === 0)) return 'This host shows no pools of huge pages.';
    const reserved = nodes.filter((node) => bytesOf(node, 'total') > 0);
    if (reserved.length === 0) return huge.missing;
    const [total, unused] = [sum(reserved, 'total'), sum(reserved, 'free')];
    const used =
      unused === total ? 'none in use' : unused === 0 ? 'all in use' : `${formatBytes(total - unused)} in use`;
    const verb = reserved.length === 1 ? 'has' : 'have';
    return `${capital(nodesNamed(reserved.map(({ id }) => id)))} ${verb} ${formatBytes(total)} of huge pages reserved, ${used}.`;
  },
};
