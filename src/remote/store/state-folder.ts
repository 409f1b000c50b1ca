/** Where this user's machine keeps what must outlive a program and is no document: XDG's state folder. */

import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** A base that is not absolute is to be ignored (XDG Base Directory Specification). */
export function stateFolder(name: string): string {
  const base = process.env['XDG_STATE_HOME'] ?? '';
  return join(isAbsolute(base) ? base : join(homedir(), '.local', 'state'), 'numa-pinboard', name);
}
