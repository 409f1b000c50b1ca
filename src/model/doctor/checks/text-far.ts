/** Program text, libraries and other files that a process has mapped, in the page cache of another node. */

import { formatBytes, formatPercent, nodeWords } from '../../text/format.ts';
import { quoteWord } from '../../text/command-line.ts';
import { MAX_NAME } from '../facts/numa-maps.ts';
import type { Check } from '../base/check.ts';
import {
  bytesByNode,
  bytesWords,
  cpuTimeWords,
  farOf,
  homesOfProcess,
  ofPages,
  processWords,
  sumOf,
  whereOf,
} from '../base/process.ts';

export const textFar: Check = {
  id: 'text-far',
  topic: 'processes',
  title: 'mapped files against where their users run',
  check: ofPages((process, mappings, { topology }, limits) => {
    const files = mappings.filter(({ kind }) => kind === 'file');
    const homes = homesOfProcess(topology, process);
    const [bytes, far] = [bytesByNode(files), farOf(bytesByNode(files), homes)];
    const [home] = homes;
    if (home === undefined || sumOf(far) < limits['far-file-bytes'] || sumOf(far) / sumOf(bytes) < 0.5) return [];
    const byName = new Map<string, number>();
    for (const file of files) {
      const own = sumOf(farOf(bytesByNode([file]), homes));
      byName.set(file.name, (byName.get(file.name) ?? 0) + own);
    }
    const largest = [...byName].sort((a, b) => b[1] - a[1]).slice(0, 4);
    // A file that is deleted, or whose name was too long to be kept, cannot be named to a program.
    const there = largest.filter(([name]) => name.length < MAX_NAME && !name.endsWith(' (deleted)'));
    const nodes = [...far.keys()].sort((a, b) => a - b);
    return [
      {
        severity: 'medium',
        confidence: 0.75,
        sentence: `${processWords(process)} runs on ${nodeWords(homes)}, and ${formatPercent(sumOf(far) / sumOf(bytes))} of the file pages it has mapped are on ${nodeWords(nodes)}.`,
        evidence: [
          `${formatBytes(sumOf(bytes))} of mapped files: ${bytesWords(bytes)} (${process.origin})`,
          ...largest.map(([name, own]) => `${name}: ${formatBytes(own)} far`),
          cpuTimeWords(topology, process),
        ],
        cause:
          'Pages of a file stay on the node of whoever read it first: another program, a copy, the start of the host.',
        advice: 'End the program, drop the files from the page cache, and let a thread on its node read them first.',
        remedy: [
          ...(there.length === 0 ? [] : [`# once ${process.name} has ended:`]),
          ...there.map(([name]) => `dd if=${quoteWord(name)} iflag=nocache count=0`),
          ...there.map(
            ([name]) => `numactl --cpunodebind=${home} --membind=${home} cat ${quoteWord(name)} > /dev/null`,
          ),
        ],
        undo: there.length === 0 ? [] : ['# nothing is changed but where the cache lies'],
        where: whereOf(process, [...homes, ...nodes]),
      },
    ];
  }),
};
