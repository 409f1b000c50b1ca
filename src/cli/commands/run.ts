/** `run`: the user's own program, in any language, with the placement named by --pin. */

import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { formatCpuList, parseCpuList } from '../../model/cpulist.ts';
import { PROBLEM_EXIT } from '../../model/problem.ts';
import type { ProgramCase } from '../../model/run.ts';
import { runProgram } from '../../remote/program.ts';
import { refuseUnknownPlaces } from '../places.ts';
import { say } from '../output.ts';
import { finishRun } from '../result.ts';
import { nodeId } from '../values.ts';
import { withHost, withWhere } from '../where.ts';
import type { Where } from '../where.ts';

type Pin = ProgramCase['pins'][number];

interface Options extends Where {
  pin: Pin[];
  format: 'text' | 'json';
}

/** `NAME=CPULIST[@NODE]` */
function addPin(text: string, before: Pin[]): Pin[] {
  const match = /^([^=]{1,200})=([0-9,-]+)(?:@(\d+))?$/.exec(text);
  const [, name, cpus, node] = match ?? [];
  try {
    if (name === undefined || cpus === undefined) throw new Error('form');
    const ids = parseCpuList(cpus);
    if (ids.length === 0) throw new Error('empty');
    return [...before, { name, cpus: formatCpuList(ids), node: node === undefined ? null : nodeId(node) }];
  } catch {
    throw new InvalidArgumentError('Give NAME=CPULIST or NAME=CPULIST@NODE, such as producer=0-3@0.');
  }
}

export function addRun(program: Command, signal: AbortSignal): void {
  const command = program
    .command('run')
    .description('run your own program with a placement, and record what held')
    .option(
      '--pin <name=cpus@node>',
      "the program's base name or one of its threads' names, and where it may run; several times",
      addPin,
      [] as Pin[],
    )
    .addOption(new Option('--format <format>', 'how to print the run').choices(['text', 'json']).default('text'))
    .argument('<command...>', 'the program and its arguments, after --')
    .passThroughOptions()
    .addHelpText(
      'after',
      '\nLines of JSON that the program prints, such as {"metric": "queries/s", "value": 812.5}, become results of the run.',
    );
  withWhere(command).action(async (words: string[], options: Options) => {
    const snapshot = await withHost(options, signal, async (host) => {
      const { topology } = await host.discover(signal);
      refuseUnknownPlaces(topology, {
        cpus: options.pin.flatMap((pin) => parseCpuList(pin.cpus)),
        nodes: options.pin.flatMap((pin) => (pin.node === null ? [] : [pin.node])),
      });
      return runProgram(host, {
        command: words,
        pins: options.pin,
        signal,
        // stdout belongs to the one JSON document.
        onOutput: (stream, bytes) => {
          (stream === 'stdout' && options.format === 'text' ? process.stdout : process.stderr).write(bytes);
        },
      });
    });
    finishRun(snapshot, options.format);
    const [first] = snapshot.results;
    if (snapshot.partial === null && first?.valid === false) {
      say(`numa-pinboard: ${first.why ?? 'the placement slipped'}.`);
      process.exitCode = PROBLEM_EXIT['check-failed'];
    }
  });
}
