/** Threads of an emulator that run on the CPUs its vCPUs are pinned to: disk and network of the guest stop its own CPUs. */

import { formatCpuList } from '../../text/cpulist.ts';
import { plural } from '../../text/format.ts';
import { cpuWords } from '../base/check.ts';
import type { Check } from '../base/check.ts';
import { guestOf } from '../base/guest.ts';
import { cpusOfNode, homesOfProcess, ofProcesses, processWords, whereOf } from '../base/process.ts';

/** A vCPU that may use more is not pinned. */
const PINNED = 4;

export const emulatorOnVcpus: Check = {
  id: 'emulator-on-vcpus',
  topic: 'processes',
  title: 'threads of emulators against vCPUs',
  check: ofProcesses((process, { topology }) => {
    const guest = guestOf(process);
    const online = topology.cpus.filter((cpu) => cpu.online).length;
    if (!guest || guest.vcpus.some(({ allowed }) => allowed.length > PINNED || allowed.length >= online)) return [];
    const pinned = new Set(guest.vcpus.flatMap(({ allowed }) => allowed));
    const on = guest.others.filter(
      ({ allowed, cpus }) => allowed.every((cpu) => pinned.has(cpu)) || pinned.has(cpus[1]),
    );
    const [first] = on;
    if (!first) return [];
    const only = on.every(({ allowed }) => allowed.every((cpu) => pinned.has(cpu)));
    const homes = homesOfProcess(topology, { threads: guest.vcpus });
    const free = homes.flatMap((node) => cpusOfNode(topology, node)).filter((cpu) => !pinned.has(cpu));
    const elsewhere = free.length > 0 ? free : topology.cpus.map(({ id }) => id).filter((cpu) => !pinned.has(cpu));
    if (elsewhere.length === 0) return [];
    return [
      {
        severity: 'medium',
        confidence: only ? 0.9 : 0.7,
        sentence: `${plural(on.length, 'emulator thread')} of ${processWords(process)} ${on.length === 1 ? 'runs' : 'run'} on ${cpuWords([...pinned])}, which its vCPUs are pinned to.`,
        evidence: [
          ...guest.vcpus.slice(0, 8).map(({ name, allowed }) => `${name}: ${cpuWords(allowed)}`),
          ...on
            .slice(0, 8)
            .map(({ name, allowed, cpus }) => `${name}: may use CPUs ${formatCpuList(allowed)}, ran on CPU ${cpus[1]}`),
        ],
        cause: 'The threads of the emulator have the affinity of the whole machine, or that of the vCPUs.',
        advice: 'Give them CPUs of the same node that no vCPU has (libvirt: <emulatorpin>, <iothreadpin>).',
        remedy: on.slice(0, 16).map(({ tid }) => `sudo taskset -cp ${formatCpuList(elsewhere)} ${tid}`),
        undo: on.slice(0, 16).map(({ tid, allowed }) => `sudo taskset -cp ${formatCpuList(allowed)} ${tid}`),
        where: { ...whereOf(process, homes), cpus: [...pinned] },
      },
    ];
  }),
};
