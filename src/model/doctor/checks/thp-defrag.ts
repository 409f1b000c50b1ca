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
    // Linux 4.6 made madvise the default, and 4.11 brought the mode between.
    const isDefault = !kernel.thpDefragModes.includes('defer');
    const better = kernel.thpDefragModes.includes('defer+madvise') ? 'defer+madvise' : 'madvise';
    return [
      {
        severity: 'medium',
        confidence: 0.8,
        sentence:
          'Every page fault for a huge page may wait for the kernel to compact and reclaim memory of the node first.',
        evidence: [
          `always (${FILE}; the default of ${isDefault ? 'kernels before 4.6' : 'the kernel is madvise'})`,
          ...(typeof enabled === 'string' ? [`${enabled} (transparent_hugepage/enabled)`] : []),
        ],
        cause: isDefault
          ? 'It is the default of this kernel, which is older than 4.6.'
          : 'It was set by hand or by a profile.',
        advice: `With ${better} only programs that ask for huge pages wait${better === 'madvise' ? '' : '; for all others it is done in the background'}.`,
        remedy: [writeFile(FILE, better)],
        undo: [writeFile(FILE, 'always')],
      },
    ];
  },
};
