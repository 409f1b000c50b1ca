/** What memory moved while layouts were measured, node by node. */

import { isUnavailable } from '../../run/run.ts';
import { formatFigure, scaleOf } from '../../text/format.ts';
import { LAYOUT_WORDS } from './labels.ts';
import type { LayoutResult } from './tables.ts';

/** A line a layout at full load; where the host does not tell, one with the reason. */
export function trafficLines(results: readonly LayoutResult[]): string[] {
  const own = results.filter(({ benchmark, placement }) => benchmark === 'separation' && placement.scenario === '100%');
  const [why] = own.flatMap(({ traffic }) => (isUnavailable(traffic) ? [traffic.unavailable] : []));
  const told = own.flatMap(({ traffic, placement }) => {
    if (traffic === undefined || isUnavailable(traffic)) return [];
    const nodes = Object.entries(traffic.nodes).map(([node, bytes]) => {
      const { factor, unit } = scaleOf('B/s', bytes);
      return `node ${node} ${formatFigure(bytes / factor)} ${unit}`;
    });
    return [`  ${LAYOUT_WORDS[placement.layout]}: ${nodes.join(', ')} (${traffic.source})`];
  });
  const title = 'Memory traffic by node at 100 % load, of the whole host';
  if (told.length > 0) return [title, ...told];
  return why === undefined ? [] : [`${title}: unavailable. ${why}`];
}
