/** `report`: runs on file → Markdown, SVG and JSON in a folder. */

import type { Command } from 'commander';
import { exportIndex, exportRun, readSnapshotFile } from '../../remote/store/export.ts';
import { unlessInterrupted } from '../interrupt.ts';
import { print } from '../output.ts';

export function addReport(program: Command, signal: AbortSignal): void {
  program
    .command('report')
    .description('write a page for your docs (Markdown, SVG, JSON) from runs on file')
    .argument('<run...>', 'runs (*.numa.json), as bench and run print them with --format json')
    .requiredOption('--to <dir>', 'folder to write into: a sub-folder for each run, and runs.md over several')
    .action(async (paths: string[], options: { to: string }) => {
      // All are read before the first is written: a broken file among them leaves nothing behind.
      const snapshots = await unlessInterrupted(signal, Promise.all(paths.map((path) => readSnapshotFile(path))));
      const folders: string[] = [];
      for (const snapshot of snapshots) {
        const { folder } = await exportRun(snapshot, options.to, signal);
        folders.push(folder);
        print(folder);
      }
      if (folders.length > 1) print(await exportIndex(snapshots, folders, options.to));
    });
}
