/** What the cases of one memory run are called, by what they differ in, and the question that they answer together. */

import type { MemoryCase } from '../../cases/memory.ts';
import type { PageKind } from '../../cases/pages.ts';
import { pageBytesOf } from '../../cases/pages.ts';
import { formatCpuList } from '../../text/cpulist.ts';
import { capital, formatBytes, formatCpus, formatNs, nodeWords } from '../../text/format.ts';

/** "4 KB pages", "transparent huge pages". */
export function pageWords(pages: PageKind): string {
  const bytes = pageBytesOf(pages);
  return bytes === null ? 'transparent huge pages' : `${formatBytes(bytes)} pages`;
}

function whereWords({ policy, nodes }: MemoryCase): string {
  switch (policy) {
    case 'local':
      return 'each thread’s own node';
    case 'bind':
      return nodeWords(nodes);
    case 'preferred':
      return `${nodeWords(nodes)}, preferred`;
    case 'interleave':
      return `${nodeWords(nodes)}, interleaved`;
    case 'weighted-interleave':
      return `${nodeWords(nodes)}, interleaved by weight`;
  }
}

/** Everything in which two cases can differ, in the order of a label. */
const PARTS: readonly ((one: MemoryCase) => string)[] = [
  ({ what }) => what.replace('-', ' '),
  ({ cpus, what }) => (what === 'latency' ? '' : formatCpus(formatCpuList(cpus), 'cpu ')),
  whereWords,
  ({ pages }) => pageWords(pages),
  ({ sizeBytes }) => formatBytes(sizeBytes),
  ({ kernel }) => (kernel === undefined || kernel === 'triad' ? '' : kernel),
  ({ pauseNs }) => (pauseNs === undefined ? '' : pauseNs === 0 ? 'full load' : `pause ${formatNs(pauseNs)}`),
];

/** A part that follows from another one, as the CPUs do from the figure, tells nothing apart that the other does not. */
export function memoryLabels(cases: readonly MemoryCase[]): string[] {
  const differing = PARTS.filter((part) => new Set(cases.map(part)).size > 1);
  const labels = (parts: typeof PARTS): string[] =>
    cases.map((one) =>
      parts
        .map((part) => part(one))
        .filter((word) => word !== '')
        .join(', '),
    );
  const few = differing.filter(
    (part) => new Set(labels(differing.filter((other) => other !== part))).size < new Set(labels(differing)).size,
  );
  const parts = new Set(labels(few)).size === new Set(labels(differing)).size ? few : differing;
  return labels(parts.length > 0 ? parts : PARTS.slice(0, 4)).map(capital);
}

export function memoryQuestion(cases: readonly MemoryCase[]): string {
  const [one] = cases;
  if (!one) return 'What does memory access cost?';
  const several = (part: (one: MemoryCase) => unknown): boolean => new Set(cases.map(part)).size > 1;
  const nodes = several(({ nodes: on }) => on.join());
  if (cases.some(({ what }) => what === 'loaded-latency')) return 'What does latency cost while others load memory?';
  if (several(({ pages }) => pages))
    return `Do huge pages help${nodes ? ', and on which node' : ` on ${whereWords(one)}`}?`;
  if (nodes) return 'Which node’s memory is nearest?';
  if (several(({ sizeBytes }) => sizeBytes)) return 'What does an access cost, cache by cache?';
  return `What does memory access cost on ${whereWords(one)}?`;
}
