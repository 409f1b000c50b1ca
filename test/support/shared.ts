// Owns things that several test files of one process use, one file after the other (an emulated host, a browser): made for the
// first of them, ended after the last. Each file leaves it as it found it.

export interface Shared<T> {
  /** Before a file's tests. */
  open(): Promise<T>;
  /** After them. */
  leave(): Promise<void>;
}

interface Entry {
  /** Files that were loaded, and have not left yet. */
  users: number;
  thing?: Promise<unknown> | undefined;
}

const entries = new Map<string, Entry>();

/** To be called while a file loads. `name` tells things apart. */
export function shared<T>(name: string, make: () => Promise<T>, end: (thing: T) => Promise<void>): Shared<T> {
  const entry = entries.get(name) ?? { users: 0 };
  entries.set(name, entry);
  entry.users++;
  return {
    open() {
      // One that could not be made is tried anew by the next file.
      entry.thing ??= make().catch((error: unknown) => {
        entry.thing = undefined;
        throw error;
      });
      return entry.thing as Promise<T>;
    },
    async leave() {
      entry.users--;
      if (entry.users > 0) return;
      const thing = (await entry.thing) as T | undefined;
      entry.thing = undefined;
      if (thing !== undefined) await end(thing);
    },
  };
}
