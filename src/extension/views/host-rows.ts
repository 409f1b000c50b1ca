/** What the view of hosts shows, from the board alone: which hosts, how it stands with each, and what the one on the board is made of. */

import type { Board } from '../../model/board/board.ts';
import { plural } from '../../model/text/format.ts';
import { nodeWords, packageWords } from '../../model/topology/counts.ts';
import { facts } from '../../model/topology/facts.ts';
import { groupWarnings, warningLine } from '../../model/topology/warnings.ts';
import { shownHost } from '../../remote/board/standing.ts';
import type { Standing } from '../../remote/board/standing.ts';
import type { Topology } from '../../model/topology/topology.ts';
import type { Row } from './rows.ts';

/** The machine that this runs on, as the view calls it. */
export interface LocalMachine {
  readonly name: string;
  /** Lines: what there is to know of it beyond its name. */
  readonly tooltip: string;
  /** Why it cannot be shown; null: it can. */
  readonly lacks: string | null;
}

/** Of the row; menus know it as the end of its context. */
type State = 'away' | 'unable' | 'connecting' | 'connected' | 'lost' | 'failed';

const STATE_WORDS: Readonly<Record<State, string>> = {
  away: '',
  unable: '',
  connecting: 'connecting …',
  connected: 'connected',
  lost: 'connection lost',
  failed: 'failed',
};

const STATE_COLORS: Readonly<Record<State, string | null>> = {
  away: null,
  unable: null,
  connecting: null,
  connected: 'testing.iconPassed',
  lost: 'list.warningForeground',
  failed: 'list.errorForeground',
};

const EMULATED = 'Emulated: software plays its CPUs, so no time measured there says anything about hardware.';

/** None where nobody has connected and there is this machine alone: the view then says what can be done. */
export function hostRows(board: Board, standing: Standing, local: LocalMachine): Row[] {
  const shown = shownHost(standing);
  const next = standing.attempt?.to ?? null;
  const asked = [shown, next].flatMap((named) => (named ? [named.target] : []));
  const targets = [...new Set([...board.hosts, ...asked.filter((target) => target !== null)])];
  if (targets.length === 0 && asked.length === 0) return [];
  return [null, ...targets].map((target) => {
    const state = next?.target === target ? 'connecting' : target === null && local.lacks !== null ? 'unable' : 'away';
    return shown?.target === target ? shownRow(board, target, local) : rowOf(target, local, state);
  });
}

function rowOf(target: string | null, local: LocalMachine, state: State): Row {
  const color = STATE_COLORS[state];
  const name = target ?? local.name;
  return {
    id: `host:${target ?? ''}`,
    label: name,
    description: state === 'unable' ? (local.lacks ?? '') : STATE_WORDS[state],
    tooltip: tooltipOf(target, local, state),
    icon: iconOf(target, state),
    ...(color === null ? {} : { color }),
    context: `${target === null ? 'local' : 'ssh'}.${state}`,
    of: { kind: 'host', target },
    ...(state === 'unable'
      ? {}
      : { command: { name: 'numaPinboard.connectHost', title: 'Connect Host', arguments: [target] } }),
  };
}

function tooltipOf(
  target: string | null,
  local: LocalMachine,
  state: State,
  more: readonly (string | null)[] = [],
): string {
  const own = state === 'unable' ? local.lacks : STATE_WORDS[state];
  return [target ?? local.tooltip, own, ...more].filter((line) => line !== null && line !== '').join('\n');
}

function iconOf(target: string | null, state: State): string {
  if (state === 'connecting') return 'loading~spin';
  if (state === 'failed') return 'error';
  if (state === 'lost') return 'warning';
  return target === null ? 'device-desktop' : 'server';
}

function shownRow(board: Board, target: string | null, local: LocalMachine): Row {
  const { connection, topology } = board;
  const state: State = connection.state === 'none' ? 'away' : connection.state;
  const { problem, step } = connection;
  const emulated = topology?.machine.emulated === true;
  const lines = groupWarnings(topology?.warnings ?? []).map(warningLine);
  const words = [
    STATE_WORDS[state],
    ...(topology ? [packageWords(topology), nodeWords(topology, 'node')] : []),
    ...(emulated ? ['emulated'] : []),
    ...(lines.length > 0 ? [plural(lines.length, 'warning')] : []),
  ];
  const more = [
    step,
    problem?.message ?? null,
    problem?.hint ?? null,
    topology && facts(topology),
    topology && machineWords(topology.machine),
    emulated ? EMULATED : null,
    ...lines,
  ];
  const warned = state === 'connected' && lines.length > 0;
  return {
    ...rowOf(target, local, state),
    ...(warned ? { icon: 'warning', color: 'list.warningForeground' } : {}),
    description: words.join(', '),
    tooltip: tooltipOf(target, local, state, more),
  };
}

const machineWords = ({ cpuModel, architecture, kernel, hypervisor }: Topology['machine']): string =>
  [cpuModel, architecture, kernel, hypervisor === null ? null : `under ${hypervisor}`]
    .filter((one) => one !== null && one !== '')
    .join(', ');
