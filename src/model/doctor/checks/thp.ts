/** Transparent huge pages: switched off, large memory costs a TLB miss nearly each access, and those walk remote tables. */

import { formatBytes } from '../../text/format.ts';
import { isUnavailable } from '../../run/run.ts';
import { writeFile } from '../base/check.ts';
import type { Check } from '../base/check.ts';
import { bytesByNode, processWords, sumOf, watched } from '../base/process.ts';
import type { LiveProcess } from '../facts/live.ts';

const FILE = '/sys/kernel/mm/transparent_hugepage/enabled';

const ownBytes = ({ mappings, residentBytes }: LiveProcess): number =>
  isUnavailable(mappings) ? residentBytes : sumOf(bytesByNode(mappings.filter(({ kind }) => kind === 'anon')));

export const thp: Check = {
  id: 'thp',
  topic: 'kernel',
  title: 'transparent huge pages',
  check({ environment, live, topology }, limits) {
    const mode = environment['thp'];
    if (mode === undefined) return { unavailable: `the host does not show ${FILE}` };
    if (isUnavailable(mode)) return mode;
    if (mode !== 'never') return [];
    // A quarter of a small host is as much to it.
    const memory = topology.nodes.reduce((sum, node) => sum + (node.memoryBytes ?? 0), 0);
    const least = Math.min(limits['large-process-bytes'], memory / 4);
    const large = isUnavailable(live) ? [] : watched(live, limits).filter((process) => ownBytes(process) >= least);
    const [first] = large;
    return [
      {
        severity: first ? 'medium' : 'low',
        confidence: first ? 0.6 : 0.7,
        sentence: `Transparent huge pages are switched off: programs cannot have them even where they ask${first ? `, and ${processWords(first)} is large` : ''}.`,
        evidence: [
          `never (${FILE})`,
          ...large.map((process) => `${processWords(process)}: ${formatBytes(ownBytes(process))} in small pages`),
        ],
        cause: 'It was set by hand, by a profile, or with transparent_hugepage=never on the kernel command line.',
        advice: 'With madvise, only programs that ask for them get them.',
        remedy: [writeFile(FILE, 'madvise')],
        undo: [writeFile(FILE, 'never')],
        where: { pids: large.map(({ pid }) => pid) },
      },
    ];
  },
};
