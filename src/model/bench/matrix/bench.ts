/** All pairs of some CPUs: what each costs, measured or inferred. Its runner decides which pairs are asked for. */

import type { MatrixCase } from '../../cases/matrix.ts';
import { EMPTY_PLACEMENT } from '../../placement/slots.ts';
import { parseCpuList } from '../../text/cpulist.ts';
import type { Bench } from '../bench.ts';
import { lineWords } from './line.ts';

export const MATRIX: Bench<MatrixCase> = {
  kind: 'matrix',
  figures: [{ benchmark: 'core-to-core', metric: 'ns', title: 'Core to core, one way', aside: null }],
  slots: [],
  unitNote: null,
  placement: () => EMPTY_PLACEMENT,
  asked: ({ cpus, line }) => ({
    ...{ pinned: true, memory: 'Memory', counted: 'pair', pages: null },
    node: typeof line === 'number' ? line : null,
    touching: typeof line === 'number' ? [] : parseCpuList(cpus),
  }),
  how: lineWords,
  label: ({ matrix, cpus }) => `${matrix} between CPUs ${cpus}`.slice(0, 60),
  shortLabel: ({ matrix, cpus }) =>
    `${matrix === 'latency' ? 'core to core' : 'SPSC, all pairs'}, ${parseCpuList(cpus).length} CPUs`,
  unusual: () => [],
  settings: ({ line }): Record<string, string | number> => (line === 'first' || line === 'unknown' ? {} : { line }),
  crosses: () => null,
  fairness: () => -1,
  placed: () => null,
};
