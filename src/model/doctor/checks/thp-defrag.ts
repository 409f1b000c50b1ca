/** `defrag=always`: a page fault waits until memory of the node has been moved together to a huge page. */

import { isUnavailable } from '../../run/run.ts';
import { writeFile } from '../base/check.ts';
import type { Check } from '../base/check.ts';

const FILE = '/sys/kernel/mm/transparent_hugepage/defrag';

export const thpDefrag: Check = {
  id: 'thp-defrag',
  topic: 'kernel',
  title: 'defragmentation for transparent huge pages',
  check({ kernel, environment }) {
    const mode = kernel.thpDefrag;
    if (isUnavailable(mode)) return mode;
    const enabled = environment['thp'];
    if (mode !== 'always' || enabled === 'never') return [];
    return [
      {
        severity: 'medium',
        confidence: 0.8,
        sentence:
          'Every page fault for a huge page may wait for the kernel to compact and reclaim memory of the node first.',
        evidence: [
          `always (${FILE}; the kernel's default is madvise)`,
          ...(typeof enabled === 'string' ? [`${enabled} (transparent_hugepage/enabled)`] : []),
        ],
        cause: 'It was set by hand or by a profile.',
        advice:
          'With defer+madvise only programs that ask for huge pages wait; for all others it is done in the background.',
        remedy: [writeFile(FILE, 'defer+madvise')],
        undo: [writeFile(FILE, 'always')],
      },
    ];
  },
};
