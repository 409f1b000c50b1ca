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
  /** Any other policy than one node bound, as a pin has it: `0-1`, `preferred:1`, `interleave:0-1`, `weighted-interleave:0-1`. */
  readonly policy?: string | undefined;
  /** `NAME=VALUE` that stands in front of the command and is all that was changed. */
  readonly setting?: string | undefined;
  /** The user's own command where it is known. */
  readonly command: readonly string[] | null;
}
