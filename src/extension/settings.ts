/** The settings, each read when it is needed, so that a change counts at once; and what is wrong with one, told on start and on each change. */

import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { separationLimits } from '../model/bench/separation/thresholds.ts';
import { limitsWith } from '../model/doctor/base/thresholds.ts';
import type { Limits } from '../model/doctor/base/thresholds.ts';
import { toProblem } from '../model/problem.ts';
import { codeOrMessage, errorCode } from '../remote/system-error.ts';
import type { Here } from './here.ts';
import { limitsFrom } from './limits-setting.ts';
import { absolutePath, pathInWorkspace, SettingProblem } from './path-setting.ts';
import type { Places } from './path-setting.ts';

const SECTION = 'numaPinboard';
const SSH_CONFIG = `${SECTION}.sshConfig`;
const EXPORT_FOLDER = `${SECTION}.exportFolder`;
const DOCTOR_THRESHOLDS = `${SECTION}.doctor.thresholds`;
const SEPARATION_THRESHOLDS = `${SECTION}.separation.thresholds`;

/** Only a folder on disk can be written into. */
export const openFolder = (): vscode.WorkspaceFolder | undefined =>
  vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');

function places(): Places {
  return {
    platform: process.platform,
    home: homedir(),
    workspaceFolder: openFolder()?.uri.fsPath ?? null,
    trusted: vscode.workspace.isTrusted,
    env: process.env,
  };
}

const valueOf = (setting: string, of?: vscode.Uri): unknown =>
  vscode.workspace.getConfiguration(undefined, of).get(setting);

/** The file that the setting names, whether or not it is there; undefined: what ssh itself reads. @throws SettingProblem. */
export function sshConfigNamed(): string | undefined {
  const value = valueOf(SSH_CONFIG);
  return value === undefined || value === '' ? undefined : absolutePath(SSH_CONFIG, value, places());
}

/** @throws SettingProblem also where that file is not there or none. */
export async function sshConfigFile(): Promise<string | undefined> {
  const path = sshConfigNamed();
  if (path === undefined) return undefined;
  const wrong = (why: string): SettingProblem =>
    new SettingProblem(
      SSH_CONFIG,
      `The SSH config file ${path}, named by the setting ${SSH_CONFIG}, ${why}.`,
      'Change the setting, or leave it empty for ~/.ssh/config.',
      'bad-file',
    );
  const file = await stat(path).catch((error: unknown) => {
    throw wrong(errorCode(error) === 'ENOENT' ? 'does not exist' : `cannot be read (${codeOrMessage(error)})`);
  });
  if (!file.isFile()) throw wrong('is not a file');
  return path;
}

/** Which file hosts stand in, as the setting writes it, and on which machine where a person does not sit at that. */
export function hostsFrom({ away }: Here): string {
  const written = valueOf(SSH_CONFIG);
  const file = typeof written === 'string' && written !== '' ? written : '~/.ssh/config';
  return away === null ? file : `${file} (${away})`;
}

/** @throws SettingProblem for a folder outside of the one that is open. */
export function exportFolderIn(folder: vscode.WorkspaceFolder): string {
  const value = valueOf(EXPORT_FOLDER, folder.uri);
  return pathInWorkspace(EXPORT_FOLDER, value, { ...places(), workspaceFolder: folder.uri.fsPath });
}

/** @throws SettingProblem for a threshold that is none, or no number. */
export const doctorLimits = (): Limits =>
  limitsFrom(DOCTOR_THRESHOLDS, valueOf(DOCTOR_THRESHOLDS), limitsWith, '{ "far-share": 0.4 }');

/** Those that are set, by name: a run keeps them, and goes by the program's for the others. @throws SettingProblem likewise. */
export const separationThresholds = (): Readonly<Record<string, number>> =>
  limitsFrom(
    SEPARATION_THRESHOLDS,
    valueOf(SEPARATION_THRESHOLDS),
    (changed) => {
      separationLimits(changed);
      return changed;
    },
    '{ "steal-rate-high": 0.2 }',
  );

/** Each setting that cannot be followed as it stands. */
async function wrongSettings(): Promise<unknown[]> {
  const folder = openFolder();
  const looks: (() => unknown)[] = [
    sshConfigFile,
    doctorLimits,
    separationThresholds,
    () => folder && exportFolderIn(folder),
  ];
  const outcomes = await Promise.allSettled(looks.map((look) => Promise.resolve().then(look)));
  return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
}

/**
 * @param tell of a setting that cannot be followed, once for as long as it stays wrong in the same way.
 * @param refresh the hosts may be others.
 */
export function followSettings(tell: (problem: unknown) => void, refresh: () => void): vscode.Disposable {
  let told = new Set<string>();
  const look = async (): Promise<void> => {
    const wrong = await wrongSettings();
    const before = told;
    told = new Set(wrong.map((one) => toProblem(one).message));
    for (const one of wrong) if (!before.has(toProblem(one).message)) tell(one);
  };
  const again = (): void => {
    refresh();
    void look();
  };
  void look();
  return vscode.Disposable.from(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(SECTION)) again();
    }),
    // A setting may count only in a trusted workspace, or lie in the folder that is open.
    vscode.workspace.onDidGrantWorkspaceTrust(again),
    vscode.workspace.onDidChangeWorkspaceFolders(again),
  );
}
