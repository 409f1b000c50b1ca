/** One channel a socket or one across: what follows from the throughput of the farthest pair. */

import type { Finding } from '../../../run/finding.ts';
import { formatFigure } from '../../../text/format.ts';
import type { Topology } from '../../../topology/topology.ts';
import type { MeasuredPair } from '../compare.ts';
import { isFar } from '../pair-kinds.ts';
import type { FindingMaker, Statement } from './maker.ts';

/** A loss below this is nothing to build a program around. */
const WORTH = 0.1;

function statement(topology: Topology, far: MeasuredPair, near: MeasuredPair, across: Finding): Statement {
  const unit = topology.packages.length > 1 ? 'socket' : 'node';
  const [evidence] = across.evidence;
  const base = { id: 'channels', evidence: across.evidence };
  const emulated = far.take('plain', false)?.result.emulated === true;
  const where = emulated ? ', on an emulated host' : '';
  if (across.kind !== 'shown' || !evidence) {
    const sentence = `No benefit of a channel per ${unit} could be shown${where}.`;
    return { ...base, kind: across.kind === 'shown' ? 'cannot-be-answered' : across.kind, sentence, advice: null };
  }
  const ratio = (change: number): string => `${formatFigure(1 / (1 + change))} ×`;
  const [low, high] = evidence.interval;
  const words = `A channel ${near.crossing.name} carries ${ratio(evidence.change)} (${ratio(high)} to ${ratio(low)}) what one ${far.crossing.name} does, each measured alone${where}.`;
  const advice =
    high < -WORTH
      ? `Use one channel per ${unit}, and send only what has to cross between them.`
      : `A single channel for all ${unit}s costs little here.`;
  return { ...base, kind: 'shown', sentence: words, advice: emulated ? null : advice };
}

export const channels: FindingMaker = {
  topic: 'channels',
  heading: 'One channel per socket',
  conclude: ({ topology, pairs, near }, { answers }) => {
    const far = pairs.findLast(({ crossing }) => isFar(crossing));
    const across = far && answers.find(({ id }) => id === `throughput: ${far.crossing.name}`);
    return near && across ? [statement(topology, far, near, across)] : [];
  },
};
