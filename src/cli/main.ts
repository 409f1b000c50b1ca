/** `numa-pinboard`: reads the command line, runs one command, ends with a documented exit status. */

import { Command, CommanderError } from 'commander';
import { PROBLEM_EXIT, toProblem } from '../model/problem.ts';
import { VERSION } from '../model/version.ts';
import { onInterrupt } from './interrupt.ts';
import { endWithReaders, progressDone, sayProblem, write } from './output.ts';

const USAGE = 2;

const AFTER_HELP = `
Exit status:
  0  success
  1  a check failed, the doctor found something, or a program under "run" did
  2  usage error
  3  the host cannot be reached or trusted
  4  the host lacks something: a CPU, a node, a permission, pages, a tool
  5  cut short (interrupted, connection lost); what was measured until then is kept

Examples:
  numa-pinboard                                        open this machine's board in the browser
  numa-pinboard --host big-box                         open the board of an SSH host
  numa-pinboard topology --host big-box                print its topology as a tree
  numa-pinboard bench spsc --producer 0 --consumer 18  measure a queue between two CPUs
  numa-pinboard bench spsc --producer 0 --consumer 18 --format json > far.numa.json
  numa-pinboard race -- ./your-program --its options   the best placement for your own program
  numa-pinboard doctor                                 is NUMA the problem here, and what to do
  numa-pinboard hugepages plan --size 40G --node 1     huge pages: what is missing, and the commands
  numa-pinboard report far.numa.json --to docs/numa    write a page for your docs
  numa-pinboard check far.numa.json --max-penalty 2.5  fail a CI job if crossing costs more`;

type Adding = (program: Command, signal: AbortSignal) => void;

/** Every command, in the order of the help. Each is a program of its own to load: what another one needs is left where it lies. */
const COMMANDS: Readonly<Record<string, () => Promise<Adding>>> = {
  serve: async () => (await import('./commands/serve.ts')).addServe,
  topology: async () => (await import('./commands/topology.ts')).addTopology,
  watch: async () => (await import('./commands/watch.ts')).addWatch,
  bench: async () => (await import('./commands/bench.ts')).addBench,
  run: async () => (await import('./commands/run.ts')).addRun,
  race: async () => (await import('./commands/race.ts')).addRace,
  hugepages: async () => (await import('./commands/hugepages.ts')).addHugePages,
  doctor: async () => (await import('./commands/doctor.ts')).addDoctor,
  report: async () => (await import('./commands/report.ts')).addReport,
  compare: async () => (await import('./commands/compare.ts')).addCompare,
  check: async () => (await import('./commands/check.ts')).addCheck,
};

/** The command that is named first, or the one that stands for none; all of them to list, to suggest or to look further for. */
function needed([first]: readonly string[]): readonly string[] {
  if (first === undefined) return ['serve'];
  if (first === '--version' || first === '-V') return [];
  return Object.hasOwn(COMMANDS, first) ? [first] : Object.keys(COMMANDS);
}

async function buildProgram(signal: AbortSignal): Promise<Command> {
  const program = new Command('numa-pinboard')
    .description('See a multi-socket host, pin work onto it, measure what that costs, and keep the evidence.')
    .version(VERSION, '-V, --version')
    .addHelpText('after', AFTER_HELP)
    .showHelpAfterError(
      '("numa-pinboard --help" lists the commands, "numa-pinboard COMMAND --help" the options of one)',
    )
    .enablePositionalOptions()
    .configureOutput({ writeOut: (text) => write('stdout', text), writeErr: (text) => write('stderr', text) })
    .exitOverride();
  for (const name of needed(process.argv.slice(2))) (await COMMANDS[name]?.())?.(program, signal);
  return program;
}

endWithReaders(PROBLEM_EXIT.internal);
const signal = onInterrupt();

try {
  const program = await buildProgram(signal);
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
