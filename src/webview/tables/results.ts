/** Owns the table of everything measured, each repetition included. */

import { formatFigure, formatMetric, scaleOf } from '../../model/text/format.ts';
import { doubtOf } from '../../model/run/run.ts';
import { resultName } from '../../model/verdict/names.ts';
import { runLabel } from '../state/labels.ts';
import type { State } from '../state/store.ts';
import { table } from './table.ts';

export function results({ board }: State): HTMLElement | null {
  const rows = (board?.runs ?? []).flatMap((run) =>
    run.results.map((result, at) => {
      const { median, interval, metric, repetitions } = result;
      const { factor, unit } = scaleOf(metric, median ?? 0);
      const marks = [
        ...[doubtOf(result)].filter((word) => word !== null),
        ...(result.valid ? [] : ['not valid']),
        ...(result.emulated ? ['emulated'] : []),
      ];
      return [
        resultName(result),
        median === null ? 'not measured' : formatMetric(median, metric),
        interval ? `${formatMetric(interval[0], metric)} to ${formatMetric(interval[1], metric)}` : 'none',
        `${repetitions.map((value) => (value === null ? 'none' : formatFigure(value / factor))).join(', ')} ${unit}`,
        marks.join(', '),
        runLabel(board?.topology ?? null, run),
        // It is of the run as a whole: once, beside the first of its results.
        at === 0 ? (run.verdict?.sentence ?? 'none') : '',
      ];
    }),
  );
  if (rows.length === 0) return null;
  return table(
    'Results',
    ['Placement', 'Median', '95 % interval', 'Every repetition', 'Marks', 'Run', 'Verdict of the run'],
    rows,
  );
}
