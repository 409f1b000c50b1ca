/** What runs, drawn over the plan: a dot where a block's threads are as planned, a flag with its letters where they are not. */

import type { Box } from '../../layout/box.ts';
import { puOf } from '../../layout/find.ts';
import { SMALLEST_TYPE, textWidth } from '../../layout/label.ts';
import type { Layout } from '../../layout/types.ts';
import { mark, text } from '../marks.ts';
import type { Mark } from '../marks.ts';

/** Whose threads are on a CPU that is not planned for them: a block's, its hypervisor's, or those of somebody in no block. */
export type AwayKind = 'block' | 'emulator' | 'stranger';

export interface AwayOnCpu {
  readonly cpu: number;
  readonly kind: AwayKind;
  /** A block's letters. */
  readonly tag: string;
}

export interface SeenOnCpus {
  readonly here: readonly number[];
  readonly away: readonly AwayOnCpu[];
}

/** px */
const FLAG = 13;
const POINT = 4;
const SMALLEST_CELL = 6;
const SMALL = 30;
const DOT = 2.2;

const flagPath = ({ x, y, w, h }: Box): string => `M${x - POINT},${y + h / 2}L${x},${y}H${x + w}V${y + h}H${x}Z`;

/** The stronger claim first: who is planned elsewhere, then helpers, then others. */
const ORDER: readonly AwayKind[] = ['block', 'emulator', 'stranger'];

function flag(box: Box, all: readonly AwayOnCpu[]): Mark {
  const sorted = all.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  const tags = [...new Set(sorted.map(({ tag }) => tag))];
  const [first = ''] = tags;
  const words = [tags.join(' '), `${first}+${tags.length - 1}`, first].find(
    (some, at) => (at !== 1 || tags.length > 1) && textWidth(some, SMALLEST_TYPE) + 8 <= Math.max(box.w, 26),
  );
  const classes = `g.away.${sorted[0]?.kind ?? 'block'}`;
  if (words === undefined || box.w < 18 || box.h < SMALLEST_TYPE) {
    const r = Math.max(2, Math.min(5, Math.min(box.w, box.h) / 2 - 1));
    const [x, y] = [box.x + box.w / 2, box.y + box.h / 2];
    return mark(classes, {}, mark('path', { d: `M${x - r},${y}L${x},${y - r}L${x + r},${y}L${x},${y + r}Z` }));
  }
  const w = textWidth(words, SMALLEST_TYPE) + 6;
  const own = { x: box.x + box.w - w + 2, y: box.y - 3, w, h: FLAG };
  return mark(
    classes,
    {},
    mark('path', { d: flagPath(own) }),
    text('.t10.m', own.x + w / 2 - 1, own.y + FLAG - 3, words),
  );
}

export function seenMarks(layout: Layout, { here, away }: SeenOnCpus): Mark[] {
  const dots = here
    .flatMap((cpu) => puOf(layout, cpu) ?? [])
    .filter(({ w, h }) => Math.min(w, h) >= SMALLEST_CELL)
    .map(({ x, y, w, h }) => {
      // Beside a name that fills its cell there is less room.
      const [r, inset] = w < SMALL ? [1.5, 2.5] : [DOT, 5];
      return `M${x + w - inset - r},${y + h - inset}a${r},${r} 0 1 0 ${2 * r},0a${r},${r} 0 1 0 ${-2 * r},0`;
    });
  const cpus = [...new Set(away.map(({ cpu }) => cpu))];
  return [
    ...(dots.length === 0 ? [] : [mark('path.here', { d: dots.join('') })]),
    ...cpus.flatMap((cpu) => {
      const box = puOf(layout, cpu);
      return box
        ? [
            flag(
              box,
              away.filter((one) => one.cpu === cpu),
            ),
          ]
        : [];
    }),
  ];
}
