/** A run's progress in one line on the terminal. */

import type { Running } from '../model/board.ts';
import { progress } from './output.ts';

const WIDTH = 24;

export function showProgress(running: Running): void {
  const taken = running.points.reduce((sum, points) => sum + points.length, 0);
  const all = Math.max(1, running.rounds * running.labels.length);
  const filled = Math.round((taken / all) * WIDTH);
  const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
  progress(`${bar} round ${String(running.round)} of ${String(running.rounds)}  ${running.step}`);
}
