/** `run`: the user's own program, in any language, with the placement named by --pin. */

import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { parseCpuList } from '../../model/text/cpulist.ts';
import { messageOf, PinboardError, PROBLEM_EXIT } from '../../model/problem.ts';
import { parsePin, pinNodes, splitPrograms } from '../../model/bench/program/command.ts';
import type { NamedProgram } from '../../model/bench/program/command.ts';
import type { ProgramPin } from '../../model/cases/program.ts';
import { runProgram } from '../../remote/bench/program.ts';
import { refuseUnknownPlaces } from '../places.ts';
import { passThrough, say } from '../output.ts';
import { finishRun } from '../result.ts';
import { duration } from '../values.ts';
import { withHost, withWhere } from '../where.ts';
import type { Where } from '../where.ts';

interface Options extends Where {
  pin: ProgramPin[];
  timeout?: number;
  format: 'text' | 'json';
}

function addPin(text: string, before: ProgramPin[]): ProgramPin[] {
  const pin = parsePin(text);
  if (pin) return [...before, pin];
  throw new InvalidArgumentError(
    'Give NAME=CPULIST or NAME=CPULIST@MEMORY, such as producer=0-3@0, server=0-17@interleave or db=@preferred:1.',
  );
}

function programsOf(words: readonly string[]): NamedProgram[] {
  try {
    return splitPrograms(words);
  } catch (error) {
    throw new PinboardError('usage', messageOf(error));
  }
}

const HELP = `
--pin NAME=CPULIST[@MEMORY]
  NAME     a program's base name or its --name, else one of the threads' names (as in /proc/PID/task/*/comm), or a pattern
           such as 'worker-*'. Of one program, a single pin is for the whole of it, whatever its name (but a pattern).
  MEMORY   1 or 0-1 (nowhere else), preferred:1, interleave, interleave:0,2. For threads: the node of their own CPUs.

Several programs begin together, with --and between them:
  numa-pinboard run --pin producer=0 --pin consumer=64@1 -- --name producer ./spsc send --and --name consumer ./spsc receive
A program's own argument --and is written ---and.

Lines of JSON that a program prints, such as {"metric": "queries/s", "value": 812.5}, become results of the run.`;

export function addRun(program: Command, signal: AbortSignal): void {
  const command = program
    .command('run')
    .description('run your own program with a placement, and record what held')
    .option(
      '--pin <name=cpus@node>',
      "a program's or its threads' name, the CPUs and the memory it may use; several times (see below)",
      addPin,
      [] as ProgramPin[],
    )
    .option('--timeout <duration>', 'end the programs after this long', duration)
    .addOption(new Option('--format <format>', 'how to print the run').choices(['text', 'json']).default('text'))
    .argument('<command...>', 'the program and its arguments, after --; several with --and between them')
    .passThroughOptions()
    .addHelpText('after', HELP);
  withWhere(command).action(async (words: string[], options: Options) => {
    const programs = programsOf(words);
    const snapshot = await withHost(options, signal, async (host) => {
      const { topology } = await host.discover(signal);
      refuseUnknownPlaces(topology, {
        cpus: options.pin.flatMap((pin) => parseCpuList(pin.cpus)),
        nodes: options.pin.flatMap(pinNodes),
      });
      return runProgram(host, {
        programs,
        pins: options.pin,
        timeoutMs: options.timeout ?? null,
        signal,
        // stdout belongs to the one JSON document.
        onOutput: (stream, bytes) => {
          passThrough(stream === 'stdout' && options.format === 'text' ? 'stdout' : 'stderr', bytes);
        },
      });
    });
    finishRun(snapshot, options.format);
    const failed = snapshot.results.filter(({ metric, valid }) => metric === 's' && !valid);
    if (snapshot.partial !== null) return;
    for (const { placement, why } of failed) {
      const name = placement.kind === 'program' && placement.name !== undefined ? `${placement.name}: ` : '';
      say(`numa-pinboard: ${name}${why ?? 'the placement slipped'}.`);
      process.exitCode = PROBLEM_EXIT['check-failed'];
    }
  });
}
