/**
 * One look at a host, as a sample is made of: the same from the agent's lines (agent-lines.ts) and from texts by the shell
 * (host-texts.ts). What is dear is not read at each look: `fresh` says what was.
 */

import type { GroupSample } from './group.ts';
import type { CpuSample, ProcessSample } from './sample.ts';
import type { NoTable, Table } from './tables.ts';

export interface RawReading {
  /** By the host's own clock, which nobody sets. */
  readonly monotonicMs: number;
  /** Contents by path without the leading slash: of files that measures asked for, and by the shell all others too. */
  readonly files: ReadonlyMap<string, string>;
  /** Why a file that is there cannot be read, by its path, in the kernel's words; told by the agent only. */
  readonly refused?: ReadonlyMap<string, string>;
  /** What readers of the agent summed up, by the reader's name, or why they have nothing; the shell sampler has only `nodes` and `time`. */
  readonly tables?: ReadonlyMap<string, Table | NoTable>;
  readonly processes: readonly ProcessSample[];
  readonly groups?: readonly GroupSample[] | undefined;
}

export interface Reading extends RawReading {
  /** Over the time since the look before; none at the first one. */
  readonly cpus: readonly CpuSample[];
  readonly tables: ReadonlyMap<string, Table | NoTable>;
  /** What was read at this look; all else stands from an earlier one. */
  readonly fresh: { readonly files: boolean; readonly tables: ReadonlySet<string> };
  /** What this way of looking cannot see, by the field of a sample, with the reason. */
  readonly lacks?: Readonly<Record<string, string>>;
}
