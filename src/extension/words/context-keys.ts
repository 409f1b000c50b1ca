/** The board as the editor's context keys: what commands, keys, menus and steps of the walkthrough depend on. */

import type { Board } from '../../model/board/board.ts';

export function contextKeys({ connection, running, following, recording, placement, runs, reserved }: Board) {
  return {
    connected: connection.state === 'connected',
    running: running !== null,
    following: following !== null,
    recording: recording !== null,
    placed: connection.state === 'connected' && Object.keys(placement).length > 0,
    measured: runs.length > 0,
    compares: runs.length > 1,
    reserved: reserved !== null,
  } as const;
}
