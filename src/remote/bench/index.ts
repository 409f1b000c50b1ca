/** All that measures, for a board: one thing to load when something is first measured. */

export { measureGuide } from './guide.ts';
export { measureMatrix } from './matrix.ts';
export { measurePlanned } from './planned.ts';
export { runProgram } from './program.ts';
export { measureRace } from './race.ts';
