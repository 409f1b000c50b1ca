// Owns the one pool of huge pages of this machine that tests change: one test at a time, also of suites that run side by side, and
// it is what it was when the work ends.
import { accessSync, constants, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locked } from '../../src/remote/store/lock.ts';
import { PinboardError } from '../../src/model/problem.ts';
import { waitFor } from './processes.ts';

export const poolFile = '/sys/devices/system/node/node0/hugepages/hugepages-2048kB/nr_hugepages';
export const reserved = (): number => Number(readFileSync(poolFile, 'utf8'));

function writable(): boolean {
  try {
    accessSync(poolFile, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Why no test may change it, or false. */
export const noPool = writable() ? false : 'needs the right to change the pools of huge pages of this machine (root)';

/** Runs `work` while no other test has the pool. */
export async function withPool<T>(work: () => Promise<T>): Promise<T> {
  const folder = join(tmpdir(), 'numa-pinboard-test-pool');
  mkdirSync(folder, { recursive: true });
  const attempt = async (): Promise<{ result: T } | null> => {
    try {
      return { result: await locked(folder, 'changing huge pages', () => kept(work)) };
    } catch (error) {
      if (error instanceof PinboardError && error.code === 'busy' && error.hint?.includes(folder)) return null;
      throw error;
    }
  };
  const { result } = await waitFor(attempt, { what: 'the pool of huge pages', timeoutMs: 120_000 });
  return result;
}

async function kept<T>(work: () => Promise<T>): Promise<T> {
  if (noPool !== false) return work();
  const before = readFileSync(poolFile, 'utf8');
  try {
    return await work();
  } finally {
    writeFileSync(poolFile, before);
  }
}
