/** `hugepages`: the pools of huge pages of a host, who uses them, and changing them. */

import type { Command } from 'commander';
import { hugePagesJson, hugePagesText } from '../../model/hugepages/text.ts';
import { PoolJournal } from '../../remote/hugepages/journal.ts';
import { readHugePages } from '../../remote/hugepages/read.ts';
import { entryLines, openEntries } from '../hugepages.ts';
import { print, printJson } from '../output.ts';
import { formatOption } from '../values.ts';
import { withHost, withWhere } from '../where.ts';
import type { Where } from '../where.ts';
import { addHugePagesChanges } from './hugepages-change.ts';
import { addHugePagesPlan } from './hugepages-plan.ts';
import { addHugePagesUndo } from './hugepages-undo.ts';

interface Options extends Where {
  format: 'text' | 'json';
}

const HELP = `
The kernel's own setting, vm.nr_hugepages, cannot name a node: it spreads the pages evenly. This command sets each node's own
pool. list and plan change nothing. reserve and release show the exact change and ask first; what was there is kept in a journal
on this machine, and undo puts it back, also after an interrupted reserve.`;

export function addHugePages(program: Command, signal: AbortSignal): void {
  const group = program
    .command('hugepages')
    .description('huge pages by node: what is reserved and who uses it; plan, reserve, release, undo')
    .addHelpText('after', HELP);
  const list = group
    .command('list', { isDefault: true })
    .description('print what is reserved, free and used on each node (the default)')
    .addOption(formatOption(['text', 'json']));
  withWhere(list).action(async (options: Options) => {
    await withHost(options, signal, async (host) => {
      const reading = await readHugePages(host, signal);
      const entries = await openEntries(new PoolJournal(), reading, host.transport);
      const { pools, use } = reading;
      if (options.format === 'json') printJson({ ...hugePagesJson(reading.host, pools, use), changes: entries.open });
      else print([...hugePagesText(reading.host, pools, use), ...entryLines(entries)].join('\n'));
    });
  });
  addHugePagesPlan(group, signal);
  addHugePagesChanges(group, signal);
  addHugePagesUndo(group, signal);
}
