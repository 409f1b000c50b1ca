/** The figure of a run as it sits on the machine: how much more or less, of what, and under which reserve. */

import { formatMetric } from '../text/format.ts';
import type { Box } from '../layout/box.ts';
import { CHIP } from '../layout/chip-place.ts';
import type { Route } from '../layout/route.ts';
import type { Link } from '../layout/types.ts';
import { softPath } from '../layout/soft-path.ts';
import { textWidth } from '../layout/label.ts';
import { boundsLabel, changeLabel, pair, weightOf } from '../run/compare.ts';
import { doubtOf } from '../run/run.ts';
import type { Comparison, Run } from '../run/run.ts';
import { mark, text } from './marks.ts';
import type { Mark } from './marks.ts';

export interface Chip {
  readonly head: string;
  /** Never by colour alone: the sign or a word stands beside it. */
  readonly tone: 'loss' | 'gain' | 'even';
  readonly lines: readonly string[];
}

/** Less is a gain where time is measured. */
function toneOf({ change }: Comparison, metric: string): Chip['tone'] {
  if (change === 0) return 'even';
  const better = metric === 'ns' || metric === 's' ? change < 0 : change > 0;
  return better ? 'gain' : 'loss';
}

/** Of what a run measured; without a figure that the evidence denies. Null where it measured nothing. */
export function resultChip(run: Pick<Run, 'results' | 'comparison' | 'guide'>): Chip | null {
  const { of } = pair(run);
  const { comparison } = run;
  // Of a guided run that had nothing to compare the first of its cases is no answer.
  if (!of || (run.guide && !comparison)) return null;
  const emulated = of.emulated ? ['emulated'] : [];
  const figure = of.median === null ? 'not measured' : formatMetric(of.median, of.metric);
  const weight = weightOf(run);
  if (!comparison || weight === null) {
    const range = of.noisy && of.interval ? of.interval.map((end) => formatMetric(end, of.metric)).join(' to ') : null;
    const words = [...emulated, of.valid ? '' : 'not valid', doubtOf(of) ?? '']
      .filter((word) => word !== '')
      .join(', ');
    return {
      head: figure,
      tone: 'even',
      lines: [...(range === null ? [] : [range]), ...(words === '' ? [] : [words])],
    };
  }
  const bounds = boundsLabel(run);
  const line = bounds ?? (weight === 'shown' ? figure : null);
  return {
    head: changeLabel(run),
    tone: weight === 'shown' ? toneOf(comparison, of.metric) : 'even',
    lines: [...(line === null ? [] : [line]), ...emulated],
  };
}

interface ChipSize {
  readonly w: number;
  readonly h: number;
  /** Smaller type, and lines in pieces. */
  readonly tight: boolean;
  readonly lines: readonly string[];
}

/** px between the chip and the bodies beside it. */
const CLEAR = 3;

/** "21.5 M items/s" on two lines, "emulated, noisy" too. */
function broken(line: string, room: number): string[] {
  if (textWidth(line, 10) <= room) return [line];
  const at = line.includes(', ') ? line.indexOf(', ') + 1 : line.lastIndexOf(' ');
  return at < 0 ? [line] : [line.slice(0, at), ...broken(line.slice(at + 1), room)];
}

function chipSize({ head, lines }: Chip, room: number | null): ChipSize {
  const widest = Math.max(textWidth(head, 20) + 4, ...lines.map((line) => textWidth(line, 11)));
  const w = Math.max(88, widest + 20);
  const most = room === null ? w : room - 2 * CLEAR;
  if (w <= most) return { w, h: 32 + lines.length * 14, tight: false, lines };
  const pieces = lines.flatMap((line) => broken(line, most - 8));
  return { w: most, h: 28 + pieces.length * 13, tight: true, lines: pieces };
}

/** Where the chip stands, whatever its text takes. */
export function chipBox(route: Route, chip: Chip): Box {
  const [x, y] = route.chip;
  if (route.low) {
    const w = textWidth(chip.head, 13) + textWidth(chip.lines.join(', '), 11) + 30;
    return { x: x - CHIP.w / 2, y: y - 12, w, h: 24 };
  }
  const { w, h } = chipSize(chip, route.room);
  // On a level link the chip stands above the line, whatever its height.
  return { x: x - w / 2, y: route.link?.kind === 'across' ? y + CHIP.h / 2 - h : y - h / 2, w, h };
}

/** By how much (px) the words of the link under the chip move: up on a level link, right on one that goes down. */
export function chipLift(route: Route, link: Link, chip: Chip): number {
  const { x, w, h } = chipBox(route, chip);
  return link.kind === 'across' ? h + 12 : x + w - link.from[0];
}

export function chipMarks(route: Route, chip: Chip): Mark[] {
  const { x, y, w, h } = chipBox(route, chip);
  const frame = mark('rect.chip', { x, y, width: w, height: h, rx: 3 });
  if (route.low) {
    const words = mark('tspan', { dx: 8 }, chip.lines.join(', '));
    return [frame, text('', x + 8, y + 16.5, mark(`tspan.t13.s.${chip.tone}`, {}, chip.head), words)];
  }
  const middle = x + w / 2;
  const { tight, lines } = chipSize(chip, route.room);
  return [
    ...(route.stem ? [mark('path.stem', { d: softPath(route.stem) })] : []),
    frame,
    text(`.m.${tight ? 't16' : 't20'}.s.${chip.tone}`, middle, y + (tight ? 20 : 23), chip.head),
    ...lines.map((line, i) => text(i === 0 && !tight ? '.m' : '.m.t10', middle, y + (tight ? 34 : 39) + i * 13, line)),
  ];
}
