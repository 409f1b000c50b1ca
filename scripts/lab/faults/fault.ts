// What a fault of the fault lab is: how it is seeded on an emulated host, how one sees that it is really there, how it is taken away,
// and what the doctor has to say of it.

/** What a host needs beside two nodes with CPUs and memory. */
export type Need = 'devices' | 'threads' | 'four-cpus-a-node' | 'large-nodes';

/** A way to boot a host: a shape of `hosts.ts`, and words for its kernel. */
export interface Boot {
  readonly shape: string;
  readonly words?: readonly string[];
}

export interface Scripts {
  /** For /bin/sh as root, after `prelude.sh`, whose words they use. */
  readonly seed?: string;
  /** Ends with a status other than 0 where it is not there. */
  readonly seen: string;
  /** Beside what the prelude undoes by itself: programs, settings, groups and mounts. */
  readonly undo?: string;
}

/** Something a host can have or do. */
export interface Condition extends Scripts {
  /** As the table of the bench has it. */
  readonly kind: string;
  readonly title: string;
  readonly needs?: readonly Need[];
  /** Where a host has it from its start; else it comes and goes on hosts that run. */
  readonly boots?: readonly Boot[];
}

export interface Fault extends Condition {
  /** The doctor's finding; of several, one has to be told. */
  readonly finding: string | readonly string[];
  /** What follows from it, and may be told beside it. */
  readonly also?: readonly string[];
  /** Not a fault where nobody suffers from it: a note is enough. */
  readonly note?: true;
  /** Where nothing emulated can show it: files of the host are played. */
  readonly played?: true;
}
