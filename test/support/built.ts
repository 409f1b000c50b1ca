// Small real programs for whoever tests `run` and `race`, compiled once.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface BuiltProgram {
  readonly path: string;
  remove(): void;
}

/** @param name of a C file beside this one. @throws where there is no compiler: the agent needs one too. */
export function buildProgram(name: 'threads' | 'placed'): BuiltProgram {
  const folder = mkdtempSync(join(tmpdir(), `numa-pinboard-${name}-`));
  const path = join(folder, name);
  const args = ['-O1', '-pthread', '-static', '-o', path, join(import.meta.dirname, `${name}.c`)];
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  for (const compiler of ['musl-gcc', 'cc']) {
    try {
      execFileSync(compiler, args, { stdio: 'ignore' });
      return { path, remove };
    } catch {
      // The next one, or the words below.
    }
  }
  remove();
  throw new Error('No C compiler makes a static program: sudo apt install musl-tools');
}
