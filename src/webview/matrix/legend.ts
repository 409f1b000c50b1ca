/** Owns what the colours of the matrix mean: its classes, what each costs, and how much of it was measured. */

import { classSteps } from '../../model/bench/matrix/sheet.ts';
import type { CostTable } from '../../model/bench/matrix/costs.ts';
import { formatCount, scaleOf } from '../../model/text/format.ts';
import { medianCell } from '../panel/figures.ts';
import { table } from '../panel/elements.ts';
import { el, svg } from '../ui/dom.ts';

const swatch = (step: number): SVGSVGElement =>
  svg(
    'svg.class-swatch',
    { width: 16, height: 10, 'aria-hidden': 'true' },
    svg('rect', { class: `h${step}`, x: 0.5, y: 0.5, width: 15, height: 9 }),
  );

export function classLegend(costs: CostTable): HTMLElement {
  const { factor, unit } = scaleOf(costs.metric, Math.max(0, ...costs.classes.map(({ median }) => median ?? 0)));
  const steps = classSteps(costs.classes.length);
  const rows = costs.classes.map(({ name, median, interval, pairs, measuredPairs }, at) => [
    el('span.class-name', {}, swatch(steps[at] ?? 0), el('span', {}, name)),
    medianCell({ median, interval }, factor),
    `${formatCount(measuredPairs)} of ${formatCount(pairs)}`,
  ]);
  const columns = [{ name: 'class' }, { name: `${unit}, 95 %`, num: true }, { name: 'pairs measured', num: true }];
  return table('Classes of pairs', columns, rows);
}
