/** `report`: saved runs → Markdown, SVG and JSON in a folder. */

import type { Command } from 'commander';
import { exportIndex, exportRun, readRunFile } from '../../remote/store/export.ts';
import { unlessInterrupted } from '../interrupt.ts';
import { print } from '../output.ts';

export function addReport(program: Command, signal: AbortSignal): void {
  program
    .command('report')
    .description('write a page for your docs (Markdown, SVG, JSON) from saved runs')
    .argument('<run...>', 'saved runs (*.numa.json): the output of bench or run with --format json')
    .requiredOption(
      '--to <dir>',
      'output folder: gets one subfolder per run, and runs.md as an index if there are several',
    )
    .action(async (paths: string[], options: { to: string }) => {
      // All are read before the first is written: a broken file among them leaves nothing behind.
      const runs = await unlessInterrupted(signal, Promise.all(paths.map((path) => readRunFile(path))));
      const folders: string[] = [];
      for (const run of runs) {
        const { folder } = await exportRun(run, options.to, signal);
        folders.push(folder);
        print(folder);
      }
      if (folders.length > 1) print(await exportIndex(runs, folders, options.to));
    });
}
