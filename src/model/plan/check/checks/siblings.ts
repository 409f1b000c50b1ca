/** Cores of which a block has a part. */

import { formatCpuList } from '../../../text/cpulist.ts';
import { formatCpus, listed } from '../../../text/format.ts';
import type { PlanCore } from '../../machine.ts';
import { ownersAmong, ownersOf } from '../../owners.ts';
import type { Found, PlanCheck } from '../../problem.ts';

export const splitsSiblings: PlanCheck = {
  id: 'splits-siblings',
  title: 'A block has a core without all of its hardware threads',
  look({ placement: { machine, blocks } }) {
    // Emulator threads on vCPU cores are told by `emulator-on-vcpus`.
    const owners = ownersOf(blocks);
    return blocks.flatMap(({ block, index, cpus }): Found[] => {
      const own = new Set(cpus);
      const cores = new Set(cpus.flatMap((cpu) => machine.coreOf.get(cpu) ?? []));
      const split = [...cores].filter((core) => core.cpus.some((cpu) => !own.has(cpu)));
      if (split.length === 0) return [];
      const rest = split.flatMap((core: PlanCore) => core.cpus.filter((cpu) => !own.has(cpu)));
      // None of these CPUs is its own.
      const { names } = ownersAmong(owners, rest);
      const parts = formatCpus(formatCpuList(split.flatMap((core) => core.cpus.filter((cpu) => own.has(cpu)))));
      return [
        {
          severity: names.length > 0 ? 'error' : 'warning',
          blocks: [block.name, ...names],
          nodes: [],
          path: ['blocks', index, block.cpus !== null ? 'cpus' : 'threads'],
          sentence:
            names.length > 0
              ? `${block.name} has ${parts} without ${split.length === 1 ? 'its sibling' : 'their siblings'}, which ${listed(names)} ${names.length === 1 ? 'has' : 'have'}.`
              : `${block.name} has ${parts}, and nothing has ${split.length === 1 ? 'its sibling' : 'their siblings'} ${formatCpus(formatCpuList(rest))}.`,
          reason:
            names.length > 0
              ? 'Siblings share one core: each slows the other down, and reads in its caches what the other does.'
              : 'What the host or others run there takes half of the core away.',
          remedy:
            block.cpus !== null
              ? `Add ${formatCpuList(rest)} to its cpus, or take the halves out: whole cores belong together.`
              : `Give it a multiple of ${machine.smt} threads, or cores instead.`,
        },
      ];
    });
  },
};
