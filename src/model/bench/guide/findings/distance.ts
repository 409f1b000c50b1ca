/** What each way to cross costs against the near one. */

import { capital } from '../../../text/format.ts';
import { ask } from './maker.ts';
import type { FindingMaker, Guided, Question } from './maker.ts';

function questions({ pairs, near }: Guided, latency: boolean): Question[] {
  if (!near) return [];
  return pairs.flatMap((pair) => {
    const { name } = pair.crossing;
    if (pair === near) return [];
    return ask(pair.take('plain', latency), near.take('plain', latency), {
      ...{ id: `${latency ? 'latency' : 'throughput'}: ${name}`, change: capital(name), base: near.crossing.name },
      ...{ better: null, worse: null },
    });
  });
}

export const throughput: FindingMaker = {
  topic: 'throughput',
  heading: 'Throughput',
  questions: (guided) => questions(guided, false),
};

export const latency: FindingMaker = {
  topic: 'latency',
  heading: 'Latency',
  questions: (guided) => questions(guided, true),
};
