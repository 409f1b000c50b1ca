/** How the agent is asked to measure memory. */

import type { MemoryCase } from '../../cases/memory.ts';
import { PinboardError } from '../../problem.ts';
import type { MeasuredBench } from '../bench.ts';
import { FIGURES, MEMORY } from './bench.ts';
import { memoryQuestion } from './labels.ts';
import { memoryWords } from './repeat.ts';

export const MEASURED_MEMORY: MeasuredBench<MemoryCase> = {
  ...MEMORY,
  figure: ({ what }) => FIGURES[what],
  places: ({ cpus, nodes }) => ({ cpus, nodes }),
  agentWords: (cases) => {
    if (cases.length === 0) throw new PinboardError('usage', 'A memory run needs at least one case.');
    return ['memory'];
  },
  agentCase: ({ what, cpus, policy, nodes, pages, sizeBytes, kernel, pauseNs }) => ({
    ...{ what, cpu: cpus.join('+') },
    ...(policy === 'bind' ? {} : { policy }),
    ...(policy === 'local' ? {} : { node: nodes.join('+') }),
    ...{ pages, size: sizeBytes },
    ...(kernel === undefined || kernel === 'triad' ? {} : { kernel }),
    ...(pauseNs === undefined ? {} : { pause: pauseNs }),
  }),
  repeatWords: (cases, _, timing) => memoryWords(cases, timing),
  question: (_, cases) => memoryQuestion(cases),
};
