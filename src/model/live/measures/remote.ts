import type { NodeSample } from '../sample.ts';
import { most, ofNode, PERCENT } from './measure.ts';
import type { Measure } from './measure.ts';

function share({ otherPerSecond, localPerSecond }: NodeSample): number | null {
  if (otherPerSecond === null || localPerSecond === null) return null;
  const all = otherPerSecond + localPerSecond;
  return all === 0 ? null : (otherPerSecond / all) * 100;
}

export const remote: Measure = {
  key: 'remote',
  name: 'Remote share',
  unit: '%',
  limits: PERCENT,
  paints: 'node',
  about: 'machine',
  meaning:
    'Share of the pages allocated on this node that went to CPUs of other nodes. No figure if none were allocated.',
  permission: null,
  missing: 'No pages were allocated in the last interval.',
  value: ofNode(share),
  sentence: (_, sample) => {
    const top = most(sample, share);
    return top ? `Node ${top.id} gives ${Math.round(top.value)} % of its pages to CPUs elsewhere.` : remote.missing;
  },
};
