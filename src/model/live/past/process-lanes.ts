/** Owns the lanes of processes that are followed: how many CPUs each keeps busy, the only figure that a sample has of each of them in time. */

import type { Measure } from '../measures/measure.ts';
import type { ProcessSample, Sample } from '../sample.ts';
import type { Lane } from './lanes.ts';

/** More would be no lanes but hatching. */
const MOST = 16;

/** CPUs' worth; null where no thread has a share. */
function busyOf({ threads }: ProcessSample): number | null {
  const shares = threads.flatMap(({ busy }) => busy ?? []);
  return shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0);
}

/** What the lanes tell, whatever the machine is coloured by. It colours nothing itself. */
export const CPUS_BY_PROCESS: Measure = {
  key: 'cpus-by-process',
  name: 'CPUs kept busy by each followed process',
  group: 'CPU',
  unit: 'CPUs',
  limits: [0.1, 0.25, 0.5, 1, 2, 5],
  paints: 'machine',
  about: 'process',
  meaning: 'How many CPUs the threads of a followed process kept busy together, over the last interval.',
  permission: null,
  missing: 'No process is followed.',
  value: ({ processes }) => {
    const known = processes.flatMap((one) => busyOf(one) ?? []);
    return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0);
  },
  sentence: () => CPUS_BY_PROCESS.meaning,
};

/** The busiest now, in the order of their numbers. */
export function processLanes({ processes }: Pick<Sample, 'processes'>): Lane[] {
  return [...processes]
    .sort((one, other) => (busyOf(other) ?? 0) - (busyOf(one) ?? 0))
    .slice(0, MOST)
    .sort((one, other) => one.pid - other.pid)
    .map(({ pid, name }) => ({ name: `${name.slice(0, 8)} ${pid}`, ids: [pid] }));
}

/** As `laneReader`: NaN where a process was not followed then. */
export function processReader(lanes: readonly Lane[]): (sample: Sample) => Float32Array {
  return ({ processes }) => {
    const byPid = new Map(processes.map((one) => [one.pid, busyOf(one)]));
    return Float32Array.from(lanes, ({ ids: [pid] }) => byPid.get(pid ?? NaN) ?? NaN);
  };
}
