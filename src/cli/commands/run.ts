/** `run`: the user's own program, in any language, with the placement named by --pin. */

import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { parseCpuList } from '../../model/text/cpulist.ts';
import { messageOf, PinboardError, PROBLEM_EXIT } from '../../model/problem.ts';
import { parsePin, pinNodes, splitPrograms } from '../../model/bench/program/command.ts';
import type { NamedProgram } from '../../model/bench/program/command.ts';
import type { ProgramPin } from '../../model/cases/program.ts';
import { decideService } from '../../model/metrics/decide.ts';
import type { Run } from '../../model/run/run.ts';
import { runProgram } from '../../remote/bench/program.ts';
import { refuseUnknownPlaces } from '../places.ts';
import { passThrough, printJson, progressDone, say } from '../output.ts';
import { metricsOf, metricsOptions } from '../metrics.ts';
import type { MetricsOptions } from '../metrics.ts';
import { finishRun, sayIfPartial } from '../result.ts';
import { duration, formatOption } from '../values.ts';
import { withHost, withWhere } from '../where.ts';
import type { Where } from '../where.ts';

interface Options extends Where, MetricsOptions {
  pin?: ProgramPin[];
  timeout?: number;
  format: 'text' | 'json';
}

export function addPin(text: string, before: ProgramPin[] = []): ProgramPin[] {
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
  NAME     the base name of a program or its --name; else the name of a thread (/proc/PID/task/*/comm) or a pattern
           such as 'worker-*'. If there is one program and one --pin, it applies to the whole program whatever the name,
           unless that is a pattern.
  MEMORY   1 or 0-1 (these nodes only), preferred:1, interleave, interleave:0,2,
           weighted-interleave (by the kernel's weights, Linux 6.9). For threads: the node of their own CPUs.

To start several programs at the same time, separate them with --and:
  numa-pinboard run --pin producer=0 --pin consumer=64@1 -- --name producer ./spsc send --and --name consumer ./spsc receive
Write ---and to pass --and to a program.

JSON lines on a program's stdout, such as {"metric": "queries/s", "value": 812.5}, become results of the run.

--metrics SOURCE
  JSON lines or Prometheus text with counters of a scheduler by the names of tokio-metrics (total_polls_count,
  total_steal_operations, total_slow_poll_count, ...), Go or the JVM. They are joined with where threads and pages
  were, and held against the thresholds of "bench separation", or those of --threshold NAME=VALUE.`;

/** As JSON also with what its own metrics say: words and tables are in the text already. */
function finishProgram(run: Run, format: Options['format']): void {
  if (format === 'text' || !run.service) {
    finishRun(run, format);
    return;
  }
  progressDone();
  printJson({ ...run, decision: decideService(run.service, run.topology, run.thresholds) });
  sayIfPartial(run);
}

export function addRun(program: Command, signal: AbortSignal): void {
  const command = program
    .command('run')
    .description('run your own program with a placement, and record whether it held')
    .option(
      '--pin <name=cpus@node>',
      'name of a program or of its threads, and the CPUs and memory it may use; repeatable (see below)',
      addPin,
    )
    .option('--timeout <duration>', 'end the programs after this time', duration)
    .addOption(formatOption(['text', 'json']))
    .argument('<command...>', 'the program and its arguments, after --; separate several with --and')
    .passThroughOptions()
    .addHelpText('after', HELP);
  for (const option of metricsOptions(
    'what it tells of itself: a file or FIFO on the host, http://127.0.0.1:PORT/metrics, or - (its stdout)',
  ))
    command.addOption(option);
  withWhere(command).action(async (words: string[], options: Options) => {
    const programs = programsOf(words);
    const metrics = metricsOf(options);
    const { pin: pins = [] } = options;
    const run = await withHost(options, signal, async (host) => {
      const { topology } = await host.discover(signal);
      refuseUnknownPlaces(
        topology,
        pins.map((pin) => ({ cpus: parseCpuList(pin.cpus), nodes: pinNodes(pin) })),
      );
      return runProgram(host, {
        programs,
        pins,
        timeoutMs: options.timeout ?? null,
        metrics,
        signal,
        // stdout belongs to the one JSON document.
        onOutput: (stream, bytes) => {
          passThrough(stream === 'stdout' && options.format === 'text' ? 'stdout' : 'stderr', bytes);
        },
      });
    });
    finishProgram(run, options.format);
    const failed = run.results.filter(({ metric, valid }) => metric === 's' && !valid);
    if (run.partial !== null) return;
    for (const { placement, why } of failed) {
      const name = placement.kind === 'program' && placement.name !== undefined ? `${placement.name}: ` : '';
      say(`numa-pinboard: ${name}${why ?? 'the placement slipped'}.`);
      process.exitCode = PROBLEM_EXIT['check-failed'];
    }
  });
}
