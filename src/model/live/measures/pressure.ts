/** Pressure stall information (PSI): how much of the time tasks waited for CPU time, for memory, for I/O. Of the whole machine. */

import type { RawReading } from '../reading.ts';
import { found, missingWords, PERCENT, rounded } from './measure.ts';
import type { Measure } from './measure.ts';
import { perSecond } from './text.ts';

type Resource = 'cpu' | 'memory' | 'io';

/** Microseconds stalled since boot, by kind ("some avg10=0.00 avg60=0.00 avg300=0.00 total=123"). */
function totals({ files }: RawReading, resource: Resource): ReadonlyMap<string, number> {
  const lines = (files.get(`proc/pressure/${resource}`) ?? '').split('\n');
  return new Map(
    lines.flatMap((line) => {
      const [, kind = '', total] = /^(some|full) .{0,200}total=(\d{1,18})$/.exec(line.trim()) ?? [];
      return kind === '' ? [] : [[kind, Number(total)] as const];
    }),
  );
}

function pressure(resource: Resource, name: string, for_: string): Measure {
  const key = `pressure-${resource}`;
  const measure: Measure = {
    key,
    name,
    group: 'Pressure',
    unit: '%',
    limits: PERCENT,
    paints: 'machine',
    about: 'machine',
    meaning: `Share of the last interval in which at least one task had to wait for ${for_} (PSI, /proc/pressure/${resource}, some). Known of the whole machine only.`,
    permission: null,
    missing:
      'This kernel tells no pressure: it is built without CONFIG_PSI, or PSI is off by default and the kernel was booted without psi=1.',
    value: (sample) => found(sample, key, 'some'),
    words: (value) => rounded(value, '%'),
    beside: (sample) => {
      // The kernel reports it of the CPU for the sake of one format, as 0: somebody always runs.
      const full = resource === 'cpu' ? null : found(sample, key, 'full');
      return full === null ? [] : [['all tasks at once waited', rounded(full, '%')]];
    },
    sentence: (_, sample) => {
      const [some, full] = [found(sample, key, 'some'), found(sample, key, 'full')];
      if (some === null) return missingWords(measure, sample);
      if (some === 0) return `No task had to wait for ${for_} in the last interval.`;
      const all =
        resource === 'cpu' || full === null || full === 0 ? '' : `, all of them at once during ${rounded(full, '%')}`;
      return `Some task waited for ${for_} during ${rounded(some, '%')} of the time${all}.`;
    },
    source: {
      files: [[`/proc/pressure/${resource}`]],
      figures: (before, after, seconds) => {
        const [then, now] = [totals(before, resource), totals(after, resource)];
        const shares = ['some', 'full'].flatMap((kind) => {
          const stalled = perSecond(then.get(kind), now.get(kind), seconds);
          return stalled === null ? [] : [[kind, Math.min(100, stalled / 1e4)]];
        });
        return Object.fromEntries(shares) as Record<string, number>;
      },
    },
  };
  return measure;
}

export const cpuPressure = pressure('cpu', 'Waiting for CPU', 'a CPU');
export const memoryPressure = pressure('memory', 'Waiting for memory', 'memory');
export const ioPressure = pressure('io', 'Waiting for I/O', 'I/O');
