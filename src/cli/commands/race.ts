/** `race`: the best placement for the user's own program, found by running it under each and proven. */

import { Option } from 'commander';
import type { Command } from 'commander';
import { DEFAULT_RACE_MS } from '../../model/bench/race/budget.ts';
import type { Better } from '../../model/bench/race/elimination.ts';
import type { ProgramPin } from '../../model/cases/program.ts';
import { PinboardError } from '../../model/problem.ts';
import { clean } from '../../model/text/clean.ts';
import { formatDuration } from '../../model/text/format.ts';
import { measureRace } from '../../remote/bench/race.ts';
import type { RacePlan } from '../../remote/bench/race.ts';
import { passThrough, say } from '../output.ts';
import { showProgress } from '../progress.ts';
import { finishRun } from '../result.ts';
import { duration, durationOption, formatOption } from '../values.ts';
import { withHost, withWhere } from '../where.ts';
import type { Where } from '../where.ts';
import { addPin } from './run.ts';

interface Options extends Where {
  budget: number;
  candidates?: string[];
  also?: ProgramPin[];
  metric?: string;
  better?: Better;
  window?: number;
  settle: number;
  format: 'text' | 'json';
}

const DEFAULT_SETTLE_MS = 1000;

const HELP = `
The program runs under each candidate in turn, round after round: the better half stays, and the last ones run anew for the proof.
It is judged by the time it takes, or by what it prints, in JSON lines such as {"metric": "queries/s", "value": 812.5}.

Candidates are chosen from the topology, at most 12 unless named; --candidates ? lists those of this machine.
A server that does not end by itself: --window 10s starts it anew under each candidate, and counts what it prints in that time.

  numa-pinboard race --budget 10m -- ./queries --seconds 5
  numa-pinboard race --candidates node:0,interleave --also mine=0-7@1 -- ./queries`;

function planWords({ candidates, metric, better, firstMs, leftOut }: RacePlan): string {
  const judged = metric === 's' ? 'the time it takes' : clean(metric, 80);
  const out = leftOut.length === 0 ? '' : `\n  left out to stay within the time: ${leftOut.join(', ')}`;
  const list = candidates.map(({ name, why }) => `  ${name}: ${why}`).join('\n');
  return `numa-pinboard: one run took ${formatDuration(firstMs)}; judged by ${judged}, ${better} is better\n${list}${out}`;
}

export function addRace(program: Command, signal: AbortSignal): void {
  const command = program
    .command('race')
    .description('find the best placement for your own program, and prove it')
    .addOption(durationOption('--budget <time>', 'time limit, the first run included', DEFAULT_RACE_MS))
    .option('--candidates <names>', 'only these, separated by commas; ? lists what there is', (text) => text.split(','))
    .option('--also <name=cpus@node>', 'a placement of your own as well, written as for run --pin; repeatable', addPin)
    .option('--metric <name>', 'judge by this of the metrics that the program prints; s: the time it takes')
    .addOption(new Option('--better <which>', 'whether more or less of it is better').choices(['more', 'less']))
    .option('--window <time>', 'for a server: count what it prints in this time, then end it', duration)
    .addOption(
      durationOption('--settle <time>', 'with --window: what it prints before that does not count', DEFAULT_SETTLE_MS),
    )
    .addOption(formatOption(['text', 'json']))
    .argument('<command...>', 'the program and its arguments, after --')
    .passThroughOptions()
    .addHelpText('after', HELP);
  withWhere(command).action(async (words: string[], options: Options) => {
    const { budget, candidates = null, also = [], metric = null, better = null, window, settle, format } = options;
    if (window === 0) throw new PinboardError('usage', 'A window takes some time.', 'Give --window 10s.');
    const run = await withHost(options, signal, (host) =>
      measureRace(host, {
        ...{ command: words, budgetMs: budget, candidates, also, metric, better },
        window: window === undefined ? null : { windowMs: window, settleMs: settle },
        onPlan: (plan) => say(planWords(plan)),
        // stdout belongs to the result.
        onOutput: (_, bytes) => passThrough('stderr', bytes),
        onProgress: showProgress,
        signal,
      }),
    );
    finishRun(run, format, true);
  });
}
