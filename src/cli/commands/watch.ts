/** `watch`: live state, as a table for people, and as JSON lines or CSV for programs; written down on request. */

import type { Command } from 'commander';
import { Option } from 'commander';
import { CSV_HEAD, csvRows } from '../../model/live/watch/csv.ts';
import { textOf } from '../../model/live/watch/lines.ts';
import { watchBlock } from '../../model/live/watch/view.ts';
import type { WatchState } from '../../model/live/watch/view.ts';
import { PinboardError, PROBLEM_EXIT, toProblem } from '../../model/problem.ts';
import type { RecordingHead } from '../../model/live/recording.ts';
import type { Sample } from '../../model/live/sample.ts';
import { formatBytes, plural } from '../../model/text/format.ts';
import { RecordingWriter } from '../../remote/recording/writer.ts';
import type { Host } from '../../remote/host.ts';
import { WatchedService } from '../../remote/sampling/service.ts';
import { watchHost } from '../../remote/sampling/sampler.ts';
import { hasScreen, print, printJsonLine, say, sayProblem, screenSize } from '../output.ts';
import { metricsOf, metricsOptions } from '../metrics.ts';
import type { MetricsOptions } from '../metrics.ts';
import { selectionOptions, selectionsOf } from '../selections.ts';
import type { Selections } from '../selections.ts';
import { durationOption, wholeNumber } from '../values.ts';
import { LEAST_INTERVAL_MS, WatchScreen } from '../watch-screen.ts';
import { withHost, withWhere } from '../where.ts';
import type { Where } from '../where.ts';

type Format = 'table' | 'json' | 'csv';

interface Options extends Where, Selections, MetricsOptions {
  interval: number;
  count?: number;
  format?: Format;
  record?: string;
}

/** Wide enough for every column: what is no terminal wraps nothing. */
const PLAIN_WIDTH = 200;

export function addWatch(program: Command, signal: AbortSignal): void {
  const command = program
    .command('watch')
    .description('show what CPUs, nodes and processes do, until interrupted')
    .addOption(durationOption('--interval <time>', 'time between samples', 1000))
    .option('--count <n>', 'stop after N samples', wholeNumber(1, 1e9))
    .addOption(
      new Option('--format <format>', 'output format (default: table on a terminal, json elsewhere)').choices([
        'table',
        'json',
        'csv',
      ]),
    )
    .option('--record <file>', 'also write a recording (*.numarec), which serve --from and report open');
  for (const option of metricsOptions(
    'what the selected service tells of itself: a file or FIFO on the host, or http://127.0.0.1:PORT/metrics',
  ))
    command.addOption(option);
  for (const option of selectionOptions('also report the threads and memory of')) command.addOption(option);
  withWhere(command).action(async (options: Options) => {
    if (options.interval < LEAST_INTERVAL_MS)
      throw new PinboardError(
        'usage',
        `--interval must be at least ${LEAST_INTERVAL_MS}ms; below that the sampler would measure itself.`,
      );
    if (options.metrics?.source.kind === 'output')
      throw new PinboardError(
        'usage',
        'What a program prints is read by "run --metrics -"; here --metrics takes a file or an address.',
      );
    const metrics = metricsOf(options);
    await withHost(options, signal, (host) => watch(host, { ...options, ...(metrics ? { metrics } : {}) }, signal));
  });
}

async function watch(host: Host, options: Options, signal: AbortSignal): Promise<void> {
  const { interval, count, record } = options;
  const format = options.format ?? (hasScreen() ? 'table' : 'json');
  const selections = selectionsOf(options);
  const watched = { intervalMs: interval, selections, signal, ...(count === undefined ? {} : { count }) };
  if (format === 'json' && record === undefined && !options.metrics) {
    for await (const sample of samples(host, watched)) printJsonLine(sample);
    return;
  }
  const { topology, environment } = await host.discover(signal);
  const service = options.metrics && (await WatchedService.start(host, options.metrics, topology, interval, signal));
  const watching = { ...watched, ...(service ? { service: service.beside } : {}) };
  const state: WatchState = {
    ...{ host: topology.machine.name, topology, intervalMs: interval, sample: null, before: null, processes: null },
    ...{ selected: selections.length > 0, sort: 'cpu', cpus: false, paused: false, checkup: null, recording: null },
  };
  const head = { host: topology.machine.name, topology, environment, intervalMs: interval };
  const work = async (writer: RecordingWriter | null): Promise<void> => {
    if (format !== 'table' || !hasScreen())
      await printed(host, watching, state, format, (sample) => writer?.append(sample));
    else
      await new WatchScreen(host, state).run(watching, (sample) => {
        writer?.append(sample);
        return writer && `${writer.ended ? 'recording ended' : '● recording'} ${formatBytes(writer.bytes)}`;
      });
  };
  try {
    await recorded(record, head, work);
  } finally {
    await service?.end();
  }
  // A screen is gone by now; a block a sample has told it, and so has each line of JSON.
  if (service && format === 'table' && hasScreen()) service.lines.forEach(print);
}

/** For formats whose lines are read by programs: says once that what was selected is not there, for it may still come. */
async function* samples(...[host, watching]: Parameters<typeof watchHost>): AsyncGenerator<Sample> {
  let first = true;
  for await (const sample of watchHost(host, watching)) {
    if (first && watching.selections?.length && sample.processes.length === 0)
      say('Nothing that runs was selected; what is started later will be reported.');
    first = false;
    yield sample;
  }
}

/** Runs `work` with what writes the recording, where one is asked for, and says what came of it. */
async function recorded(
  path: string | undefined,
  head: RecordingHead,
  work: (writer: RecordingWriter | null) => Promise<void>,
): Promise<void> {
  if (path === undefined) return work(null);
  const problems: PinboardError[] = [];
  const writer = await RecordingWriter.create(path, head, { onProblem: (problem) => void problems.push(problem) });
  let cutOff: string | null = null;
  try {
    await work(writer);
  } catch (error) {
    cutOff = toProblem(error).message;
    throw error;
  } finally {
    await writer.close(cutOff);
    problems.forEach(sayProblem);
    say(`Recorded ${plural(writer.samples, 'sample')} in ${path} (${formatBytes(writer.bytes)}).`);
  }
  const [problem] = problems;
  if (problem) process.exitCode = PROBLEM_EXIT[problem.code];
}

async function printed(
  host: Host,
  watching: Parameters<typeof watchHost>[1],
  first: WatchState,
  format: Format,
  record: (sample: Sample) => void,
): Promise<void> {
  let state = first;
  if (format === 'csv') print(CSV_HEAD);
  for await (const sample of format === 'table' ? watchHost(host, watching) : samples(host, watching)) {
    record(sample);
    state = { ...state, sample, before: state.sample };
    if (format === 'json') printJsonLine(sample);
    else if (format === 'csv') csvRows(state.topology, sample).forEach(print);
    else
      print(
        watchBlock(state, hasScreen() ? screenSize().width : PLAIN_WIDTH)
          .map(textOf)
          .join('\n'),
      );
  }
}
