/** Threads of the user's program on the CPUs that they ran on last: filled where they are pinned, dashed where they may move. */

import type { Box } from '../layout/box.ts';
import { textWidth } from '../layout/label.ts';
import type { Layout } from '../layout/types.ts';
import type { ThreadsOnCpu } from '../bench/program/threads.ts';
import { mark, text } from './marks.ts';
import type { Mark } from './marks.ts';
import { tokenPath } from './token.ts';

const HEIGHT = 14;
const INSET = 3;
/** px that a cell keeps for its value beside a thread, and from which number and thread stand on two lines. */
const VALUE = 28;
const TWO_LINES = 30;
/** Narrower cells are too small to be taken hold of by a part of them. */
const GRASPED = 24;

/** One is a T; several say how many. */
const letters = ({ threads }: ThreadsOnCpu): string => (threads.length === 1 ? 'T' : `${threads.length} T`);

/** A token where the cell has room for one, else a line along its lower edge. */
function onCpu(box: Box, on: ThreadsOnCpu, cpu: number): Mark {
  const classes = `g.thread-on.${on.pinned ? 'pinned' : 'free'}`;
  const words = letters(on);
  const w = textWidth(words, 10) + HEIGHT;
  if (box.h >= TWO_LINES && w + VALUE <= box.w) {
    const own = { x: box.x + INSET, y: box.y + box.h - HEIGHT - INSET, w, h: HEIGHT };
    return mark(
      classes,
      { 'data-token': on.token, 'data-cpu': cpu },
      mark('path.shape', { d: tokenPath('round', own) }),
      text('.m.t10', own.x + w / 2, own.y + HEIGHT / 2 + 3.5, words),
    );
  }
  const thick = Math.max(1.5, Math.min(3, box.h / 4));
  const y = box.y + box.h - thick / 2 - (box.h < 11 ? 0 : 1);
  const line = mark('path.edge', {
    d: `M${(box.x + 1).toFixed(1)},${y.toFixed(1)}H${(box.x + box.w - 1).toFixed(1)}`,
    'stroke-width': thick,
  });
  if (box.w < GRASPED) return mark(classes, {}, line);
  const hold = { x: box.x, y: box.y + box.h * 0.6, width: box.w, height: box.h * 0.4 };
  return mark(classes, { 'data-token': on.token, 'data-cpu': cpu }, line, mark('rect.hold', hold));
}

export function threadMarks({ pus }: Layout, threads: ReadonlyMap<number, ThreadsOnCpu>): Mark[] {
  return pus.flatMap((box) => {
    const on = threads.get(box.cpu);
    return on ? [onCpu(box, on, box.cpu)] : [];
  });
}
