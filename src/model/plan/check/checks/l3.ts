/** L3 caches that several blocks share, and what they want of them. */

import { formatBytes, formatCpus, listed } from '../../../text/format.ts';
import { formatCpuList } from '../../../text/cpulist.ts';
import type { Found, PlanCheck } from '../../problem.ts';

export const sharesL3: PlanCheck = {
  id: 'shares-l3',
  title: 'Blocks share an L3 cache that is too small for both, or that one of them wants for itself',
  look({ placement: { machine, blocks } }) {
    return machine.l3s.flatMap(({ cpus, sizeBytes }, l3): Found[] => {
      const under = new Set(cpus);
      const here = blocks
        .filter(({ block }) => block.kind !== 'emulator')
        .map((placed) => ({ ...placed, part: placed.cpus.filter((cpu) => under.has(cpu)).length / placed.cpus.length }))
        .filter(({ part }) => part > 0);
      if (here.length < 2) return [];
      const names = here.map(({ block }) => block.name);
      const where = `the L3 of ${formatCpus(formatCpuList(cpus))}`;
      const node = machine.cores.find((core) => core.l3 === l3)?.node;
      const common = { blocks: names, nodes: node === null || node === undefined ? [] : [node] };
      const alone = here.find(({ block }) => block.l3 === 'own');
      if (alone) {
        const others = names.filter((name) => name !== alone.block.name);
        return [
          {
            ...common,
            severity: 'warning',
            path: ['blocks', alone.index, 'l3'],
            sentence: `${alone.block.name} wants ${where} for itself, and shares it with ${listed(others)}.`,
            reason: 'What a neighbour streams through the cache evicts its lines.',
            remedy: 'Move one of them under another L3, or part the cache with resctrl (Intel CAT, AMD QoS, Arm MPAM).',
          },
        ];
      }
      const wishes = here.flatMap(({ block, index, part }) =>
        typeof block.l3 === 'number' ? [{ block, index, bytes: block.l3 * part }] : [],
      );
      const want = wishes.reduce((all, { bytes }) => all + bytes, 0);
      const parts = listed(wishes.map(({ block, bytes }) => `${block.name} ${formatBytes(bytes)}`));
      const heavy = wishes.toSorted((a, b) => b.bytes - a.bytes)[0];
      if (sizeBytes !== null && want > sizeBytes && heavy) {
        return [
          {
            ...common,
            severity: 'warning',
            path: ['blocks', heavy.index, 'l3'],
            sentence: `${listed(names)} share ${where}: they want ${formatBytes(want)}, it has ${formatBytes(sizeBytes)}.`,
            reason: `${parts}. ${heavy.block.name} wants most, and evicts the lines of the others.`,
            remedy: `Move ${heavy.block.name} under another L3, or part the cache with resctrl (Intel CAT, AMD QoS, Arm MPAM).`,
          },
        ];
      }
      const silent = here.filter(({ block }) => block.l3 === null);
      if (silent.length === 0) return [];
      return [
        {
          ...common,
          severity: 'note',
          path: ['blocks', silent[0]?.index ?? 0],
          sentence: `${listed(names)} share ${where}${sizeBytes === null ? '' : ` (${formatBytes(sizeBytes)})`}.`,
          reason:
            "Whether they evict each other's lines is not known: the plan does not say how much of it each needs.",
          remedy: `Say it: l3: 20MB, or l3: own, for ${listed(silent.map(({ block }) => block.name))}.`,
        },
      ];
    });
  },
};
