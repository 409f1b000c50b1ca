// A real program with named threads and memory of its own, compiled once for whoever tests `run`.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ThreadsProgram {
  readonly path: string;
  remove(): void;
}

/** @throws where there is no compiler: the agent needs one too. */
export function buildThreads(): ThreadsProgram {
  const folder = mkdtempSync(join(tmpdir(), 'numa-pinboard-threads-'));
  const path = join(folder, 'threads');
  const args = ['-O1', '-pthread', '-static', '-o', path, join(import.meta.dirname, 'threads.c')];
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
