/** Threads as they are drawn once: number, and the state that keeps a token off. */

import type { Box } from '../layout/box.ts';
import { cellTexts } from '../layout/label.ts';
import type { CellText } from '../layout/label.ts';
import type { PuBox } from '../layout/types.ts';
import { PHYSICAL } from '../topology/numbering.ts';
import type { Cpu } from '../topology/topology.ts';
import { crisp, mark } from './marks.ts';
import type { Mark } from './marks.ts';

export type CpuState = 'allowed' | 'forbidden' | 'offline';

export function stateOf(cpu: Cpu): CpuState {
  return !cpu.online ? 'offline' : cpu.allowed ? 'allowed' : 'forbidden';
}

/** Smaller cells have a smaller corner (px). */
const CORNER = { most: 8, share: 0.35 };

/** The cut corner of a CPU that the scheduler leaves alone. */
export function isolatedPath({ x, y, w, h }: Box): string {
  const size = Math.round(Math.min(CORNER.most, w * CORNER.share, h * CORNER.share) * 10) / 10;
  return `M${Math.round(x + w)},${Math.round(y)}v${size}l-${size},-${size}z`;
}

export const ISOLATED_WORDS = 'isolated from the scheduler';

const ANCHOR = { start: '', middle: '.m', end: '.e' } as const;

function line(classes: string, found: CellText | null, id: string | null = null): Mark | null {
  if (!found) return null;
  return mark(`text${classes}${ANCHOR[found.anchor]}`, { x: found.x, y: found.y, id }, found.text);
}

export function cellMarks(box: PuBox, cpu: Cpu, ids: Readonly<Record<string, string>>): Mark {
  const state = stateOf(cpu);
  const { label, value } = cellTexts(box, PHYSICAL.name(cpu.id), state === 'offline' ? 'off' : null);
  return mark(
    `g.cell.${state}`,
    { 'data-cpu': cpu.id },
    mark(
      'title',
      {},
      [`P#${cpu.id}`, state === 'allowed' ? null : state, cpu.kind, cpu.isolated ? ISOLATED_WORDS : null]
        .filter((words) => words !== null)
        .join(', '),
    ),
    mark('rect', { ...crisp(box), ...ids }),
    cpu.isolated ? mark('path.iso', { d: isolatedPath(box) }) : null,
    line('.t10.d', label, ids['id']?.replace(/rect$/, 'text') ?? null),
    line('.t10.d', value),
  );
}
