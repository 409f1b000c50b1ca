/** `hugepages undo`: puts back what was there before the last change that was made from here. */

import type { Command } from 'commander';
import { changeSentence, setCommand, whereOf } from '../../model/hugepages/change.ts';
import type { ChangeOutcome } from '../../model/hugepages/change.ts';
import { madeWords, planUndo } from '../../model/hugepages/undo.ts';
import { outcomeSentences } from '../../model/hugepages/words.ts';
import { PROBLEM_EXIT } from '../../model/problem.ts';
import { plural } from '../../model/text/format.ts';
import type { PoolEntry } from '../../protocol/hugepages-journal.ts';
import { undoHugePages } from '../../remote/hugepages/change.ts';
import { PoolJournal } from '../../remote/hugepages/journal.ts';
import { readHugePages } from '../../remote/hugepages/read.ts';
import { openEntries, withPool } from '../hugepages.ts';
import type { PoolOptions } from '../hugepages.ts';
import { print, printJson, say } from '../output.ts';
import { confirmed } from '../prompter.ts';
import { withHost, withWhere } from '../where.ts';
import { CHANGE_SCHEMA, withYes } from './hugepages-change.ts';

interface Options extends PoolOptions {
  yes?: boolean;
  format: 'text' | 'json';
}

export function addHugePagesUndo(group: Command, signal: AbortSignal): void {
  const command = withYes(
    withPool(
      group
        .command('undo')
        .description(
          'put back what was there before the last change made from here; asks only if somebody changed it since',
        ),
    ),
  );
  withWhere(command).action((options: Options) => undo(options, signal));
}

async function undo(options: Options, signal: AbortSignal): Promise<void> {
  await withHost(options, signal, async (host) => {
    const reading = await readHugePages(host, signal);
    const { pools, boot } = reading;
    const journal = new PoolJournal();
    const { open, stale } = await openEntries(journal, reading, host.transport);
    const isMeant = ({ node, sizeBytes }: PoolEntry): boolean =>
      (options.node ?? node) === node && (options.pages ?? sizeBytes) === sizeBytes;
    await forget(journal, stale.filter(isMeant));
    const entry = open.filter(isMeant).at(-1);
    if (!entry) {
      if (options.format === 'json')
        printJson({ schema: CHANGE_SCHEMA, action: 'undo', undone: null, left: open.length });
      else print(`There is no change on ${reading.host} to undo.`);
      return;
    }
    const { change, differs } = planUndo(pools, entry);
    if (!change) {
      await journal.exclusively(() => journal.remove(entry));
      tell(entry, null, open.length - 1, options.format);
      return;
    }
    say(`Taking back ${madeWords(entry)}.`);
    say(changeSentence(change));
    if (differs !== null) {
      say(differs);
      const hint = `Add --yes to set it to ${String(entry.before)} all the same, or type as root there: ${setCommand(change, change.to)}`;
      if (!options.yes && !(await confirmed('Put it back all the same?', { prompt: options.prompt, signal, hint }))) {
        say('Nothing was changed.');
        process.exitCode = PROBLEM_EXIT.cancelled;
        return;
      }
    }
    tell(entry, await undoHugePages(host, entry, change, { journal, boot, signal }), open.length - 1, options.format);
  });
}

async function forget(journal: PoolJournal, stale: readonly PoolEntry[]): Promise<void> {
  for (const entry of stale) {
    await journal.exclusively(() => journal.remove(entry));
    say(
      `Forgotten, since this host was restarted, or is another one of that name: ${madeWords(entry)}. What is reserved at run time is gone with a restart.`,
    );
  }
}

function tell(entry: PoolEntry, outcome: ChangeOutcome | null, left: number, format: Options['format']): void {
  const missing = outcome?.short ?? 0;
  if (format === 'json') {
    const { node, sizeBytes, before } = entry;
    const read = outcome && {
      got: outcome.reading.total,
      free: outcome.reading.free,
      surplus: outcome.reading.surplus,
    };
    printJson({
      schema: CHANGE_SCHEMA,
      action: 'undo',
      undone: entry.id,
      node,
      sizeBytes,
      asked: before,
      ...read,
      missing,
      left,
    });
  } else print(wordsAfter(entry, outcome, left).join('\n'));
  if (missing > 0) {
    say('The change stays in the journal.');
    process.exitCode = PROBLEM_EXIT['no-huge-pages'];
  }
}

function wordsAfter(entry: PoolEntry, outcome: ChangeOutcome | null, left: number): string[] {
  const more = left === 0 ? [] : [`${plural(left, 'earlier change')} can be undone.`];
  if (!outcome) return [`Nothing had to be put back: ${whereOf(entry)} is as it was before.`, ...more];
  return [...outcomeSentences(outcome), ...more];
}
