/** All commands of `numa-pinboard`, with what its own help says. */

import { Command } from 'commander';
import { VERSION } from '../../model/version.ts';
import { write } from '../output.ts';

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
  numa-pinboard steal-order --format rust              whom each worker should steal from, as arrays to paste
  numa-pinboard doctor                                 is NUMA the problem here, and what to do
  numa-pinboard hugepages plan --size 40G --node 1     huge pages: what is missing, and the commands
  numa-pinboard plan check vms.plan.yaml               what is wrong with a placement of VMs, before they run
  numa-pinboard plan watch vms.plan.yaml --once        whether what runs keeps to the plan
  numa-pinboard report far.numa.json --to docs/numa    write a page for your docs
  numa-pinboard check far.numa.json --max-penalty 2.5  fail a CI job if crossing costs more`;

type Adding = (program: Command, signal: AbortSignal) => void;

/** Every command, in the order of the help. Each is a program of its own to load: what another one needs is left where it lies. */
const COMMANDS: Readonly<Record<string, () => Promise<Adding>>> = {
  serve: async () => (await import('./serve.ts')).addServe,
  topology: async () => (await import('./topology.ts')).addTopology,
  watch: async () => (await import('./watch.ts')).addWatch,
  bench: async () => (await import('./bench.ts')).addBench,
  run: async () => (await import('./run.ts')).addRun,
  'steal-order': async () => (await import('./steal-order.ts')).addStealOrder,
  race: async () => (await import('./race.ts')).addRace,
  hugepages: async () => (await import('./hugepages.ts')).addHugePages,
  plan: async () => (await import('./plan.ts')).addPlan,
  doctor: async () => (await import('./doctor.ts')).addDoctor,
  report: async () => (await import('./report.ts')).addReport,
  compare: async () => (await import('./compare.ts')).addCompare,
  check: async () => (await import('./check.ts')).addCheck,
};

/** The command that is named first, or the one that stands for none; all of them to list, to suggest or to look further for. */
function needed([first]: readonly string[]): readonly string[] {
  if (first === undefined) return ['serve'];
  if (first === '--version' || first === '-V') return [];
  return Object.hasOwn(COMMANDS, first) ? [first] : Object.keys(COMMANDS);
}

/** @param words of the command line: what they do not need is not loaded. */
export async function buildProgram(words: readonly string[], signal: AbortSignal): Promise<Command> {
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
  for (const name of needed(words)) (await COMMANDS[name]?.())?.(program, signal);
  return program;
}
