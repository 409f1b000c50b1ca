/** `numa-pinboard`: reads the command line, runs one command, ends with a documented exit status. */

import { CommanderError } from 'commander';
import { PROBLEM_EXIT, toProblem } from '../model/problem.ts';
import { buildProgram } from './commands/index.ts';
import { onInterrupt } from './interrupt.ts';
import { endWithReaders, progressDone, sayProblem } from './output.ts';

const USAGE = 2;

endWithReaders(PROBLEM_EXIT.internal);
const signal = onInterrupt();

try {
  const program = await buildProgram(process.argv.slice(2), signal);
  await program.parseAsync();
} catch (error) {
  progressDone();
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : USAGE;
  else {
    sayProblem(error);
    process.exitCode = PROBLEM_EXIT[toProblem(error).code];
  }
  // What was interrupted in the middle may still wait for a file.
  if (signal.aborted) process.exit();
}
