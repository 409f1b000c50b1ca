/** A pod's admission for the terminal. */

import { EN_DASH, formatBytes } from '../text/format.ts';
import { table } from '../text/table.ts';
import type { Explanation, NodeLeft } from './explain.ts';
import { askedWords } from './explain.ts';
import type { Admission } from './admit.ts';
import { bitsOf } from './hints.ts';
import type { Hint } from './hints.ts';
import type { AdmittingNode } from './node.ts';
import { formatCpuList } from '../text/cpulist.ts';
import { qosOf } from './pod.ts';
import type { Pod } from './pod.ts';

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

/** What each node has left beside what it has. */
function leftTable(left: readonly NodeLeft[]): string[] {
  const memory = [...new Set(left.flatMap((one) => one.memory.map(({ resource }) => resource)))];
  const devices = [...new Set(left.flatMap((one) => one.devices.map(({ resource }) => resource)))];
  const head = ['Node', 'CPUs free', ...memory.map((name) => `${name} free`), ...devices.map((name) => `${name} free`)];
  const rows = left.map((one) => [
    String(one.node),
    `${String(one.freeCpus)} of ${String(one.cpus)}`,
    ...memory.map((name) => {
      const found = one.memory.find(({ resource }) => resource === name);
      return found ? `${formatBytes(found.free)} of ${formatBytes(found.allocatable)}` : EN_DASH;
    }),
    ...devices.map((name) => {
      const found = one.devices.find(({ resource }) => resource === name);
      return found ? `${String(found.free)} of ${String(found.total)}` : EN_DASH;
    }),
  ]);
  return table([head, ...rows]);
}

export function admissionText(
  node: AdmittingNode,
  pod: Pod,
  { sentence, reasons, left, instead }: Explanation,
): string {
  const { policies } = node;
  const options = Object.entries(OPTION_NAMES).flatMap(([key, name]) =>
    policies.cpuOptions[key as keyof typeof OPTION_NAMES] ? [name] : [],
  );
  return [
    sentence,
    ...indented(reasons),
    '',
    `Asked for (${qosOf(pod)})`,
    ...indented(
      table(pod.containers.map((one) => [one.name, one.kind === 'app' ? '' : one.kind, askedWords(pod, one)])),
    ),
    '',
    'Left on the node, for containers that get it for themselves',
    ...indented(leftTable(left)),
    '',
    `Policies: CPU manager ${[policies.cpuManager, ...options].join(', ')}; memory manager ${policies.memoryManager}; topology manager ${policies.topologyManager}, by ${policies.scope}`,
    ...(instead.length === 0 ? [] : ['', 'It would be admitted:', ...indented(instead)]),
  ].join('\n');
}

const OPTION_NAMES = {
  fullCores: 'full-pcpus-only',
  acrossNodes: 'distribute-cpus-across-numa',
  acrossCores: 'distribute-cpus-across-cores',
  bySocket: 'align-by-socket',
  byCache: 'prefer-align-cpus-by-uncorecache',
} as const;

export const ADMISSION_SCHEMA = 'numa-pinboard/admission/1';

/** For programs: nodes and CPUs as lists. */
export function admissionJson(node: AdmittingNode, pod: Pod, admission: Admission, explanation: Explanation): object {
  const listOf = (mask: number | null): string | null =>
    mask === null ? null : formatCpuList(bitsOf(mask).map((bit) => node.nodes[bit] ?? bit));
  const hint = ({ nodes, preferred }: Hint): object => ({ nodes: listOf(nodes), preferred });
  const { steps, given, ...decided } = admission;
  return {
    ...{ schema: ADMISSION_SCHEMA, pod: pod.name, qos: qosOf(pod), policies: node.policies },
    ...decided,
    ...explanation,
    steps: steps.map(({ container, hints, best }) => ({
      container,
      hints: hints.map(({ resource, hints: own }) => ({ resource, hints: own?.map(hint) ?? null })),
      best: hint(best),
    })),
    given: given.map(({ container, cpus, memory }) => ({
      ...{ container, cpus: formatCpuList(cpus), memory: listOf(memory) },
    })),
  };
}
