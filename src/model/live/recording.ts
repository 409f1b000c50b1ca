/** A host as it lived for a while: what `watch --record` and the board's record button write, and what opens again (`*.numarec`). */

import type { Environment } from '../run/run.ts';
import type { Topology } from '../topology/topology.ts';
import type { Sample } from './sample.ts';

export const RECORDING_SCHEMA = 'numa-pinboard/recording/1';

/** Something worth finding again: a benchmark ran, a finding began, a person wrote something down. */
export interface Mark {
  /** When it began, ISO 8601, by the clock of the samples. */
  readonly time: string;
  /** When it ended; null: it is a moment, or it had not ended when the recording did. */
  readonly until: string | null;
  readonly kind: 'run' | 'finding' | 'note';
  readonly words: string;
}

/** What stands at the head of a recording: where and what it was taken of. */
export interface RecordingHead {
  /** Name of the host. */
  readonly host: string;
  readonly topology: Topology;
  /** As it was when the recording began. */
  readonly environment: Environment;
  /** Asked for between samples; each sample says how long it took itself. */
  readonly intervalMs: number;
}

export interface Recording extends RecordingHead {
  /** Oldest first. */
  readonly samples: readonly Sample[];
  /** 1: all there are. n: so many were recorded that only every n-th is held. */
  readonly every: number;
  readonly marks: readonly Mark[];
  /** Why it ends before anybody ended it, in words; null: it is whole. */
  readonly cutOff: string | null;
}

/** A time of a recording without samples. */
export interface Gap {
  /** Times of the samples around it. */
  readonly from: string;
  readonly until: string;
}

/** Late by more than so many intervals is a gap: a sampler under load is late by one. */
const LATE = 2.5;

/** Where samples are missing: the connection was lost, the host slept, or the disk was too slow. */
export function gapsOf({ samples, intervalMs, every }: Pick<Recording, 'samples' | 'intervalMs' | 'every'>): Gap[] {
  return samples.flatMap(({ time }, at) => {
    const before = samples[at - 1];
    const late = before && Date.parse(time) - Date.parse(before.time) > LATE * intervalMs * every;
    return before && late === true ? [{ from: before.time, until: time }] : [];
  });
}
