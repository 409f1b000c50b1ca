/** CPUs that two blocks were given. */

import { formatCpuList } from '../../../text/cpulist.ts';
import { formatCpus } from '../../../text/format.ts';
import { ownersOf } from '../../owners.ts';
import type { Placed } from '../../place.ts';
import type { Found, PlanCheck } from '../../problem.ts';

export const overlap: PlanCheck = {
  id: 'overlap',
  title: 'Two blocks have the same CPUs',
  look({ placement }) {
    // What runs on emulator cores is `emulator-on-vcpus`. A CPU of three blocks is told of the first with each other.
    const pairs = new Map<string, { one: Placed; other: Placed; cpus: number[] }>();
    for (const [cpu, [one, ...others]] of ownersOf(placement.blocks)) {
      if (!one) continue;
      for (const other of others) {
        const key = `${one.index} ${other.index}`;
        const pair = pairs.get(key) ?? { one, other, cpus: [] };
        pair.cpus.push(cpu);
        pairs.set(key, pair);
      }
    }
    return [...pairs.values()].map(({ one, other, cpus }): Found => {
      const names = [one.block.name, other.block.name];
      return {
        severity: 'error',
        blocks: names,
        nodes: [],
        path: ['blocks', other.index, 'cpus'],
        sentence: `${names.join(' and ')} both have ${formatCpus(formatCpuList(cpus))}.`,
        reason: 'Two pinned threads on one CPU run in turn: each gets half of it, and waits for the other in between.',
        remedy: 'Take them out of the cpus of one of the two, or give cores and a node instead.',
      };
    });
  },
};
