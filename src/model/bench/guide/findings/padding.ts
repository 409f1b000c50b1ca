/** How far apart the ring's indices should be. */

import { DEFAULT_WORKLOAD } from '../../spsc/workload.ts';
import { capital } from '../../../text/format.ts';
import { OTHER_PADDING } from '../pair-kinds.ts';
import { ask } from './maker.ts';
import type { FindingMaker } from './maker.ts';

const WIDE = DEFAULT_WORKLOAD.padding;

export const padding: FindingMaker = {
  topic: 'padding',
  heading: 'Padding',
  questions: ({ pairs }) =>
    pairs.flatMap(({ crossing: { name }, take }) =>
      ask(take('plain', false), take('padding', false), {
        ...{ id: `padding: ${name}`, base: `${OTHER_PADDING} bytes` },
        change: `${capital(name)}, with ${WIDE} bytes between the ring’s indices,`,
        better: `Keep ${WIDE} bytes between the indices.`,
        worse: `${OTHER_PADDING} bytes between the indices are better here than ${WIDE}.`,
      }),
    ),
};
