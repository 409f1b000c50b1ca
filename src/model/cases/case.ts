/** What a result measured and where: one of these, told apart by `kind`. */

import type { MatrixCase } from './matrix.ts';
import type { MemoryCase } from './memory.ts';
import type { ProgramCase } from './program.ts';
import type { SpscCase } from './spsc.ts';

export type Case = SpscCase | MemoryCase | MatrixCase | ProgramCase;
