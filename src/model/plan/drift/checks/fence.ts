/** Containers, pods, units and programs that may run elsewhere than planned, or on fewer CPUs. */

import { cpuWords, nodesOfCpus } from '../../../doctor/base/check.ts';
import type { Told } from '../../../doctor/base/finding.ts';
import { formatCpuList } from '../../../text/cpulist.ts';
import { listed, nodeWords, plural } from '../../../text/format.ts';
import { ownersAmong, ownersOf } from '../../owners.ts';
import { quoted } from '../base/check.ts';
import type { DriftCheck, DriftSubject } from '../base/check.ts';
import { cpusOf } from '../../reality/reality.ts';
import type { Running } from '../../reality/reality.ts';

const ADMIT =
  'A pod gets CPUs of its own if its CPUs are whole and requests equal limits; `plan admit` replays the decision.';

function fenceCommands({ by, processes }: Running, cpus: readonly number[]): string[] {
  const list = formatCpuList(cpus);
  if (by?.tool === 'docker' || by?.tool === 'podman')
    return [`sudo ${by.tool} update --cpuset-cpus=${list} ${quoted(by.name)}`];
  if (by?.tool === 'systemd') return [`sudo systemctl set-property --runtime ${quoted(by.name)} AllowedCPUs=${list}`];
  return processes.slice(0, 32).map(({ pid }) => `sudo taskset -acp ${list} ${pid}`);
}

/** Its kubelet chooses the CPUs: a plan can but say on which node, and beside whom. */
function ofPod({ placement, placed }: DriftSubject, pod: Running, seen: readonly number[]): Told[] {
  const { topology } = placement.machine;
  const nodes = nodesOfCpus(topology, seen);
  const others = ownersOf(placement.blocks.filter((one) => one !== placed));
  const taken = ownersAmong(others, seen);
  const away = nodes.filter((node) => !placed.nodes.includes(node));
  const shared = seen.length > placed.cpus.length;
  const base = {
    confidence: 1,
    evidence: [
      `may use ${cpuWords(seen)} of ${nodeWords(nodes)} (its control group)`,
      `planned: ${cpuWords(placed.cpus)} of ${nodeWords(placed.nodes)}`,
    ],
    undo: [],
    remedy: [
      `# kubectl delete pod ${pod.by?.name.split('/').at(-1) ?? ''}: it is admitted anew; where to, the kubelet decides`,
    ],
    where: { nodes, cpus: seen, pids: pod.processes.map(({ pid }) => pid) },
  };
  if (away.length > 0 && !shared)
    return [
      {
        ...base,
        severity: 'high',
        sentence: `${pod.label} was admitted to ${nodeWords(nodes)}; the plan has it on ${nodeWords(placed.nodes)}.`,
        cause: 'When it was admitted, its kubelet found room there, and a pod asks for counts, not for CPUs.',
        advice: ADMIT,
      },
    ];
  if (shared)
    return [
      {
        ...base,
        severity: 'medium',
        sentence: `${pod.label} has no CPUs of its own: it may use ${cpuWords(seen)}.`,
        cause: 'It is not of the class Guaranteed with whole CPUs, or its kubelet has no static CPU manager.',
        advice: ADMIT,
      },
    ];
  if (taken.names.length > 0)
    return [
      {
        ...base,
        severity: 'medium',
        sentence: `${pod.label} was admitted to ${cpuWords(taken.cpus)}, which the plan gives to ${listed(taken.names.slice(0, 4))}.`,
        cause: 'Its kubelet gives CPUs in an order of its own, and knows of no plan.',
        advice: 'Keep what is not for pods out of its reach: reservedSystemCPUs; or let the plan follow.',
      },
    ];
  return seen.every((cpu) => placed.cpus.includes(cpu))
    ? []
    : [
        {
          ...base,
          severity: 'low',
          sentence: `${pod.label} has other CPUs of ${nodeWords(placed.nodes)} than planned: ${cpuWords(seen)}.`,
          cause: 'Its kubelet chooses them.',
          advice: null,
          remedy: [],
        },
      ];
}

export const fenceOff: DriftCheck = {
  id: 'plan-cpus-off',
  look: (subject) =>
    subject.running.flatMap((one): Told[] => {
      const { cpus, nodes } = subject.placed;
      if (one.kind === 'vm' || cpus.length === 0) return [];
      const seen = cpusOf(one);
      if (one.by?.tool === 'kubernetes') return ofPod(subject, one, seen);
      const off = seen.filter((cpu) => !cpus.includes(cpu));
      const where = { nodes, cpus: off, pids: one.processes.map(({ pid }) => pid) };
      const base = { confidence: 1, where, undo: fenceCommands(one, seen), remedy: fenceCommands(one, cpus) };
      const evidence = [`may use ${cpuWords(seen)}`, `planned: ${cpuWords(cpus)}`];
      if (off.length > 0)
        return [
          {
            ...base,
            evidence,
            severity: off.length === seen.length ? 'high' : 'medium',
            sentence:
              off.length === seen.length
                ? `${one.label} runs on ${cpuWords(seen)}; the plan gives it ${cpuWords(cpus)}.`
                : `${one.label} may leave ${cpuWords(cpus)}, which the plan gives it: it may use ${cpuWords(seen)}.`,
            cause: 'No cpuset or affinity keeps it there, or another one than that of the plan.',
            advice: 'Set its CPUs where it is started, too, or its next start forgets them: `plan export` writes how.',
          },
        ];
      if (one.kind === 'program' || seen.length >= cpus.length) return [];
      return [
        {
          ...base,
          evidence,
          severity: 'medium',
          sentence: `${one.label} may use ${plural(seen.length, 'CPU')}; the plan gives it ${cpus.length}.`,
          cause: 'Its cpuset was made for another plan.',
          advice: 'What the plan keeps for it lies idle: widen its cpuset, or change the plan.',
        },
      ];
    }),
};
