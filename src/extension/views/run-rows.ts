/** What the view of runs and recordings shows: by host and day, each run by the question it answers. */

import { plural } from '../../model/text/format.ts';
import type { RunHead } from '../../protocol/run.ts';
import type { Unread } from '../../remote/store/run-store.ts';
import type { Row } from './rows.ts';

/** A recording that was made from here, in a file that a person chose. */
export interface KeptRecording {
  readonly path: string;
  readonly host: RunHead['host'];
  /** ISO time of its beginning. */
  readonly time: string;
}

export interface Shelved {
  readonly runs: readonly RunHead[];
  readonly recordings: readonly KeptRecording[];
  /** Files among the kept runs that are none. */
  readonly unread: readonly Unread[];
  /** Older ones that were not read. */
  readonly more: number;
}

export const NOTHING_SHELVED: Shelved = { runs: [], recordings: [], unread: [], more: 0 };

type Entry = Pick<RunHead, 'host' | 'time'> & { readonly row: Row };

/** @param now whose day is "today", by the clock of who reads. */
export function runRows({ runs, recordings, unread, more }: Shelved, now: Date): Row[] {
  const entries: Entry[] = [
    ...runs.map((run) => ({ host: run.host, time: run.time, row: runRow(run) })),
    ...recordings.map((one) => ({ host: one.host, time: one.time, row: recordingRow(one) })),
  ].sort((a, b) => Date.parse(b.time) - Date.parse(a.time));
  const hosts = grouped(entries, ({ host }) => `${host.transport}:${host.name}`);
  const rows = [...hosts].map(([key, own], at): Row => hostRow(key, own, now, at === 0));
  if (unread.length > 0) rows.push(unreadRow(unread));
  if (more > 0) rows.push(moreRow(more));
  return rows;
}

export const runTitle = ({ name, verdict }: Pick<RunHead, 'name' | 'verdict'>): string =>
  name ?? verdict?.question ?? 'A run without an answer';

function hostRow(key: string, entries: readonly Entry[], now: Date, newest: boolean): Row {
  const { transport, name } = entries[0]?.host ?? { transport: 'local', name: key };
  const days = grouped(entries, ({ time }) => dayOf(new Date(time)));
  const count = [
    ...countOf(entries, 'run', 'run'),
    ...countOf(entries, 'recording', 'recording'),
    ...(transport === 'ssh' ? ['SSH'] : []),
  ];
  return {
    id: `of:${key}`,
    label: name,
    description: count.join(', '),
    tooltip: [name, count.join(', ')].join('\n'),
    icon: transport === 'ssh' ? 'server' : 'device-desktop',
    context: 'runsOfHost',
    below: newest ? 'open' : 'closed',
    children: [...days].map(([day, own]): Row => ({
      id: `of:${key}:${day}`,
      label: dayWords(day, now),
      description: '',
      tooltip: day,
      icon: 'calendar',
      context: 'runsOfDay',
      below: 'open',
      children: own.map(({ row }) => row),
    })),
  };
}

function countOf(entries: readonly Entry[], kind: string, word: string): string[] {
  const { length } = entries.filter(({ row }) => row.of?.kind === kind);
  return length === 0 ? [] : [plural(length, word)];
}

function runRow(run: RunHead): Row {
  const { id, name, time, host, verdict, partial } = run;
  const cut = partial === null ? null : 'cut short';
  const lines = [
    name ?? null,
    verdict?.question,
    verdict?.sentence,
    `${host.name}, ${dayOf(new Date(time))} ${clockOf(new Date(time))}`,
    partial,
  ];
  return {
    id: `run:${id}`,
    label: runTitle(run),
    description: [clockOf(new Date(time)), cut, verdict?.sentence].filter(Boolean).join(' \u00b7 '),
    tooltip: lines.filter(Boolean).join('\n'),
    icon: partial === null ? 'graph' : 'warning',
    ...(partial === null ? {} : { color: 'list.warningForeground' }),
    context: 'keptRun',
    of: { kind: 'run', run: id },
    command: { name: 'numaPinboard.openRun', title: 'Show Run', arguments: [id] },
  };
}

function recordingRow({ path, time, host }: KeptRecording): Row {
  const name = path.split(/[/\\]/).at(-1) ?? path;
  return {
    id: `recording:${path}`,
    label: name,
    description: `${clockOf(new Date(time))} \u00b7 recording`,
    tooltip: [path, `Recording of ${host.name}, begun ${dayOf(new Date(time))} ${clockOf(new Date(time))}`].join('\n'),
    icon: 'record',
    context: 'recording',
    of: { kind: 'recording', path },
    command: { name: 'numaPinboard.openRecording', title: 'Open Recording', arguments: [path] },
  };
}

function unreadRow(unread: readonly Unread[]): Row {
  return {
    id: 'unread',
    label: 'Cannot be read',
    description: plural(unread.length, 'file'),
    tooltip: 'Files in the folder of kept runs that are not runs, or not whole',
    icon: 'warning',
    color: 'list.warningForeground',
    context: 'unreadRuns',
    below: 'closed',
    children: unread.map(({ file, why }): Row => ({
      id: `unread:${file}`,
      label: file.split('/').at(-1) ?? file,
      description: why,
      tooltip: [file, why].join('\n'),
      icon: 'file',
      context: 'unreadRun',
    })),
  };
}

const moreRow = (more: number): Row => ({
  id: 'more',
  label: `${plural(more, 'older run')} not listed`,
  description: '',
  tooltip: 'Only the newest runs are listed. Delete what is not needed, or open an older one from its file.',
  icon: 'ellipsis',
  context: 'moreRuns',
});

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}

const two = (value: number): string => String(value).padStart(2, '0');
const clockOf = (at: Date): string => `${two(at.getHours())}:${two(at.getMinutes())}`;
const dayOf = (at: Date): string => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;

function dayWords(day: string, now: Date): string {
  if (day === dayOf(now)) return 'Today';
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  return day === dayOf(yesterday) ? 'Yesterday' : day;
}
