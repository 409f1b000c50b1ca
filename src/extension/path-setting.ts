/** Paths as settings write them. What stands for a place is the place on the machine that the extension runs on. Pure, so that any system's paths can be tried. */

import { posix, win32 } from 'node:path';
import { PinboardError } from '../model/problem.ts';
import type { ProblemCode } from '../model/problem.ts';

export interface Places {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  /** The folder that is open; null where none on disk is. */
  readonly workspaceFolder: string | null;
  readonly trusted: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A setting that cannot be followed: whoever is told of it is offered the setting. */
export class SettingProblem extends PinboardError {
  override name = 'SettingProblem';
  readonly setting: string;
  constructor(setting: string, words: string, hint: string, code: ProblemCode = 'usage') {
    super(code, words, hint);
    this.setting = setting;
  }
}

export const TRUST_HINT = 'Trust it first (Workspaces: Manage Workspace Trust).';
const KNOWN = 'Known are ~, ${userHome}, ${workspaceFolder} and ${env:NAME}.';

const rulesOf = ({ platform }: Pick<Places, 'platform'>): typeof posix => (platform === 'win32' ? win32 : posix);

/** @throws SettingProblem for what stands for nothing here. */
export function expandPath(setting: string, value: unknown, places: Places): string {
  if (typeof value !== 'string') {
    const words = `The setting ${setting} is ${JSON.stringify(value)}, and takes a path.`;
    throw new SettingProblem(setting, words, 'Write it as text, in quotes.');
  }
  const wrong = (why: string, hint: string, code?: ProblemCode): SettingProblem =>
    new SettingProblem(setting, `The setting ${setting} (${value}) ${why}`, hint, code);
  const stands = (name: string): string => {
    const variable = /^env:(.+)$/.exec(name)?.[1];
    if (name === 'userHome') return places.home;
    if (variable !== undefined) {
      const held = places.env[variable];
      if (held === undefined || held === '')
        throw wrong(`needs the environment variable ${variable}, which is not set.`, KNOWN);
      return held;
    }
    if (name !== 'workspaceFolder') throw wrong(`holds \${${name}}, which stands for nothing here.`, KNOWN);
    if (places.workspaceFolder === null)
      throw wrong('needs a folder on disk, and none is open.', 'Open a folder first (File: Open Folder…).');
    // A stranger's folder would bring a file that the setting then trusts.
    if (!places.trusted) throw wrong('lies in the workspace, which is not trusted.', TRUST_HINT, 'unsupported');
    return places.workspaceFolder;
  };
  const tilde = places.platform === 'win32' ? /^~(?=$|[\\/])|\$\{([^}]*)\}/g : /^~(?=$|\/)|\$\{([^}]*)\}/g;
  return rulesOf(places).normalize(value.replace(tilde, (_, name: string | undefined) => stands(name ?? 'userHome')));
}

/** @throws SettingProblem also for a path that is not absolute. */
export function absolutePath(setting: string, value: unknown, places: Places): string {
  const path = expandPath(setting, value, places);
  if (rulesOf(places).isAbsolute(path)) return path;
  const words = `The setting ${setting} (${path}) is not an absolute path.`;
  throw new SettingProblem(
    setting,
    words,
    'Let it begin at the root, with ~, ${userHome}, ${workspaceFolder} or ${env:NAME}.',
  );
}

/** @throws SettingProblem also for a path outside of the folder that is open. */
export function pathInWorkspace(
  setting: string,
  value: unknown,
  places: Places & { readonly workspaceFolder: string },
): string {
  const { workspaceFolder } = places;
  const { isAbsolute, relative, resolve, sep } = rulesOf(places);
  const path = resolve(workspaceFolder, expandPath(setting, value, places));
  const inside = relative(workspaceFolder, path);
  if (!isAbsolute(inside) && inside !== '..' && !inside.startsWith(`..${sep}`)) return path;
  const words = `The setting ${setting} (${String(value)}) lies outside the workspace.`;
  throw new SettingProblem(setting, words, 'Use a folder inside it, such as docs/numa/.');
}
