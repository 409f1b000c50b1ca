import type { NodeSample } from '../sample.ts';
import { most, ofNode, PERCENT, rounded } from './measure.ts';
import type { Measure } from './measure.ts';

function share({ otherPerSecond, localPerSecond }: NodeSample): number | null {
  if (otherPerSecond === null || localPerSecond === null) return null;
  const all = otherPerSecond + localPerSecond;
  return all === 0 ? null : (otherPerSecond / all) * 100;
}

export const remote: Measure = {
  key: 'remote',
  name: 'Remote share',
  group: 'Allocations',
  unit: '%',
  limits: PERCENT,
  paints: 'node',
  about: 'machine',
  meaning:
    'Share of the pages allocated on this node that went to CPUs of other nodes. No figure if none were allocated.',
  permission: null,
  missing: 'No pages were allocated in the last interval.',
  value: ofNode(share),
  sentence: (topology, sample) => {
    if (topology.nodes.length === 1) return 'Only one node: no page can be allocated from elsewhere.';
    if (sample.nodes.every(({ otherPerSecond }) => otherPerSecond === null))
      return 'This host does not count allocations per node.';
    const top = most(sample, share);
    if (!top) return remote.missing;
    if (top.value === 0) return 'No node gave a page to CPUs elsewhere.';
    return `Node ${top.id} gives ${rounded(top.value, '%')} of its pages to CPUs elsewhere.`;
  },
};
