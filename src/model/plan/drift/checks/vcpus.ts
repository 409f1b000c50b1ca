/** vCPU threads off the CPUs that the plan gives their VM, and another number of them. */

import { cpuWords } from '../../../doctor/base/check.ts';
import { formatCpuList } from '../../../text/cpulist.ts';
import { vcpuOf } from '../../../doctor/base/guest.ts';
import type { LiveThread } from '../../../doctor/facts/live.ts';
import { plural } from '../../../text/format.ts';
import { coresOf } from '../../export/exported.ts';
import { isOff, quoted, ranOff, threadLines } from '../base/check.ts';
import type { DriftCheck, DriftSubject } from '../base/check.ts';
import type { RunningVm } from '../../reality/reality.ts';

export const isVm = (running: DriftSubject['running'][number]): running is RunningVm => running.kind === 'vm';

const number = ({ name }: LiveThread): number => vcpuOf(name) ?? 0;

/** A CPU each, in the order in which guests are numbered on export, around those that are where they should be; else all of the VM's. */
function pinsOf(
  { placement, placed }: DriftSubject,
  vm: RunningVm,
  off: readonly LiveThread[],
): Map<LiveThread, string> {
  const planned = coresOf(placement, placed).flat();
  const kept = vm.vcpus.filter((thread) => !off.includes(thread));
  const taken = new Set(kept.flatMap(({ allowed }) => (allowed.length === 1 ? allowed : [])));
  const fenced = kept.some(({ allowed }) => allowed.length > 1) || vm.vcpus.length > planned.length;
  return new Map(
    off.map((thread) => {
      const own = planned[number(thread)];
      const cpu = own !== undefined && !taken.has(own) ? own : planned.find((one) => !taken.has(one));
      if (fenced || cpu === undefined) return [thread, formatCpuList(placed.cpus)];
      taken.add(cpu);
      return [thread, String(cpu)];
    }),
  );
}

/** Commands that put threads on CPUs: libvirt's own where it would otherwise put them back. */
const pin = ({ by }: RunningVm, thread: LiveThread, cpus: string): string =>
  by?.tool === 'libvirt'
    ? `sudo virsh vcpupin ${quoted(by.name)} ${number(thread)} ${cpus}`
    : `sudo taskset -cp ${cpus} ${thread.tid}`;

export const vcpusOff: DriftCheck = {
  id: 'plan-vcpus-off',
  look: (subject) =>
    subject.running.filter(isVm).flatMap((vm) => {
      const { cpus, nodes } = subject.placed;
      const off = vm.vcpus.filter((thread) => isOff(thread, cpus));
      const ran = off.filter((thread) => ranOff(thread, cpus));
      if (off.length === 0 || cpus.length === 0) return [];
      const pins = [...pinsOf(subject, vm, off)];
      return [
        {
          severity: ran.length > 0 ? ('high' as const) : ('medium' as const),
          confidence: 1,
          sentence:
            ran.length > 0
              ? `${plural(ran.length, 'vCPU')} of ${vm.label} ran on ${cpuWords([...new Set(ran.map((one) => one.cpus[1]))])}; the plan gives it ${cpuWords(cpus)}.`
              : `${plural(off.length, 'vCPU')} of ${vm.label} may leave ${cpuWords(cpus)}, which the plan gives it.`,
          evidence: threadLines(off),
          cause: 'They were not pinned when it started, or were moved since.',
          advice:
            'Pin them now, and in the domain (libvirt: <vcpupin>; `plan export` writes it), so that it starts so.',
          remedy: pins.map(([thread, list]) => pin(vm, thread, list)),
          undo: off.map((thread) => pin(vm, thread, formatCpuList(thread.allowed))),
          where: { nodes, pids: vm.pids, cpus: [...new Set(off.map((one) => one.cpus[1]))] },
        },
      ];
    }),
};

export const vcpuCount: DriftCheck = {
  id: 'plan-vcpu-count',
  look: ({ placed: { block, wanted, nodes }, running }) =>
    running.filter(isVm).flatMap((vm) => {
      const found = vm.vcpus.length;
      if (found === 0 || wanted === 0 || found === wanted) return [];
      return [
        {
          severity: 'medium' as const,
          confidence: 1,
          sentence: `${vm.label} has ${plural(found, 'vCPU')}; the plan gives it ${wanted}.`,
          evidence: [
            `threads: ${vm.vcpus
              .slice(0, 8)
              .map(({ name }) => name)
              .join(', ')}${found > 8 ? ', …' : ''}`,
          ],
          cause: 'The domain was defined with another number than the plan has, or the plan was changed since.',
          advice:
            found > wanted ? 'More vCPUs than CPUs wait for each other.' : 'What the plan keeps for it lies idle.',
          remedy:
            vm.by?.tool === 'libvirt'
              ? [`sudo virsh setvcpus ${quoted(vm.by.name)} ${wanted} --config`, '# it counts from its next start on']
              : [`# QEMU: -smp ${wanted}; or change ${block.name} in the plan`],
          where: { nodes, pids: vm.pids },
        },
      ];
    }),
};
