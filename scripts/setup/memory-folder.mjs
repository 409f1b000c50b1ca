// Owns where tests put their temporary files: in memory where there is room for them, for several suites write thousands of
// small files, which costs a disk ten times what they cost otherwise.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const memory = '/dev/shm';
/** Containers often have 64 MiB there, and the largest recordings that tests make take several hundred. */
const roomBytes = 4 * 1024 ** 3;

/** A folder in memory that goes when this process ends; null where there is no room, or where programs may not run. */
export function memoryFolder() {
  try {
    const { bavail, bsize } = statfsSync(memory);
    if (bavail * bsize < roomBytes) return null;
    const folder = mkdtempSync(join(memory, 'numa-pinboard-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
    // Tests of rights look into it as nobody; what lies in it is private by itself.
    chmodSync(folder, 0o755);
    const program = join(folder, 'may-run');
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
    const mayRun = spawnSync(program).status === 0;
    rmSync(program);
    return mayRun ? folder : null;
  } catch {
    return null;
  }
}
