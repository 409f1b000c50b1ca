/** Node to node: memory measured from the CPUs of every node to the memory of every node. Nothing is placed. */

import type { MemoryCase } from '../../cases/memory.ts';
import type { Bench } from '../bench.ts';
import { MEMORY } from '../memory/bench.ts';

export const NODES_QUESTION = 'What does each node get of each node\u2019s memory?';

export const NODES: Bench<MemoryCase> = { ...MEMORY, slots: [] };
