/** All that measures, for a board: one thing to load when something is first measured. */

export { measure } from './benchmark.ts';
export { measureGuide } from './guide.ts';
export { measureMatrix } from './matrix.ts';
export { runProgram } from './program.ts';
export { measureRace } from './race.ts';
