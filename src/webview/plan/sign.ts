/** Owns the sign of a problem: its shape says how bad it is, and words stand beside it. */

import type { Severity } from '../../model/plan/problem.ts';
import { svg } from '../ui/dom.ts';

const PATHS: Readonly<Record<Severity, string>> = {
  error: 'M2,2L10,10M10,2L2,10',
  warning: 'M6,1L11.5,11H.5Z',
  note: 'M1.5,6a4.5,4.5 0 1 0 9,0a4.5,4.5 0 1 0 -9,0',
};

export const severitySign = (severity: Severity): SVGSVGElement =>
  svg(
    'svg.severity',
    { width: 12, height: 12, 'aria-hidden': 'true' },
    svg('path', { class: { error: 'no', warning: 'warn', note: 'info' }[severity], d: PATHS[severity] }),
  );
