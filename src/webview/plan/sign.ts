/** Owns the sign of a problem, or that there is none: its shape says how bad it is, and words stand beside it. */

import type { Severity } from '../../model/plan/problem.ts';
import { svg } from '../ui/dom.ts';

type Sign = Severity | 'kept';

const PATHS: Readonly<Record<Sign, string>> = {
  kept: 'M1.5,6.5L4.5,9.5L10.5,2.5',
  error: 'M2,2L10,10M10,2L2,10',
  warning: 'M6,1L11.5,11H.5Z',
  note: 'M1.5,6a4.5,4.5 0 1 0 9,0a4.5,4.5 0 1 0 -9,0',
};

const CLASSES = { kept: 'ok', error: 'no', warning: 'warn', note: 'info' } as const;

export const severitySign = (severity: Sign): SVGSVGElement =>
  svg(
    'svg.severity',
    { width: 12, height: 12, 'aria-hidden': 'true' },
    svg('path', { class: CLASSES[severity], d: PATHS[severity] }),
  );
