/** A program of the user's own, as it was run. */

/** What was asked of a user's own program (`run`). */
export interface ProgramCase {
  readonly kind: 'program';
  /** Its name among several that ran together; absent where it ran alone. */
  readonly name?: string | undefined;
  /** Of a race: what this placement of it is called. */
  readonly candidate?: string | undefined;
  readonly command: readonly string[];
  readonly pins: readonly ProgramPin[];
}

/** A `--pin`: the name of a program or of threads, the CPUs they may use (empty: any), where their memory may lie. */
export interface ProgramPin {
  readonly name: string;
  readonly cpus: string;
  /** The one node that memory is bound to, or null. */
  readonly node: number | null;
  /** Any other policy, as it is written behind the @: `0-1`, `preferred:1`, `interleave`, `weighted-interleave:0,2`. */
  readonly memory?: string | undefined;
}
