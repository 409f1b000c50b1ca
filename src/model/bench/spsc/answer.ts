/** What a shown difference between two queues says, in the words of the question that they ask. */

import type { SpscCase } from '../../cases/spsc.ts';
import type { Comparison, Result } from '../../run/run.ts';
import { capital, found } from '../../text/format.ts';
import type { Topology } from '../../topology/topology.ts';
import type { Answer } from '../bench.ts';
import { isNegligible } from '../negligible.ts';
import { crossingWords, differing } from './plan.ts';

export function answer(
  topology: Topology,
  one: SpscCase,
  two: SpscCase,
  comparison: Comparison,
  { metric }: Result,
): Answer {
  const { change } = comparison;
  const time = metric === 'ns';
  const better = time ? change < 0 : change > 0;
  const tone = better ? 'gain' : 'loss';
  const even = isNegligible(comparison.interval);
  const keys = differing(one, two);
  if (keys.length === 1 && keys[0] === 'pin') {
    const pays = one.pin ? better : !better;
    if (even) return { tone: 'even', sentence: 'No. Pinned or not differ by less than 2 %.' };
    return {
      tone,
      sentence: `${pays ? 'Yes' : 'No'}. ${one.pin ? 'Pinned' : 'Not pinned'} it ${found(change, time)}.`,
    };
  }
  if (!keys.includes('producer') && !keys.includes('consumer')) {
    if (even) return { tone: 'even', sentence: 'No. The two differ by less than 2 %.' };
    return { tone, sentence: `Yes. It ${found(change, time)}.` };
  }
  if (even) return { tone: 'even', sentence: 'Yes. The two differ by less than 2 %.' };
  return {
    tone,
    sentence: `${better ? 'Yes' : 'No'}. ${capital(crossingWords(topology, one))} it ${found(change, time)}.`,
  };
}
