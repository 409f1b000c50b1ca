// Owns a stand-in for `xdg-open`, which writes down how it was called.
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FakeOpener {
  /** Its path; its folder belongs first on PATH. */
  readonly program: string;
  /** The arguments of every call so far. */
  readonly calls: () => string[][];
}

export function fakeOpener(folder: string, name: string, then = ''): FakeOpener {
  const own = join(folder, name);
  mkdirSync(own);
  const program = join(own, 'xdg-open');
  const record = join(own, 'calls');
  // Written beside and renamed, so that a call is read whole.
  writeFileSync(
    program,
    `#!/bin/sh\nprintf '%s\\n' "$@" > '${record}.new' && mv '${record}.new' '${record}'\n${then}\n`,
  );
  chmodSync(program, 0o755);
  return { program, calls: () => (existsSync(record) ? [readFileSync(record, 'utf8').trimEnd().split('\n')] : []) };
}
