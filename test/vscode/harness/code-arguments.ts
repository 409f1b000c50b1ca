// Owns the switches of the `code` executable that tests use, as VS Code spells them. Others are left unread: VS Code knows
// hundreds, and @vscode/test-electron adds some that mean nothing to a server and a browser.
import { resolve } from 'node:path';

export interface CodeArguments {
  readonly developmentPaths: readonly string[];
  readonly testsPath: string | undefined;
  readonly userData: string | undefined;
  readonly extensions: string | undefined;
  readonly debuggingPort: number | undefined;
  readonly workspaceTrust: boolean;
  readonly folder: string | undefined;
}

const valued = [
  'extensionDevelopmentPath',
  'extensionTestsPath',
  'user-data-dir',
  'extensions-dir',
  'remote-debugging-port',
];

export function readArguments(args: readonly string[]): CodeArguments {
  const values = new Map<string, string[]>();
  const bare: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    const [, name, , inline] = /^--([^=]+)(=(.*))?$/s.exec(arg) ?? [];
    if (name === undefined) {
      if (!arg.startsWith('-')) bare.push(arg);
      continue;
    }
    if (!valued.includes(name)) continue;
    // Both `--name=value` and `--name value` are VS Code's.
    const value = inline ?? args[++index];
    if (value === undefined) throw new Error(`--${name} wants a value`);
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  const path = (name: string): string | undefined =>
    values
      .get(name)
      ?.map((value) => resolve(value))
      .at(-1);
  const port = values.get('remote-debugging-port')?.at(-1);
  return {
    developmentPaths: (values.get('extensionDevelopmentPath') ?? []).map((value) => resolve(value)),
    testsPath: path('extensionTestsPath'),
    userData: path('user-data-dir'),
    extensions: path('extensions-dir'),
    debuggingPort: port === undefined ? undefined : Number(port),
    workspaceTrust: !args.includes('--disable-workspace-trust'),
    folder: bare.map((value) => resolve(value)).at(-1),
  };
}
