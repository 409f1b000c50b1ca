/** Pages of a process on nodes where none of its threads runs. */

import { formatBytes, formatPercent, nodeWords } from '../../text/format.ts';
import type { Check } from '../base/check.ts';
import {
  bytesByNode,
  bytesWords,
  cpusOfNode,
  cpuTimeWords,
  farOf,
  freeOf,
  homesOfProcess,
  movePages,
  moveThreads,
  ofPages,
  processWords,
  sumOf,
  whereOf,
} from '../base/process.ts';

/** Where its maker said so, other checks tell it. */
export const byDefault = ({ policy }: { readonly policy: string }): boolean =>
  policy === 'default' || policy === 'local';

export const remotePages: Check = {
  id: 'remote-pages',
  topic: 'processes',
  title: 'pages of processes against where they run',
  decisive: true,
  check: ofPages((process, mappings, facts, limits) => {
    const { topology } = facts;
    const own = bytesByNode(mappings.filter((one) => one.kind === 'anon' && byDefault(one)));
    const homes = homesOfProcess(topology, process);
    const far = farOf(own, homes);
    const [bytes, all] = [sumOf(far), sumOf(own)];
    const [home] = homes;
    if (home === undefined || bytes < limits['far-bytes'] || bytes / all < limits['far-share']) return [];
    const share = bytes / all;
    const nodes = [...far.keys()].sort((a, b) => a - b);
    // Where nobody knows how much is free, pages that find no room stay where they are.
    const fits = (freeOf(facts, home) ?? Infinity) > bytes;
    const [most] = [...far]
      .filter(([node]) => cpusOfNode(topology, node).length > 0)
      .sort((a, b) => b[1] - a[1])
      .map(([node]) => node);
    const fix = fits ? movePages(process, nodes, home) : most === undefined ? {} : moveThreads(topology, process, most);
    return [
      {
        severity: share >= 0.5 ? 'high' : 'medium',
        confidence: process.busy > 0 ? 0.9 : 0.6,
        sentence: `${processWords(process)} runs on ${nodeWords(homes)}, and ${formatPercent(share)} of its pages are on ${nodeWords(nodes)}.`,
        evidence: [
          cpuTimeWords(topology, process),
          `${formatBytes(all)} of its own pages: ${bytesWords(own)} (${process.origin})`,
        ],
        cause:
          'They were touched first while it ran there, or while its own node was full; nothing brings them along where it moves.',
        advice: fits
          ? 'Move the pages to it, and start it next time under numactl --cpunodebind and --membind of the same node.'
          : most === undefined
            ? 'Its own node has no room for them: make some there first.'
            : 'Its own node has no room for them: move it to most of its pages, and start it next time bound to one node.',
        ...fix,
        where: whereOf(process, [...homes, ...nodes]),
      },
    ];
  }),
};
