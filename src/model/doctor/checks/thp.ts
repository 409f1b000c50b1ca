/** Transparent huge pages: switched off, large memory costs a TLB miss nearly each access, and those walk remote tables. */

import { isUnavailable } from '../../run/run.ts';
import { writeFile } from '../base/check.ts';
import type { Check } from '../base/check.ts';

const FILE = '/sys/kernel/mm/transparent_hugepage/enabled';

export const thp: Check = {
  id: 'thp',
  topic: 'kernel',
  title: 'transparent huge pages',
  check({ environment }) {
    const mode = environment['thp'];
    if (mode === undefined) return { unavailable: `the host does not show ${FILE}` };
    if (isUnavailable(mode)) return mode;
    if (mode !== 'never') return [];
    return [
      {
        severity: 'low',
        confidence: 0.7,
        sentence: 'Transparent huge pages are switched off: programs cannot have them even where they ask.',
        evidence: [`never (${FILE})`],
        cause: 'It was set by hand, by a profile, or with transparent_hugepage=never on the kernel command line.',
        advice: 'With madvise, only programs that ask for them get them.',
        remedy: [writeFile(FILE, 'madvise')],
        undo: [writeFile(FILE, 'never')],
      },
    ];
  },
};
