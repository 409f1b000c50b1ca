// Owns a fresh VS Code profile: the folders of one run and settings that keep the workbench quiet.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { temporaryFolder } from '../../support/processes.ts';

export interface ProfileOptions {
  /** The folder that is open; default an empty one. */
  readonly workspace?: string;
  /** Added to the extension host's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** HOME of the extension host; default a fresh folder. */
  readonly home?: string;
  /** User settings, beside those that keep a fresh VS Code quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface Profile {
  /** Holds all that was not given; to be removed after the run. */
  readonly base: string;
  readonly userData: string;
  readonly extensions: string;
  readonly workspace: string;
  /** What the run adds to the environment. */
  readonly env: Readonly<Record<string, string>>;
}

const quiet = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'window.dialogStyle': 'custom', // the system's own dialogs cannot be reached by a test
  'files.simpleDialog.enable': true,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'remote.autoForwardPorts': false, // it looks through all processes every few seconds
  // What moves, and pictures of the text, only take the CPUs.
  'workbench.reduceMotion': 'on',
  'editor.cursorBlinking': 'solid',
  'editor.minimap.enabled': false,
};

export function makeProfile(options: ProfileOptions): Profile {
  const base = temporaryFolder('vscode');
  const folder = (name: string): string => {
    mkdirSync(join(base, name), { recursive: true });
    return join(base, name);
  };
  const settings = JSON.stringify({ ...quiet, ...options.settings }, null, 2);
  // A server reads settings of scope "machine" from a file of their own; the desktop has them among the user's.
  for (const place of ['User', 'Machine']) writeFileSync(join(folder(`user-data/${place}`), 'settings.json'), settings);
  return {
    base,
    userData: join(base, 'user-data'),
    extensions: folder('extensions'),
    workspace: resolve(options.workspace ?? folder('workspace')),
    env: { HOME: resolve(options.home ?? folder('home')), ...options.env },
  };
}
