/** Emulator and I/O threads of a VM on cores of vCPUs, or off those that the plan keeps for them. */

import { cpuWords } from '../../../doctor/base/check.ts';
import type { Told } from '../../../doctor/base/finding.ts';
import type { LiveThread } from '../../../doctor/facts/live.ts';
import { formatCpuList } from '../../../text/cpulist.ts';
import { plural } from '../../../text/format.ts';
import { hypervisorCpus } from '../../export/exported.ts';
import { ownersAmong, ownersOf } from '../../owners.ts';
import type { Placed, Placement } from '../../place.ts';
import { isOff, quoted, threadLines } from '../base/check.ts';
import type { DriftCheck, DriftSubject } from '../base/check.ts';
import type { RunningVm } from '../../reality/reality.ts';
import { isVm } from './vcpus.ts';

/** CPUs for them where the plan names none: what stays for the host, else what nothing is planned for. */
function elsewhere({ placement, placed }: DriftSubject): number[] {
  const near = (cpus: readonly number[]): number[] =>
    cpus.filter((cpu) => placed.nodes.includes(placement.machine.coreOf.get(cpu)?.node ?? -1));
  const kept = placement.reserved.flatMap(({ cpus }) => cpus);
  return [near(kept), near(placement.free), kept, [...placement.free]].find((cpus) => cpus.length > 0) ?? [];
}

function commands(
  { by }: RunningVm,
  key: Key,
  threads: readonly LiveThread[],
  list: (of: LiveThread) => string,
): string[] {
  if (by?.tool !== 'libvirt') return threads.slice(0, 32).map((one) => `sudo taskset -cp ${list(one)} ${one.tid}`);
  const name = quoted(by.name);
  return [
    ...new Set(
      threads.map((one) => {
        const id = /iothread(\d{1,3})$/.exec(one.name)?.[1];
        if (key === 'emulatorCpus') return `sudo virsh emulatorpin ${name} ${list(one)}`;
        return id === undefined
          ? `sudo taskset -cp ${list(one)} ${one.tid}`
          : `sudo virsh iothreadpin ${name} ${id} ${list(one)}`;
      }),
    ),
  ];
}

type Key = 'emulatorCpus' | 'iothreadCpus';

/** Of its own threads, those that may run where the plan does not have them. */
export function hypervisorOff(placement: Placement, placed: Placed, vm: RunningVm, key: Key): LiveThread[] {
  const threads = key === 'emulatorCpus' ? vm.emulator : vm.iothreads;
  const planned = hypervisorCpus(placement, placed, key);
  // Without names nobody knows which of its threads these are.
  if (vm.vcpus.length === 0) return [];
  const owners = ownersOf(placement.blocks.filter(({ block }) => block.kind === 'vm'));
  return threads.filter((thread) =>
    planned.length > 0 ? isOff(thread, planned) : ownersAmong(owners, thread.allowed).cpus.length > 0,
  );
}

function offOf(subject: DriftSubject, vm: RunningVm, key: Key): Told[] {
  const { placement, placed } = subject;
  const planned = hypervisorCpus(placement, placed, key);
  const off = hypervisorOff(placement, placed, vm, key);
  if (off.length === 0) return [];
  const owners = ownersOf(placement.blocks.filter(({ block }) => block.kind === 'vm'));
  const may = [...new Set(off.flatMap(({ allowed }) => allowed))].toSorted((a, b) => a - b);
  const hit = ownersAmong(owners, may);
  const to = planned.length > 0 ? planned : elsewhere(subject);
  const words = `${plural(off.length, key === 'emulatorCpus' ? 'emulator thread' : 'I/O thread')} of ${vm.label} may run`;
  return [
    {
      severity: 'medium',
      confidence: 1,
      sentence:
        hit.cpus.length > 0
          ? `${words} on ${cpuWords(hit.cpus)}, where vCPUs of ${hit.names.slice(0, 4).join(', ')} are planned.`
          : `${words} on ${cpuWords(may)}; the plan keeps ${cpuWords(planned)} for them.`,
      evidence: threadLines(off),
      cause: 'They have the affinity that the hypervisor was started with, or were moved since.',
      advice: `Pin them now, and in the domain (libvirt: <${key === 'emulatorCpus' ? 'emulatorpin' : 'iothreadpin'}>).`,
      remedy:
        to.length === 0
          ? ['# the plan keeps no CPUs for them: give them a block of kind emulator, or emulatorCpus']
          : commands(vm, key, off, () => formatCpuList(to)),
      undo: commands(vm, key, off, ({ allowed }) => formatCpuList(allowed)),
      where: { nodes: placed.nodes, pids: vm.pids, cpus: hit.cpus },
    },
  ];
}

const check = (id: string, key: Key): DriftCheck => ({
  id,
  look: (subject) => subject.running.filter(isVm).flatMap((vm) => offOf(subject, vm, key)),
});

export const emulatorOff = check('plan-emulator-off', 'emulatorCpus');
export const iothreadsOff = check('plan-iothreads-off', 'iothreadCpus');
