/** The page of a run, of a recording or of what the doctor found, written for a project's docs. */

import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PinboardError } from '../../model/problem.ts';
import { doctorJson } from '../../model/doctor/text.ts';
import { doctorMarkdown } from '../../model/report/doctor.ts';
import type { ExportedFile } from '../../model/plan/export/exported.ts';
import type { DoctorPart } from '../../model/report/doctor.ts';
import { reportIndex, reportMarkdown } from '../../model/report/markdown.ts';
import type { Run } from '../../model/run/run.ts';
import type { Recording } from '../../model/live/recording.ts';
import type { Moment } from '../../model/report/recorded/moments.ts';
import { recordingPage } from '../../model/report/recorded/page.ts';
import { exportFolderName } from '../../model/run/folder-name.ts';
import { visibleJson } from '../../model/text/visible.ts';
import { errorCode } from '../system-error.ts';
import { EXPORTERS } from './exporters.ts';
import type { Exporter } from './exporters.ts';
import { cannotWrite, makeFolder, syncFolder, writeAtomically, writeSynced } from './files.ts';

export { writeAtomically };

export interface Exported {
  /** The folder that was made. */
  readonly folder: string;
  /** Names of the files in it. */
  readonly files: readonly string[];
}

const REPORT = 'report.md';

/** Folders being filled begin with this; one left by a crash is removed by a later export. */
const UNFINISHED = '.numa-pinboard-export-';
/** Older than any export takes, so that another one under way is let be. */
const LEFTOVER_MS = 10 * 60_000;
const MAX_SAME_NAME = 1000;

export interface RunExport {
  readonly exporters?: readonly Exporter[];
  /** What the doctor found on its host, for its page. */
  readonly looked?: DoctorPart | null;
}

/** Writes FOLDER/YYYY-MM-DD-HHMM-HOST/ with report.md and what the exporters make of the run, as `exportFolder` does. */
export function exportRun(
  run: Run,
  folder: string,
  signal?: AbortSignal,
  { exporters = EXPORTERS, looked = null }: RunExport = {},
): Promise<Exported> {
  const made = exporters.flatMap(({ name, title, picture, write }) => {
    const text = write(run);
    return text === null ? [] : [{ name, title: title(run), picture, text }];
  });
  const contents = [{ name: REPORT, text: reportMarkdown(run, made, looked) }, ...made];
  return exportFolder(contents, join(folder, exportFolderName(run.time, run.host.name)), signal);
}

/** Writes FOLDER/YYYY-MM-DD-HHMM-HOST-recorded/ with the page of a recording: its course, and the machine at some moments. */
export function exportRecording(
  recording: Recording,
  moments: readonly Moment[],
  folder: string,
  signal?: AbortSignal,
): Promise<Exported> {
  const name = exportFolderName(recording.samples[0]?.time ?? new Date().toISOString(), recording.host);
  return exportFolder(recordingPage(recording, moments), join(folder, `${name}-recorded`), signal);
}

/** Writes FOLDER/YYYY-MM-DD-HHMM-HOST-doctor/ with what the doctor found, for people and as it was written. */
export function exportDiagnosis(looked: DoctorPart, folder: string, signal?: AbortSignal): Promise<Exported> {
  const { time, diagnosis } = looked;
  const contents = [
    { name: REPORT, text: doctorMarkdown(looked) },
    { name: 'doctor.json', text: `${visibleJson(doctorJson(diagnosis, time), 2)}\n` },
  ];
  return exportFolder(contents, join(folder, `${exportFolderName(time, diagnosis.host)}-doctor`), signal);
}

/** Writes FOLDER/NAME-placement/ with what makes a plan so; names may lie in folders of their own. */
export function exportPlacement(
  files: readonly ExportedFile[],
  { folder, name }: { readonly folder: string; readonly name: string },
  signal?: AbortSignal,
): Promise<Exported> {
  const contents = files.map(({ path, text }) => ({ name: path, text }));
  return exportFolder(contents, join(folder, `${name}-placement`), signal);
}

/**
 * A name that is taken gets -2, -3 … A folder of that name is whole or not there, also after a crash.
 * @param signal aborting it removes what was begun.
 * @throws PinboardError `permission` or `unsupported` when it cannot be written.
 */
async function exportFolder(
  contents: readonly { readonly name: string; readonly text: string }[],
  wanted: string,
  signal: AbortSignal | undefined,
): Promise<Exported> {
  const folder = dirname(wanted);
  const unfinished = join(folder, UNFINISHED + randomBytes(6).toString('hex'));
  try {
    await makeFolder(folder);
    await removeLeftovers(folder);
    await mkdir(unfinished);
    for (const { name, text } of contents) {
      if (signal?.aborted === true) throw new PinboardError('cancelled', 'Cancelled.');
      await mkdir(dirname(join(unfinished, name)), { recursive: true });
      await writeSynced(join(unfinished, name), text);
    }
    await syncFolder(unfinished);
    const target = await moveToFreeName(unfinished, wanted);
    await syncFolder(folder);
    return { folder: target, files: contents.map(({ name }) => name) };
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true }).catch(() => undefined);
    throw cannotWrite(folder, error);
  }
}

/**
 * Writes FOLDER/runs.md, a page that leads to those of several runs; a name that is taken gets -2, -3 …
 * @param folders of the runs' pages, directly below `folder`.
 * @returns its path.
 */
export async function exportIndex(runs: readonly Run[], folders: readonly string[], folder: string): Promise<string> {
  const text = reportIndex(
    runs,
    folders.map((of) => `${basename(of)}/${REPORT}`),
  );
  for (let n = 1; n <= MAX_SAME_NAME; n++) {
    const path = join(folder, n === 1 ? 'runs.md' : `runs-${n}.md`);
    try {
      await writeSynced(path, text);
      return path;
    } catch (error) {
      if (!(await isThere(path))) throw cannotWrite(path, error);
    }
  }
  throw tooMany(join(folder, 'runs.md'));
}

async function moveToFreeName(from: string, wanted: string): Promise<string> {
  for (let n = 1; n <= MAX_SAME_NAME; n++) {
    const target = n === 1 ? wanted : `${wanted}-${n}`;
    // Looked at first, because a rename replaces an empty folder in silence; tried all the same, because another
    // export may have taken the name since.
    if (await isThere(target)) continue;
    try {
      await rename(from, target);
      return target;
    } catch (error) {
      if (!(await isThere(target))) throw error;
    }
  }
  throw tooMany(wanted);
}

function tooMany(wanted: string): PinboardError {
  return new PinboardError('unsupported', `There are already ${MAX_SAME_NAME} pages named ${wanted}.`, 'Remove some.');
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

async function removeLeftovers(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(UNFINISHED));
  for (const name of names) {
    const path = join(folder, name);
    const info = await lstat(path).catch(() => null);
    if (info?.isDirectory() !== true || Date.now() - info.mtimeMs < LEFTOVER_MS) continue;
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}
