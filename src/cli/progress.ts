/** A run's progress in one line on the terminal. */

import type { Running } from '../model/board/board.ts';
import { progress } from './output.ts';

const WIDTH = 24;

export function showProgress(running: Running): void {
  const filled = Math.round(running.share * WIDTH);
  const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
  const round = running.rounds === 0 ? '' : ` round ${String(running.round)} of ${String(running.rounds)} `;
  progress(`${bar}${round} ${running.step}`);
}
