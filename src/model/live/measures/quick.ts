/** The measures at hand: a page begins with them, and loads the others after its first frame. */

import { allocations } from './allocations.ts';
import { busy } from './busy.ts';
import { free } from './free.ts';
import { huge } from './huge.ts';
import type { Measure } from './measure.ts';
import { process } from './process.ts';
import { remote } from './remote.ts';

/** Those with a button and a number key. The first is shown until another one is chosen. */
export const QUICK: readonly [Measure, ...Measure[]] = [busy, allocations, remote, free, huge, process];
