/** What the status bar says of a board: which host, how it stands with it, and how far a run has come. */

import type { Board, Running } from '../../model/board/board.ts';
import { clean } from '../../model/text/clean.ts';
import { formatPercent } from '../../model/text/format.ts';
import { coreWords, nodeWords, packageWords } from '../../model/topology/counts.ts';

export interface Status {
  /** With the editor's icons, `$(name)`. */
  readonly text: string;
  readonly tooltip: string;
  /** For who does not see the icons. */
  readonly spoken: string;
  readonly warned: boolean;
}

const LONGEST_NAME = 40;

/** The editor would draw an icon for "$(" in a host's name. */
export const iconless = (words: string): string => words.replaceAll('$(', '$\u200a(');

export const progressWords = ({ round, rounds, share }: Running): string =>
  rounds === 0 ? formatPercent(share) : `round ${round} of ${rounds}`;

function stateOf({ connection, running, recording }: Board): { icon: string; words: string | null } {
  const { state, step, next } = connection;
  if (state === 'connecting') return { icon: 'sync~spin', words: step ?? 'connecting' };
  if (state === 'failed') return { icon: 'error', words: 'not connected' };
  if (state === 'lost') return { icon: 'warning', words: 'connection lost' };
  if (next) return { icon: 'sync~spin', words: `connecting to ${clean(next.name, LONGEST_NAME)}` };
  if (running) return { icon: 'pulse', words: progressWords(running) };
  if (recording) return { icon: 'record', words: 'recording' };
  return { icon: 'circuit-board', words: null };
}

/** Null: no host was asked for. */
export function statusOf(board: Board): Status | null {
  const { host, connection, topology, running } = board;
  if (!host || connection.state === 'none') return null;
  const name = clean(host.name, LONGEST_NAME);
  const { icon, words } = stateOf(board);
  const told = words === null ? name : `${name}: ${words}`;
  const { problem } = connection;
  const machine = topology
    ? [packageWords(topology), nodeWords(topology), coreWords(topology)].join(', ') +
      (topology.machine.emulated ? ', emulated' : '')
    : null;
  const lines = [told, machine, running?.question, problem?.message, 'Select to open the board.'];
  return {
    text: `$(${icon}) ${iconless(told)}`,
    tooltip: lines.filter((line) => typeof line === 'string').join('\n'),
    spoken: `NUMA Pinboard, ${told}`,
    warned: connection.state === 'lost' || connection.state === 'failed',
  };
}
