/** The states of the panel that somebody asked for: loaded with the rest of the page (`later.ts`). */

export { carrying } from './carry.ts';
export { comparing } from './compare.ts';
export { programDone, programNow } from './course.ts';
export { doctor, reveal } from './doctor.ts';
export { evidence } from './evidence.ts';
export { fixes, fixesKey, following, followingInDetail } from './following.ts';
export { moments } from './moments.ts';
export { toPaste } from './paste.ts';
export { before, placed } from './placed.ts';
export { reservedHere } from './pools.ts';
export { heldWhile, result } from './result.ts';
export { runList } from './run-list.ts';
export { running, stopping } from './running.ts';
export { victims } from './victims.ts';
