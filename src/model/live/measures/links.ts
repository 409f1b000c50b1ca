/** Bytes that links between sockets and memory controllers carried, by counters beside the cores (uncore). */

import { formatMetric } from '../../text/format.ts';
import { isUnavailable } from '../../run/run.ts';
import { found, missingWords, most } from './measure.ts';
import type { Measure } from './measure.ts';
import { cells, changesOf } from './tables.ts';

const GB = 1e9;

interface Words {
  readonly name: string;
  readonly meaning: string;
  /** Where the counters are there and these are not among them. */
  readonly lacks: string;
  readonly verb: string;
}

function carried(key: string, row: string, { name, meaning, lacks, verb }: Words): Measure {
  const words = (value: number): string => formatMetric(value * GB, 'B/s');
  const measure: Measure = {
    key,
    name,
    group: 'Traffic',
    unit: 'GB/s',
    limits: [0.1, 1, 5, 10, 30, 80],
    paints: 'node',
    about: 'machine',
    meaning,
    permission: 'Needs kernel.perf_event_paranoid 0 or less, or the capability PERFMON.',
    missing: 'These counters are read by the agent, and none runs on this host.',
    value: (sample, id) => found(sample, key, id),
    words,
    sentence: (_, sample) => {
      const top = most(sample, ({ id }) => found(sample, key, id));
      return top
        ? `The socket of node ${top.id} ${verb.replace('#', words(top.value))}.`
        : missingWords(measure, sample);
    },
    source: {
      files: [],
      readers: ['links'],
      figures: (...readings) => {
        const changes = changesOf('links', ...readings);
        if (changes === null || isUnavailable(changes)) return changes ?? {};
        return changes.now.has(row) ? cells(changes.rate(row), 1 / GB) : { unavailable: lacks };
      },
    },
  };
  return measure;
}

export const links = carried('links', 'sent', {
  name: 'Link traffic',
  meaning:
    'Bytes of data that the socket sends over its links to other sockets (UPI flits, or data beats of AMD\u2019s fabric), for loads, stores and devices alike. Shown at the first node of the socket.',
  lacks:
    'The kernel shows counters of memory controllers here, but none of links between sockets (uncore_upi, amd_df).',
  verb: 'sends # over its links to other sockets, the most of all',
});
export const controllers = carried('controllers', 'controller', {
  name: 'Controller traffic',
  meaning:
    'Bytes that the memory controllers of the socket read and write (uncore_imc cas_count), for its own CPUs, for other sockets and for devices. Shown at the first node of the socket.',
  lacks: 'The kernel shows counters of links here, but none of memory controllers with a unit (uncore_imc cas_count).',
  verb: 'has # of reads and writes in its memory, the most of all',
});
