/** `hugepages reserve` and `release`: the exact change is shown, confirmed, made, read back, and can be undone. */

import type { Command } from 'commander';
import { changeSentence, setCommand, undoCommand } from '../../model/hugepages/change.ts';
import type { ChangeOutcome } from '../../model/hugepages/change.ts';
import { findPool, planHugePages, planRelease } from '../../model/hugepages/plan.ts';
import type { Wish } from '../../model/hugepages/plan.ts';
import type { HugePages } from '../../model/hugepages/pools.ts';
import { fallbackWords, outcomeSentences, planSentences } from '../../model/hugepages/words.ts';
import { PROBLEM_EXIT } from '../../model/problem.ts';
import { formatCount, plural } from '../../model/text/format.ts';
import { changeHugePages } from '../../remote/hugepages/change.ts';
import { PoolJournal } from '../../remote/hugepages/journal.ts';
import { readHugePages } from '../../remote/hugepages/read.ts';
import { withAmount, wishOf } from '../hugepages.ts';
import type { PoolOptions } from '../hugepages.ts';
import { print, printJson, progress, progressDone, say } from '../output.ts';
import { confirmed } from '../prompter.ts';
import { formatOption } from '../values.ts';
import { withHost, withWhere } from '../where.ts';

interface Options extends PoolOptions {
  yes?: boolean;
  format: 'text' | 'json';
}

export const CHANGE_SCHEMA = 'numa-pinboard/hugepages-change/1';

export function withYes(command: Command): Command {
  return command.option('--yes', 'do it without asking').addOption(formatOption(['text', 'json']));
}

export function addHugePagesChanges(group: Command, signal: AbortSignal): void {
  const reserve = group.command('reserve').description('have so many pages free on a node: reserves what is missing');
  const release = group.command('release').description('give free pages of a node back to the system');
  withWhere(withYes(withAmount(reserve, 'what is to be free'))).action((options: Options) =>
    change('reserve', options, signal),
  );
  withWhere(withYes(withAmount(release, 'what to give back'))).action((options: Options) =>
    change('release', options, signal),
  );
}

async function change(action: 'reserve' | 'release', options: Options, signal: AbortSignal): Promise<void> {
  await withHost(options, signal, async (host) => {
    const { pools, boot } = await readHugePages(host, signal);
    const wish = wishOf(pools, options);
    const planned = action === 'reserve' ? planHugePages(pools, wish).change : planRelease(pools, wish);
    for (const words of wordsBefore(action, pools, wish)) say(words);
    if (!planned) {
      nothingToDo(action, pools, wish, options.format);
      return;
    }
    say(changeSentence(planned));
    if (!options.yes) {
      const hint = `Add --yes to do it without being asked, or type as root there: ${setCommand(planned, planned.to)}`;
      if (!(await confirmed('Change it?', { prompt: options.prompt, signal, hint }))) {
        say('Nothing was changed.');
        process.exitCode = PROBLEM_EXIT.cancelled;
        return;
      }
    }
    progress(action === 'reserve' ? 'The kernel makes huge pages …' : 'The kernel takes them back …');
    const outcome = await changeHugePages(host, planned, { journal: new PoolJournal(), boot, signal });
    progressDone();
    tell(action, pools, outcome, options.format, wish);
  });
}

function wordsBefore(action: 'reserve' | 'release', pools: HugePages, wish: Wish): string[] {
  if (action === 'reserve') return planSentences(pools, planHugePages(pools, wish));
  const { pool } = findPool(pools, wish);
  const used = pool.total - (pool.free ?? 0);
  return (pool.free ?? 0) >= wish.pages
    ? []
    : [
        `${plural(pool.free ?? 0, 'page')} of the ${formatCount(wish.pages)} can be released; ${formatCount(used)} are in use and stay until their programs end.`,
      ];
}

function nothingToDo(action: 'reserve' | 'release', pools: HugePages, wish: Wish, format: Options['format']): void {
  const { pool } = findPool(pools, wish);
  const missing = action === 'release' ? wish.pages : 0;
  const { node, sizeBytes } = wish;
  if (format === 'json')
    printJson({
      schema: CHANGE_SCHEMA,
      action,
      node,
      sizeBytes,
      before: pool.total,
      asked: pool.total,
      got: pool.total,
      free: pool.free,
      missing,
      undo: [],
    });
  else print('Nothing was changed.');
  if (missing > 0) process.exitCode = PROBLEM_EXIT['no-huge-pages'];
}

function tell(
  action: 'reserve' | 'release',
  pools: HugePages,
  outcome: ChangeOutcome,
  format: Options['format'],
  wish: Wish,
): void {
  const { change: made, reading, short, how } = outcome;
  const released = made.from - made.surplus - made.to;
  const missing = action === 'reserve' ? short : Math.max(0, wish.pages - released);
  if (format === 'json') {
    printJson({
      ...{ schema: CHANGE_SCHEMA, action, node: made.node, sizeBytes: made.sizeBytes },
      ...{ before: made.from, asked: made.to, got: reading.total, free: reading.free, surplus: reading.surplus },
      ...{ missing, how, undo: [undoCommand(made)] },
    });
  } else {
    const back = `To put back what was there: numa-pinboard hugepages undo, or as root there: ${undoCommand(made)}`;
    print([...outcomeSentences(outcome), back].join('\n'));
  }
  if (missing === 0) return;
  if (short > 0) for (const words of fallbackWords(pools, made)) say(`  ${words}`);
  process.exitCode = PROBLEM_EXIT['no-huge-pages'];
}
