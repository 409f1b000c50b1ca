/** A checked plan as people read it in a terminal, and as `plan check --format json` prints it. */

import { formatCpuList } from '../../text/cpulist.ts';
import { formatBytes, formatRange, listed, plural } from '../../text/format.ts';
import { table } from '../../text/table.ts';
import { coreCount, coresOf } from '../place.ts';
import type { Placed } from '../place.ts';
import type { PlanPath } from '../plan.ts';
import { SEVERITIES } from '../problem.ts';
import type { PlanProblem, Severity } from '../problem.ts';
import type { CheckedPlan } from './examine.ts';

const PLAN_CHECK_SCHEMA = 'numa-pinboard/plan-check/1';

/** Where in the file a part of the plan is; lines and columns from 1. */
export type PlaceOf = (path: PlanPath) => { readonly line: number; readonly column: number };

const SIGNS: Readonly<Record<Severity, string>> = { error: '!!', warning: '!', note: 'i' };

/** CPUs in full: to be compared with what a tool prints. */
const cpusText = ({ cpus, missing }: Placed): string =>
  [
    ...(cpus.length > 0 ? [formatRange(formatCpuList(cpus))] : []),
    ...(missing > 0 ? [`${missing} without a place`] : []),
  ].join(', ');

const nodesText = (nodes: readonly number[]): string =>
  nodes.length === 0 ? 'open' : formatRange(formatCpuList(nodes));

export function placementLines({ placement: { blocks, machine, reserved } }: CheckedPlan): string[] {
  const rows = blocks.map((placed) => {
    const { block, wanted, nodes } = placed;
    const memory = block.memoryBytes === null ? '' : formatBytes(block.memoryBytes);
    const cores = String(coreCount(machine, placed));
    return [block.name, block.kind, nodesText(nodes), cores, String(wanted), memory, cpusText(placed)];
  });
  const kept = reserved.flatMap(({ node, cpus }) =>
    cpus.length === 0
      ? []
      : [
          [
            '(host)',
            '',
            String(node),
            String(coresOf(machine, cpus)),
            String(cpus.length),
            '',
            formatRange(formatCpuList(cpus)),
          ],
        ],
  );
  const head = ['block', 'kind', 'node', 'cores', 'threads', 'memory', 'CPUs'];
  return table([head, ...rows, ...kept], [3, 4, 5]).map((line) => `  ${line}`);
}

/** "2 errors, 1 note"; "no problems". */
export function countWords(problems: readonly PlanProblem[]): string {
  const counts = SEVERITIES.map((severity) => ({
    severity,
    count: problems.filter((problem) => problem.severity === severity).length,
  })).filter(({ count }) => count > 0);
  return counts.length === 0 ? 'no problems' : listed(counts.map(({ severity, count }) => plural(count, severity)));
}

function totalsText({ cores, threads, memoryBytes, hostMemoryBytes }: CheckedPlan['totals']): string {
  const rest =
    hostMemoryBytes === null
      ? 'how much memory the machine has is not known'
      : hostMemoryBytes < 0
        ? `${formatBytes(-hostMemoryBytes)} more than there are`
        : `${formatBytes(hostMemoryBytes)} for the host`;
  return `${plural(cores, 'core')}, ${plural(threads, 'thread')}, ${formatBytes(memoryBytes)}; ${rest}`;
}

/** @param file as the person named it. */
export function planCheckText(file: string, checked: CheckedPlan, placeOf: PlaceOf): string {
  const { problems, totals } = checked;
  const blocks = problems.flatMap(({ id, severity, sentence, reason, remedy, path }) => [
    `${SIGNS[severity]} ${sentence} (${severity}, ${id}, line ${placeOf(path).line})`,
    `    Why     ${reason}`,
    `    Do      ${remedy}`,
    '',
  ]);
  return [
    `${file}: ${countWords(problems)}`,
    '',
    ...placementLines(checked),
    `  All blocks: ${totalsText(totals)}.`,
    '',
    ...blocks,
  ]
    .join('\n')
    .trimEnd();
}

export function planCheckJson(
  file: string,
  { ok, problems, totals, placement }: CheckedPlan,
  placeOf: PlaceOf,
): unknown {
  return {
    schema: PLAN_CHECK_SCHEMA,
    file,
    ok,
    problems: problems.map(({ id, severity, blocks, nodes, sentence, reason, remedy, path }) => ({
      id,
      severity,
      blocks,
      nodes,
      sentence,
      reason,
      remedy,
      path: path.join('.'),
      ...placeOf(path),
    })),
    totals,
    blocks: placement.blocks.map(({ block, cpus, nodes, missing, memory }) => ({
      name: block.name,
      cpus: formatCpuList(cpus),
      nodes,
      missingThreads: missing,
      memoryBytes: Object.fromEntries(memory),
    })),
  };
}
