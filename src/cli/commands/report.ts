/** `report`: saved runs, and what the doctor found → Markdown, SVG and JSON in a folder. */

import type { Command } from 'commander';
import { exportDiagnosis, exportIndex, exportRun, readReported } from '../../remote/store/export.ts';
import { unlessInterrupted } from '../interrupt.ts';
import { print } from '../output.ts';

export function addReport(program: Command, signal: AbortSignal): void {
  program
    .command('report')
    .description('write a page for your docs (Markdown, SVG, JSON) from saved runs, and from what the doctor found')
    .argument(
      '<file...>',
      'saved runs (*.numa.json): the output of bench or run with --format json; and that of doctor, which goes into the pages of runs of its host, or becomes one',
    )
    .requiredOption(
      '--to <dir>',
      'output folder: gets one subfolder per run, and runs.md as an index if there are several',
    )
    .action(async (paths: string[], options: { to: string }) => {
      // All are read before the first is written: a broken file among them leaves nothing behind.
      const files = await unlessInterrupted(signal, Promise.all(paths.map((path) => readReported(path))));
      const runs = files.flatMap((file) => ('run' in file ? [file.run] : []));
      const looks = files.flatMap((file) => ('looked' in file ? [file.looked] : []));
      const folders: string[] = [];
      for (const run of runs) {
        const looked = looks.findLast(({ diagnosis }) => diagnosis.host === run.host.name) ?? null;
        const { folder } = await exportRun(run, options.to, signal, { looked });
        folders.push(folder);
        print(folder);
      }
      for (const looked of looks) {
        if (runs.some((run) => run.host.name === looked.diagnosis.host)) continue;
        print((await exportDiagnosis(looked, options.to, signal)).folder);
      }
      if (folders.length > 1) print(await exportIndex(runs, folders, options.to));
    });
}
