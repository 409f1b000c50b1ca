// The types of vscode.mjs, for the strictly typed tests that import it.
export interface Workbench {
  readonly folder: string;
  /** A file that exists once everything is in place. */
  readonly stamp: string;
  /** The Node (24) that code-server, @vscode/test-electron and the harness run on. */
  readonly node: string;
  /** code-server's entry, a script for `node`. */
  readonly codeServer: string;
}
export function workbench(): Workbench;
export function ensureWorkbench(say?: (words: string) => void): Workbench;
