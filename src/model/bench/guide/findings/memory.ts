/** On whose node the ring should lie. */

import { nodeOf } from '../../../topology/relation.ts';
import type { Topology } from '../../../topology/topology.ts';
import { capital } from '../../../text/format.ts';
import type { MeasuredPair } from '../compare.ts';
import { ask, METRICS } from './maker.ts';
import type { FindingMaker, Question } from './maker.ts';

/** "the producer’s node", or what is nearest to a CPU whose own node gives no memory. */
function nodeOfEnd(topology: Topology, end: 'producer' | 'consumer', cpu: number, node: string): string {
  const own = String(nodeOf(topology, cpu)?.id ?? '') === node;
  return own ? `the ${end}’s node` : `the node nearest to the ${end}`;
}

function questionsOf(topology: Topology, { crossing, take }: MeasuredPair): Question[] {
  return METRICS.flatMap(({ latency, what }) => {
    const [away, plain] = [take('away', latency), take('plain', latency)];
    if (!away || !plain) return [];
    const [there, here] = [String(away.spsc.memory), String(plain.spsc.memory)];
    const home = nodeOfEnd(topology, 'producer', crossing.producer, here);
    const other = nodeOfEnd(topology, 'consumer', crossing.consumer, there);
    return ask(away, plain, {
      id: `memory, ${what}: ${crossing.name}`,
      base: `node ${here}, ${home.replace(/’s node$/, '’s')}`,
      change: `${capital(crossing.name)}, with the ring on ${other} ${there},`,
      better: `For ${what}, place the ring on ${other} (here ${there}).`,
      worse: `For ${what}, place the ring on ${home} (here ${here}).`,
    });
  });
}

export const memory: FindingMaker = {
  topic: 'memory',
  heading: 'Where to place the memory',
  questions: ({ topology, pairs }) => pairs.flatMap((pair) => questionsOf(topology, pair)),
};
