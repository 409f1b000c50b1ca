// Owns a host that several files of one process test, one after the other: booted for the first of them, ended after the last.
// Each leaves it as it found it.
import { bootLab, type LabHost } from '../support/lab.ts';

export interface SharedLab {
  boot(): Promise<LabHost>;
  leave(): Promise<void>;
}

interface Shared {
  /** Files that were loaded, and have not left yet. */
  users: number;
  host?: Promise<LabHost> | undefined;
}

const byShape = new Map<string, Shared>();

/** Called while a file loads; `boot` before its tests, `leave` after them. */
export function sharedLab(shape: string): SharedLab {
  const shared = byShape.get(shape) ?? { users: 0 };
  byShape.set(shape, shared);
  shared.users++;
  return {
    boot() {
      // One that did not come up is tried anew by the next file.
      shared.host ??= bootLab(shape).catch((error: unknown) => {
        shared.host = undefined;
        throw error;
      });
      return shared.host;
    },
    async leave() {
      shared.users--;
      if (shared.users > 0) return;
      const host = await shared.host;
      shared.host = undefined;
      await host?.stop();
    },
  };
}
