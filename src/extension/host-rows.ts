/** What the tree of hosts shows, from the board alone: which hosts, how it stands with each, what was measured there. */

import type { Board } from '../model/board/board.ts';
import type { RunSummary } from '../model/run/run.ts';
import { groupWarnings, warningCount, warningLine } from '../model/topology/warnings.ts';
import { shownHost } from '../remote/board/standing.ts';
import type { Standing } from '../remote/board/standing.ts';
import { tooltipOf } from './here.ts';
import type { Here } from './here.ts';

export interface HostRow {
  /** Null: this machine. */
  readonly target: string | null;
  readonly label: string;
  /** How it stands with it, and whether there is something to beware of. */
  readonly description: string;
  readonly tooltip: string;
  readonly connected: boolean;
  /** What is known to be odd about it, one line a kind. */
  readonly warnings: readonly string[];
  readonly runs: readonly RunSummary[];
}

const STATE_WORDS: Readonly<Record<Board['connection']['state'], string>> = {
  none: '',
  connecting: 'connecting …',
  connected: 'connected',
  lost: 'connection lost',
  failed: 'failed',
};

export function hostRows(board: Board, standing: Standing, here: Here): HostRow[] {
  const shown = shownHost(standing);
  const next = standing.attempt?.to ?? null;
  const targets: (string | null)[] = [null, ...board.hosts];
  for (const named of [shown, next]) if (named && !targets.includes(named.target)) targets.push(named.target);
  return targets.map((target) => {
    const label = target ?? here.name;
    const tooltip = target ?? tooltipOf(here);
    const description = (target === null ? here.lacks : null) ?? '';
    const plain = { target, label, description, tooltip, connected: false, warnings: [], runs: [] };
    if (shown?.target === target) return { ...plain, ...shownRow(board, tooltip) };
    return next?.target === target ? { ...plain, description: STATE_WORDS.connecting } : plain;
  });
}

function shownRow(board: Board, name: string): Omit<HostRow, 'target' | 'label'> {
  const { connection, topology, runs } = board;
  const warnings = topology?.warnings ?? [];
  const lines = groupWarnings(warnings).map(warningLine);
  const words = [STATE_WORDS[connection.state], ...(lines.length > 0 ? [warningCount(warnings)] : [])];
  const { problem } = connection;
  return {
    description: words.join(', '),
    tooltip: [name, ...(problem ? [problem.message] : []), ...lines].join('\n'),
    connected: connection.state === 'connected',
    warnings: lines,
    runs,
  };
}
