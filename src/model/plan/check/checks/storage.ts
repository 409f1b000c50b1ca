/** Storage: what blocks and others take of it against its size. */

import { formatBytes, listed } from '../../../text/format.ts';
import type { Found, PlanCheck } from '../../problem.ts';

export const overcommitsStorage: PlanCheck = {
  id: 'overcommits-storage',
  title: 'More storage is planned than there is',
  look({ plan }) {
    return plan.storage.flatMap(({ name, bytes, uses }, at): Found[] => {
      const parts = [
        ...plan.blocks.flatMap((block) =>
          block.storage.filter(({ on }) => on === name).map((part) => ({ who: block.name, bytes: part.bytes })),
        ),
        ...Object.entries(uses).map(([who, size]) => ({ who, bytes: size })),
      ];
      const want = parts.reduce((all, part) => all + part.bytes, 0);
      if (want <= bytes) return [];
      return [
        {
          severity: 'error',
          blocks: plan.blocks.filter((block) => block.storage.some(({ on }) => on === name)).map((block) => block.name),
          nodes: [],
          path: ['storage', at, 'size'],
          sentence: `${name} is to give ${formatBytes(want)} and has ${formatBytes(bytes)}.`,
          reason: listed(parts.map((part) => `${part.who} ${formatBytes(part.bytes)}`)),
          remedy: `Take ${formatBytes(want - bytes)} from one of them.`,
        },
      ];
    });
  },
};
