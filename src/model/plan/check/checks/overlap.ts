/** CPUs that two blocks were given. */

import { formatCpuList } from '../../../text/cpulist.ts';
import { formatCpus } from '../../../text/format.ts';
import type { Found, PlanCheck } from '../../problem.ts';

export const overlap: PlanCheck = {
  id: 'overlap',
  title: 'Two blocks have the same CPUs',
  look({ placement }) {
    // What runs on emulator cores is `emulator-on-vcpus`.
    const blocks = placement.blocks.filter(({ block }) => block.kind !== 'emulator');
    return blocks.flatMap((one, at) =>
      blocks.slice(at + 1).flatMap((other): Found[] => {
        const mine = new Set(one.cpus);
        const shared = other.cpus.filter((cpu) => mine.has(cpu));
        if (shared.length === 0) return [];
        const names = [one.block.name, other.block.name];
        return [
          {
            severity: 'error',
            blocks: names,
            nodes: [],
            path: ['blocks', other.index, 'cpus'],
            sentence: `${names.join(' and ')} both have ${formatCpus(formatCpuList(shared))}.`,
            reason:
              'Two pinned threads on one CPU run in turn: each gets half of it, and waits for the other in between.',
            remedy: `Take them out of the cpus of one of the two, or give cores and a node instead.`,
          },
        ];
      }),
    );
  },
};
