/** Huge pages reserved on one node and needed on another. */

import { formatBytes, formatPercent, listed, nodeWords, plural } from '../../text/format.ts';
import { isUnavailable } from '../../run/run.ts';
import {
  bytesByNode,
  bytesWords,
  cpuTimeWords,
  farOf,
  homesOfProcess,
  moveThreads,
  ofPages,
  processWords,
  sumOf,
  whereOf,
} from '../base/process.ts';
import type { Facts } from '../facts/facts.ts';
import { homesOf } from '../base/check.ts';
import type { Check } from '../base/check.ts';
import { setCommand } from '../../hugepages/change.ts';
import type { Pool, PoolsOfNode } from '../../hugepages/pools.ts';
import type { Told } from '../base/finding.ts';

interface OnNode {
  readonly node: PoolsOfNode;
  readonly pool: Pool;
}

/** Pages above those that overcommitting added: what somebody reserved. */
const reserved = ({ pool }: OnNode): number => pool.total - (pool.surplus ?? 0);
const used = ({ pool }: OnNode): number | null => (pool.free === null ? null : pool.total - pool.free);

export const hugepagesWrongNode: Check = {
  id: 'hugepages-wrong-node',
  topic: 'memory',
  title: 'pools of huge pages',
  check(facts, limits) {
    const users = usersOf(facts, limits);
    return [...(isUnavailable(users) ? [] : users), ...ofPools(facts)];
  },
};

/** Who uses huge pages of a node where it does not run. */
const usersOf = ofPages((process, mappings, { topology }, limits): Told[] => {
  const huge = mappings.filter(({ kind }) => kind === 'huge');
  const homes = homesOfProcess(topology, process);
  const [bytes, far] = [bytesByNode(huge), farOf(bytesByNode(huge), homes)];
  const [home] = homes;
  if (home === undefined || sumOf(far) < limits['far-file-bytes'] || sumOf(far) / sumOf(bytes) < limits['far-share'])
    return [];
  const nodes = [...far.keys()].sort((a, b) => a - b);
  const [only] = nodes;
  return [
    {
      severity: 'high',
      confidence: 0.9,
      sentence: `${processWords(process)} runs on ${nodeWords(homes)}, and ${formatPercent(sumOf(far) / sumOf(bytes))} of its huge pages are on ${nodeWords(nodes)}.`,
      evidence: [
        `${formatBytes(sumOf(bytes))} in huge pages: ${bytesWords(bytes)} (${process.origin})`,
        cpuTimeWords(topology, process),
      ],
      cause: 'The pool of its own node had none free when it took them.',
      advice: `Reserve pages on ${nodeWords([home])} (numa-pinboard hugepages plan --node ${home}) and start it anew; until then run it where its pages are.`,
      ...(only === undefined ? {} : moveThreads(topology, process, only)),
      where: whereOf(process, [...homes, ...nodes]),
    },
  ];
});

function ofPools({ topology, pools }: Facts): Told[] {
  const homes = new Set(homesOf(topology).map(({ id }) => id));
  const sizes = [...new Set(pools.nodes.flatMap((node) => node.sizes.map(({ sizeBytes }) => sizeBytes)))];
  return sizes.flatMap((sizeBytes): Told[] => {
    const all = pools.nodes.flatMap((node): OnNode[] => {
      const pool = node.sizes.find((one) => one.sizeBytes === sizeBytes);
      return pool ? [{ node, pool }] : [];
    });
    return [...exhausted(all, sizeBytes, homes), ...oneSided(all, sizeBytes, homes)].slice(0, 1);
  });
}

const evidenceOf = (all: readonly OnNode[], sizeBytes: number): string[] =>
  all.map(
    ({ node, pool }) =>
      `node ${node.id}: ${plural(pool.total, 'page')} of ${formatBytes(sizeBytes)}, ${pool.free === null ? 'unknown how many' : String(pool.free)} free (nr_hugepages, free_hugepages of /sys/devices/system/node/node${node.id})`,
  );

/** Users have taken all of one node's, while those of another lie idle: the next page is a far one, or none. */
function exhausted(all: readonly OnNode[], sizeBytes: number, homes: ReadonlySet<number>): Told[] {
  const empty = all.filter((one) => homes.has(one.node.id) && one.pool.total > 0 && one.pool.free === 0);
  const idle = all.filter((one) => one.pool.total > 0 && used(one) === 0);
  const [from] = idle;
  const [to] = empty;
  if (!from || !to) return [];
  const half = Math.floor(reserved(from) / 2);
  return [
    {
      severity: 'medium',
      confidence: 0.8,
      sentence: `All huge pages of ${formatBytes(sizeBytes)} on node ${to.node.id} are taken, and all ${plural(from.pool.total, 'page')} on node ${from.node.id} lie idle.`,
      evidence: evidenceOf(all, sizeBytes),
      cause: 'The pools were reserved without regard to where their users run.',
      advice: `Move part of the reservation from node ${from.node.id} to node ${to.node.id}.`,
      remedy: [change(from, sizeBytes, reserved(from) - half), change(to, sizeBytes, reserved(to) + half)],
      undo: [change(to, sizeBytes, reserved(to)), change(from, sizeBytes, reserved(from))],
      where: { nodes: [to.node.id, from.node.id] },
    },
  ];
}

/** Pages on some nodes with CPUs and none on others: right for a user that is bound there, and for nobody else. */
function oneSided(all: readonly OnNode[], sizeBytes: number, homes: ReadonlySet<number>): Told[] {
  const having = all.filter((one) => one.pool.total > 0);
  const lacking = all.filter((one) => homes.has(one.node.id) && one.pool.total === 0);
  if (having.length === 0 || lacking.length === 0) return [];
  const unused = having.every((one) => used(one) === 0);
  return [
    {
      severity: 'low',
      confidence: 0.6,
      sentence: `Huge pages of ${formatBytes(sizeBytes)} are on ${having.length === 1 ? 'node' : 'nodes'} ${listed(having.map(({ node }) => String(node.id)))} only${unused ? ', and nobody uses them' : ''}.`,
      evidence: evidenceOf(all, sizeBytes),
      cause: 'They were reserved on one node, or the kernel found too little memory in one piece on the others.',
      advice: 'Programs that use them belong on that node.',
      where: { nodes: having.map(({ node }) => node.id) },
    },
  ];
}

const change = ({ node }: OnNode, sizeBytes: number, pages: number): string =>
  setCommand({ node: node.id, inferred: node.inferred, sizeBytes }, pages);
