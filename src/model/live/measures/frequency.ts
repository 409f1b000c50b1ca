import { formatFigure } from '../../text/format.ts';
import { isUnavailable } from '../../run/run.ts';
import { found, missingWords } from './measure.ts';
import type { Measure } from './measure.ts';
import { cells } from './tables.ts';

const GHZ = 1e6;

export const frequency: Measure = {
  key: 'frequency',
  name: 'Frequency',
  group: 'CPU',
  unit: 'GHz',
  limits: [0.5, 1, 2, 2.5, 3, 3.5],
  paints: 'cpu',
  about: 'machine',
  meaning:
    'What the CPU ran at last, as its driver tells (cpufreq scaling_cur_freq). Of a CPU that sleeps it may be what it ran at before.',
  permission: null,
  missing: 'Frequencies are read by the agent, and none runs on this host.',
  value: (sample, id) => found(sample, 'frequency', id),
  words: (value) => `${formatFigure(value)} GHz`,
  short: (value) => value.toFixed(1),
  onNode: 'mean',
  sentence: (_, sample) => {
    const all = Object.values(sample.figures?.['frequency'] ?? {});
    if (all.length === 0) return missingWords(frequency, sample);
    const [least, most] = [Math.min(...all), Math.max(...all)].map((one) => formatFigure(Number(one.toFixed(1))));
    return least === most
      ? `All CPUs run at ${most ?? ''} GHz.`
      : `The CPUs run at ${least ?? ''} to ${most ?? ''} GHz.`;
  },
  source: {
    files: [],
    readers: ['frequency'],
    figures: (_, { tables }) => {
      const table = tables?.get('frequency');
      if (isUnavailable(table)) return table;
      return cells(table?.get('kHz') ?? new Map<number, number>(), 1 / GHZ);
    },
  },
};
