/** A plan in sentences, and what to do where the pages cannot be had. */

import { isUnavailable } from '../run/run.ts';
import { capital, formatBytes, formatCount, nodeWords, plural } from '../text/format.ts';
import { pagesOf, whereOf } from './change.ts';
import type { ChangeOutcome } from './change.ts';
import type { HugePagesPlan } from './plan.ts';
import type { HugePages, PoolsOfNode } from './pools.ts';

/** Below this share of what free memory alone would hold, free memory is called fragmented. */
const FRAGMENTED = 0.9;
/** Of a node's memory; with less left for everything else the kernel begins to reclaim and to kill. */
const LEFT = 0.05;

/** "20,480 pages of 2 MB are needed on node 1; 18,300 are free; 2,180 are missing." and the outlook. */
export function planSentences(state: HugePages, plan: HugePagesPlan): string[] {
  const node = state.nodes.find(({ id }) => id === plan.node);
  const where = whereOf({ node: plan.node, inferred: node?.inferred ?? false });
  const { needed, free, missing, sizeBytes } = plan;
  const need = `${pagesOf(needed, sizeBytes)} ${needed === 1 ? 'is' : 'are'} needed on ${where}; ${formatCount(free)} ${free === 1 ? 'is' : 'are'} free`;
  const promised = state.promised.find((pool) => pool.sizeBytes === sizeBytes);
  const taken = promised
    ? [
        `On the whole host ${plural(promised.pages, 'free page')} of ${formatBytes(sizeBytes)} ${promised.pages === 1 ? 'is' : 'are'} promised to programs that have not touched them yet; the kernel does not say on which node.`,
      ]
    : [];
  if (missing === 0) return [`${need}: nothing is missing.`, ...taken];
  return [
    `${need}; ${formatCount(missing)} ${missing === 1 ? 'is' : 'are'} missing.`,
    ...taken,
    ...outlookWords(plan),
    ...leftWords(plan, node),
  ];
}

function outlookWords(plan: HugePagesPlan): string[] {
  const { likely, perhaps, missing, sizeBytes, freeBytes } = plan;
  if (freeBytes === null || isUnavailable(perhaps)) {
    const why = isUnavailable(perhaps) ? perhaps.unavailable : 'the free memory of the node is not known';
    return [`How many can be reserved cannot be said: ${why}.`];
  }
  const free = `${formatBytes(freeBytes)} of the node’s memory is free`;
  if (isUnavailable(likely)) {
    return [
      `How many can be reserved now cannot be said: ${likely.unavailable}. ${free}; with all file pages dropped, at most ${pagesOf(perhaps, sizeBytes)} would fit.`,
    ];
  }
  const block = formatBytes(sizeBytes);
  const fragmented = likely < Math.floor(freeBytes / sizeBytes) * FRAGMENTED;
  const why = fragmented
    ? `${free}, but memory is fragmented: only that much of it is in whole blocks of ${block} (/proc/buddyinfo)`
    : `${free}, nearly all in whole blocks of ${block} (/proc/buddyinfo)`;
  const words = [`The largest reservation likely to succeed now is ${pagesOf(likely, sizeBytes)} more: ${why}.`];
  if (likely >= missing) return words;
  if (perhaps > likely) {
    words.push(
      `By moving pages together (compaction) and dropping file pages the kernel might get to ${formatCount(perhaps)}; that is not certain.`,
    );
  }
  if (perhaps < missing) words.push(`The ${formatCount(missing)} missing pages do not fit on this node now.`);
  return words;
}

function leftWords({ missing, sizeBytes, freeBytes }: HugePagesPlan, node: PoolsOfNode | undefined): string[] {
  const memoryBytes = node?.memoryBytes ?? null;
  if (freeBytes === null || memoryBytes === null) return [];
  const left = freeBytes + (node?.fileBytes ?? 0) - missing * sizeBytes;
  return left >= 0 && left < memoryBytes * LEFT
    ? [`It would leave only ${formatBytes(left)} of the node’s ${formatBytes(memoryBytes)} for everything else.`]
    : [];
}

/** What can be done where fewer pages were, or will be, had than are needed. */
export function fallbackWords(
  state: HugePages,
  { node: id, sizeBytes }: Pick<HugePagesPlan, 'node' | 'sizeBytes'>,
): string[] {
  const node = state.nodes.find((one) => one.id === id);
  const others = state.nodes.filter((one) => one.id !== id && (one.freeBytes ?? 0) >= sizeBytes).map((one) => one.id);
  const compact =
    node?.inferred === false ? `/sys/devices/system/node/node${id}/compact` : '/proc/sys/vm/compact_memory';
  return [
    `Have the kernel move free memory together, then reserve again: echo 1 | sudo tee ${compact}. Dropping file pages first gives it more room: echo 1 | sudo tee /proc/sys/vm/drop_caches.`,
    ...(others.length === 0
      ? []
      : [
          `Reserve a part on ${nodeWords(others)} and spread the program over the nodes: numactl --interleave=${[id, ...others].sort((a, b) => a - b).join(',')} (latency is then an average over them).`,
          `Or prefer node ${id} and take the rest elsewhere: numactl --preferred=${id}, with pages reserved on other nodes as well.`,
        ]),
    'Or reserve at boot, before memory is fragmented: hugepages plan --recommend has a unit and a kernel command line for it.',
  ];
}

/** What was read back after a change. */
export function outcomeSentences({ change, reading, how, short, inUse }: ChangeOutcome): string[] {
  const { sizeBytes } = change;
  const through = how === 'sudo' ? ' (set through sudo)' : '';
  return [
    `${capital(whereOf(change))} now has ${pagesOf(reading.total, sizeBytes)}, ${formatCount(reading.free)} free${through}.`,
    ...(short === 0
      ? []
      : [
          `The kernel gave fewer pages than were asked for: ${pagesOf(short, sizeBytes)} ${short === 1 ? 'is' : 'are'} missing.`,
        ]),
    ...(inUse === 0
      ? []
      : [
          `${pagesOf(inUse, sizeBytes)} ${inUse === 1 ? 'is' : 'are'} in use beyond the reservation and will go when their programs release them.`,
        ]),
  ];
}
