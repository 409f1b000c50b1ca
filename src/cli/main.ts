/** `numa-pinboard`: reads the command line, runs one command, ends with a documented exit status. */

import { Command, CommanderError } from 'commander';
import { PROBLEM_EXIT, toProblem } from '../model/problem.ts';
import { VERSION } from '../model/version.ts';
import { addBench } from './commands/bench.ts';
import { addCheck } from './commands/check.ts';
import { addCompare } from './commands/compare.ts';
import { addReport } from './commands/report.ts';
import { addRun } from './commands/run.ts';
import { addServe } from './commands/serve.ts';
import { addTopology } from './commands/topology.ts';
import { addWatch } from './commands/watch.ts';
import { onInterrupt } from './interrupt.ts';
import { endWithReaders, progressDone, sayProblem, write } from './output.ts';

const USAGE = 2;

const AFTER_HELP = `
Exit status: 0 done, 1 a check failed, 2 usage, 3 the host cannot be reached or trusted,
4 the host lacks something (a CPU, a node, permission, pages, a tool), 5 cut short, with what was measured kept.

Examples:
  numa-pinboard                                        the page for this machine, in the browser
  numa-pinboard --host big-box                         the page for an SSH host
  numa-pinboard topology --host big-box                its topology as a tree
  numa-pinboard bench spsc --producer 0 --consumer 18  a queue across two CPUs
  numa-pinboard bench spsc --producer 0 --consumer 18 --format json > far.numa.json
  numa-pinboard report far.numa.json --to docs/numa    a page for your docs
  numa-pinboard check far.numa.json --max-penalty 2.5  a gate for CI`;

function buildProgram(signal: AbortSignal): Command {
  const program = new Command('numa-pinboard')
    .description('See a multi-socket host, pin work onto it, measure what that costs, and keep the proof.')
    .version(VERSION, '-V, --version')
    .addHelpText('after', AFTER_HELP)
    .showHelpAfterError('(numa-pinboard --help lists commands; numa-pinboard COMMAND --help their options)')
    .enablePositionalOptions()
    .configureOutput({ writeOut: (text) => write('stdout', text), writeErr: (text) => write('stderr', text) })
    .exitOverride();
  addServe(program, signal);
  addTopology(program, signal);
  addWatch(program, signal);
  addBench(program, signal);
  addRun(program, signal);
  addReport(program, signal);
  addCompare(program, signal);
  addCheck(program, signal);
  return program;
}

endWithReaders(PROBLEM_EXIT.internal);
const signal = onInterrupt();

try {
  await buildProgram(signal).parseAsync();
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
