/** Owns how a block's needs and its place are said in a line. */

import type { Placed } from '../../model/plan/place.ts';
import { coreCount } from '../../model/plan/place.ts';
import type { PlanMachine } from '../../model/plan/machine.ts';
import type { Block } from '../../model/plan/plan.ts';
import type { Severity } from '../../model/plan/problem.ts';
import { formatCpuList } from '../../model/text/cpulist.ts';
import { capital, formatBytes, formatCpus, nodeWords, plural } from '../../model/text/format.ts';

export const SEVERITY_WORDS: Readonly<Record<Severity, string>> = { error: 'Error', warning: 'Warning', note: 'Note' };

export function needsWords(machine: PlanMachine, placed: Placed): string[] {
  const { block, wanted } = placed;
  const { memoryBytes, hugepages, devices, l3 } = block;
  const cores = coreCount(machine, placed);
  return [
    wanted === cores * machine.smt ? plural(cores, 'core') : `${plural(wanted, 'thread')} on ${plural(cores, 'core')}`,
    ...(memoryBytes === null ? [] : [formatBytes(memoryBytes)]),
    ...(hugepages && hugepages.memoryBytes > 0
      ? [`${formatBytes(hugepages.memoryBytes)} in ${formatBytes(hugepages.sizeBytes)} pages`]
      : []),
    ...(l3 === null ? [] : [l3 === 'own' ? 'an L3 of its own' : `${formatBytes(l3)} of L3`]),
    ...devices.map(({ name }) => name),
  ];
}

export const isOpen = ({ cpus, nodes }: Block): boolean => cpus === null && nodes === null;

export function placeOfBlock({ block, cpus, nodes, missing }: Placed): string {
  if (isOpen(block) && cpus.length === 0) return 'No place yet';
  const where = [
    ...(nodes.length > 0 ? [nodeWords(nodes)] : []),
    ...(cpus.length > 0 ? [formatCpus(formatCpuList(cpus))] : []),
    ...(missing > 0 ? [`${plural(missing, 'thread')} without a core`] : []),
  ];
  return capital(where.join(', '));
}
