/** Memory of tmpfs and shared memory on another node than its user, and mounts that put it there. */

import { formatBytes, formatPercent, nodeWords } from '../../text/format.ts';
import { quoteWord } from '../../text/command-line.ts';
import { isUnavailable } from '../../run/run.ts';
import type { Check } from '../base/check.ts';
import type { Told } from '../base/finding.ts';
import { guestOf } from '../base/guest.ts';
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
import type { TmpfsMount } from '../facts/kernel.ts';

const remount = ({ path }: TmpfsMount, policy: string): string =>
  `sudo mount -o remount,mpol=${policy} ${quoteWord(path)}`;

const byProcess = ofPages((process, mappings, { topology }, limits): Told[] => {
  const shared = mappings.filter(({ kind }) => kind === 'shared');
  const homes = homesOfProcess(topology, process);
  const [bytes, far] = [bytesByNode(shared), farOf(bytesByNode(shared), homes)];
  // The memory of a guest is looked at as such.
  if (homes.length === 0 || guestOf(process) || sumOf(far) < limits['far-file-bytes']) return [];
  if (sumOf(far) / sumOf(bytes) < limits['far-share']) return [];
  const nodes = [...far.keys()].sort((a, b) => a - b);
  const names = [...new Set(shared.map(({ name }) => name))].slice(0, 4);
  return [
    {
      severity: 'medium',
      confidence: 0.8,
      sentence: `${processWords(process)} runs on ${nodeWords(homes)}, and ${formatPercent(sumOf(far) / sumOf(bytes))} of the shared memory it uses is on ${nodeWords(nodes)}.`,
      evidence: [
        `${formatBytes(sumOf(bytes))} of tmpfs and shared memory: ${bytesWords(bytes)} (${process.origin})`,
        ...names,
        cpuTimeWords(topology, process),
      ],
      cause: 'It was written first by a thread on the other node, or its mount interleaves or binds it (mpol=).',
      advice:
        'Let a thread on the node of its user write it, or mount the tmpfs with mpol=bind of that node; what is there already moves with its process.',
      remedy: [`sudo migratepages ${process.pid} ${nodes.join(',')} ${homes[0] ?? 0}`],
      undo: [`sudo migratepages ${process.pid} ${homes[0] ?? 0} ${nodes[0] ?? 0}`],
      where: whereOf(process, [...homes, ...nodes]),
    },
  ];
});

export const tmpfsFar: Check = {
  id: 'tmpfs-far',
  topic: 'memory',
  title: 'tmpfs and shared memory',
  check(facts, limits) {
    const { tmpfs } = facts.kernel;
    const mounts = isUnavailable(tmpfs) ? [] : tmpfs.filter(({ policy }) => policy !== null);
    const shared = isUnavailable(facts.live)
      ? null
      : new Map(facts.live.nodes.map(({ id, sharedBytes }) => [id, sharedBytes ?? 0]));
    const used = shared !== null && shared.size > 0 && sumOf(shared) >= limits['far-file-bytes'];
    const told = mounts.map((mount): Told => {
      const policy = mount.policy ?? '';
      const spreads = policy.startsWith('interleave');
      return {
        severity: used ? 'medium' : 'low',
        confidence: spreads ? 0.6 : 0.5,
        sentence: spreads
          ? `Files in ${mount.path} are interleaved over nodes: for any user a part of them is remote.`
          : `Files in ${mount.path} lie where its mount puts them (${policy}), not near who writes them.`,
        evidence: [
          `mpol=${policy} of ${mount.path} (/proc/mounts)`,
          ...(shared === null
            ? []
            : [`tmpfs and shared memory in all: ${bytesWords(shared)} (Shmem of the nodes' meminfo)`]),
        ],
        cause: 'It was mounted with a memory policy.',
        advice:
          'Without one, files lie on the node of the thread that writes them. A new policy counts for new pages only.',
        remedy: [remount(mount, 'default')],
        undo: [remount(mount, policy)],
      };
    });
    const far = byProcess(facts, limits);
    return isUnavailable(far) ? (told.length > 0 ? told : far) : [...far, ...told];
  },
};
