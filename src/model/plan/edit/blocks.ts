/** Blocks that come, go and get another name, with all that names them. */

import { blockOf } from '../import/imported.ts';
import type { Block, Plan } from '../plan.ts';
import type { PlanLists } from './change.ts';

/** As small as a block can be. */
export const newBlock = (name: string): Block => blockOf({ name, kind: 'vm', cores: 1 });

/** "vm-1", or the first such name that no block has. */
export function freeName({ blocks }: Plan): string {
  const taken = new Set(blocks.map(({ name }) => name));
  let at = 1;
  while (taken.has(`vm-${at}`)) at++;
  return `vm-${at}`;
}

export function renamed({ blocks, flows }: Plan, from: string, to: string): PlanLists {
  const as = (name: string): string => (name === from ? to : name);
  return {
    blocks: blocks.map((block) => ({ ...block, name: as(block.name), serves: block.serves.map(as) })),
    flows: flows.map((flow) => ({ ...flow, from: as(flow.from), to: as(flow.to) })),
  };
}

export const withoutBlock = ({ blocks, flows }: Plan, name: string): PlanLists => ({
  blocks: blocks
    .filter((block) => block.name !== name)
    .map((block) => ({ ...block, serves: block.serves.filter((one) => one !== name) })),
  flows: flows.filter(({ from, to }) => from !== name && to !== name),
});
