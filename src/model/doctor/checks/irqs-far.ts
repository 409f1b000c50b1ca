/** Interrupts of a device that go to CPUs of another node: each packet or block is first touched far from its buffers. */

import { parseCpuList } from '../../text/cpulist.ts';
import { formatCpuList } from '../../text/cpulist.ts';
import { formatCount, formatPercent, listed, plural } from '../../text/format.ts';
import { isUnavailable } from '../../run/run.ts';
import type { Topology } from '../../topology/topology.ts';
import { nodesOfCpus } from '../base/check.ts';
import type { Check } from '../base/check.ts';
import type { Interrupt } from '../facts/interrupts.ts';
import type { Told } from '../base/finding.ts';

const NAMED = 8;

export const irqsFar: Check = {
  id: 'irqs-far',
  topic: 'devices',
  title: 'where interrupts of devices go',
  check({ topology, interrupts, live }, limits) {
    if (topology.devices.every(({ node }) => node === null)) return [];
    if (isUnavailable(interrupts)) return interrupts;
    const online = topology.cpus.filter((cpu) => cpu.online).map(({ id }) => id);
    return interrupts.flatMap(({ device, interrupts: own }): Told[] => {
      const near = new Set(parseCpuList(topology.nodes.find(({ id }) => id === device.node)?.cpus ?? ''));
      // Who isolates all CPUs of a node wants no interrupts there.
      const open = [...near].filter((cpu) => !topology.cpus.some(({ id, isolated }) => id === cpu && isolated));
      if (open.length === 0 || isSpread(own, online)) return [];
      const isFar = ({ asked, effective }: Interrupt): boolean => !(effective ?? asked).some((cpu) => near.has(cpu));
      // The mask of an interrupt that may go anywhere leads to a CPU of the kernel's choice: that counts where it is used.
      const isMasked = ({ asked }: Interrupt): boolean => !asked.some((cpu) => near.has(cpu));
      const used = own.filter(({ count }) => (count ?? 0) > 0);
      const counted = used.length > 0 ? used : own;
      const weight = ({ count }: Interrupt): number => (used.length > 0 ? (count ?? 0) : 1);
      const all = counted.reduce((sum, one) => sum + weight(one), 0);
      const far = counted.filter(isFar);
      const share = far.reduce((sum, one) => sum + weight(one), 0) / all;
      const farMasks = own.filter(isMasked);
      const masked = farMasks.length / own.length;
      const total = used.reduce((sum, { count }) => sum + (count ?? 0), 0);
      const limit = limits['interrupts-far-share'];
      const rate = isUnavailable(live) ? null : far.reduce((sum, { irq }) => sum + (live.interrupts.get(irq) ?? 0), 0);
      const busy = total >= limits['interrupts-since-boot'] || (rate ?? 0) >= limits['interrupts-busy'];
      if (masked < limit && !(share >= limit && busy)) return [];
      const moved = masked >= limit ? farMasks : far;
      const nodes = nodesOfCpus(
        topology,
        moved.flatMap(({ asked, effective }) => effective ?? asked),
      );
      if (nodes.length === 0) return [];
      const nearList = formatCpuList(open);
      return [
        {
          severity: busy ? 'high' : 'medium',
          confidence: masked >= limit ? 0.85 : 0.7,
          sentence: `Interrupts of ${device.name} (node ${device.node}) go to ${nodes.length === 1 ? 'node' : 'nodes'} ${listed(nodes.map(String))}.`,
          evidence: [
            `${plural(moved.length, 'interrupt')} of ${own.length} may not go to a CPU near the device${masked >= limit ? '' : ', by where they go now'} (/proc/irq/N/smp_affinity_list, effective_affinity_list)`,
            ...(total > 0
              ? [
                  `${formatPercent(share)} of ${plural(total, 'interrupt')} since the start of the host are of vectors that go far (/proc/stat)`,
                ]
              : ['none of them has fired since the start of the host (/proc/stat)']),
            ...(rate === null ? [] : [`${formatCount(rate)} interrupts/s of these now`]),
            ...moved
              .slice(0, NAMED)
              .map(
                ({ irq, asked, effective }) =>
                  `IRQ ${irq}: asked CPUs ${formatCpuList(asked)}${effective === null ? '' : `, goes to ${formatCpuList(effective)}`}`,
              ),
          ],
          cause: 'Their affinity was set by hand, by a script, or by an irqbalance that does not know the node.',
          advice: `Let them go to CPUs of node ${device.node}; where irqbalance runs, tell it so or stop it, or it moves them back.`,
          remedy: moved.slice(0, 64).map(({ irq }) => `echo ${nearList} | sudo tee /proc/irq/${irq}/smp_affinity_list`),
          undo: moved
            .slice(0, 64)
            .map(({ irq, asked }) => `echo ${formatCpuList(asked)} | sudo tee /proc/irq/${irq}/smp_affinity_list`),
          where: { nodes: [device.node, ...nodes.filter((id) => id !== device.node)], cpus: cpusOf(topology, moved) },
        },
      ];
    });
  },
};

/**
 * A vector for each CPU, or each few, as the kernel gives NVMe drives: whoever uses the device is interrupted where it runs, and of many
 * nodes most are far. Nobody moved them, and nobody can.
 */
function isSpread(own: readonly Interrupt[], online: readonly number[]): boolean {
  const parts = own.filter(({ asked }) => online.some((cpu) => !asked.includes(cpu)));
  const covered = new Set(parts.flatMap(({ asked }) => asked));
  return parts.length > 1 && online.every((cpu) => covered.has(cpu));
}

const cpusOf = (topology: Topology, moved: readonly Interrupt[]): number[] => {
  const known = new Set(topology.cpus.map(({ id }) => id));
  return [...new Set(moved.flatMap(({ asked, effective }) => effective ?? asked))].filter((cpu) => known.has(cpu));
};
