/** `report`: saved runs, recordings, and what the doctor found → Markdown, SVG and JSON in a folder. */

import type { Command } from 'commander';
import { PinboardError } from '../../model/problem.ts';
import { momentsOf } from '../../model/report/recorded/moments.ts';
import { readStart } from '../../remote/recorded/importers/importer.ts';
import { looksRecorded, readRecordingFile } from '../../remote/recording/reader.ts';
import { exportDiagnosis, exportIndex, exportRecording, exportRun } from '../../remote/store/export.ts';
import { readReported } from '../../remote/store/run-file.ts';
import { unlessInterrupted } from '../interrupt.ts';
import { print } from '../output.ts';

export function addReport(program: Command, signal: AbortSignal): void {
  program
    .command('report')
    .description(
      'write a page for your docs (Markdown, SVG, JSON) from saved runs, recordings, and what the doctor found',
    )
    .argument(
      '<file...>',
      'saved runs (*.numa.json): the output of bench or run with --format json; and that of doctor, which goes into the pages of runs of its host, or becomes one; recordings (*.numarec)',
    )
    .requiredOption(
      '--to <dir>',
      'output folder: gets one subfolder per run, and runs.md as an index if there are several',
    )
    .option(
      '--at <time>',
      'of a recording: show the machine at this time, such as 10:00:07 (UTC); repeatable (default: first, busiest, last)',
      (text: string, before?: readonly string[]) => [...(before ?? []), text],
    )
    .action(async (paths: string[], options: { to: string; at?: readonly string[] }) => {
      const recorded = await Promise.all(paths.map(isRecording));
      const of = (is: boolean): string[] => paths.filter((_, at) => recorded[at] === is);
      if (options.at !== undefined && of(true).length === 0)
        throw new PinboardError('usage', '--at names a moment of a recording, and none is given.');
      // All are read before the first is written: a broken file among them leaves nothing behind.
      const files = await unlessInterrupted(signal, Promise.all(of(false).map((path) => readReported(path))));
      const recordings = await unlessInterrupted(signal, Promise.all(of(true).map((path) => readRecordingFile(path))));
      const stills = recordings.map((recording) => ({ recording, moments: momentsOf(recording, options.at ?? []) }));
      for (const { recording, moments } of stills)
        print((await exportRecording(recording, moments, options.to, signal)).folder);
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

/** What cannot be read is left to the reader of runs, which says why. */
const isRecording = (path: string): Promise<boolean> =>
  readStart(path).then(
    ({ bytes }) => looksRecorded(bytes),
    () => false,
  );
