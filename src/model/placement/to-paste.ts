/** What was placed, whatever measured it: which CPUs, which node's memory, whose command. */

/** A thread, or the whole program, and where it is to run. */
export interface ThreadToPaste {
  /** As the user calls it: "producer". */
  readonly name: string;
  /** Kernel list. */
  readonly cpus: string;
}

export interface ToPaste {
  readonly threads: readonly ThreadToPaste[];
  /** Node of the memory; null: wherever the policy of the host puts it. */
  readonly memory: number | null;
  /** The user's own command where it is known. */
  readonly command: readonly string[] | null;
}
