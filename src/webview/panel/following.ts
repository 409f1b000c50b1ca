/** Owns what the panel shows of processes that are followed: where they run and where their memory is, and what would bring both together. */

import type { AskedRow } from '../../model/live/asked.ts';
import { apart, namesOf, originWords, shareWords } from '../../model/live/apart.ts';
import type { Fix, NodePart } from '../../model/live/apart.ts';
import type { GroupMemory } from '../../model/live/group.ts';
import { countWords, groupWords } from '../../model/live/live-group.ts';
import type { FollowedGroup } from '../../model/live/live-group.ts';
import { selectionWords } from '../../model/live/selection.ts';
import { isUnavailable } from '../../model/run/run.ts';
import { capital, formatBytes, formatFigure, formatPercent, formatRange, plural } from '../../model/text/format.ts';
import type { Topology } from '../../model/topology/topology.ts';
import type { Actions } from '../state/actions.ts';
import { followed } from '../state/followed.ts';
import type { State, Store } from '../state/store.ts';
import { el } from '../ui/dom.ts';
import type { Child } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import { bar, command, note, section, table, verdict } from './elements.ts';

const NAMES = 8;
const BAR = 72;

/** Nodes that have neither are counted: on a machine of many they are most. */
function nodesTable(all: readonly NodePart[]): Child {
  const parts = all.filter(({ share, threads }) => (share ?? 0) > 0 || threads > 0);
  const others = all.length - parts.length;
  const columns = [
    { name: 'node' },
    { name: el('span.unseen', {}, 'as a bar') },
    { name: 'pages', num: true },
    { name: 'threads', num: true },
    { name: 'busy', num: true },
  ];
  const rows = parts.map(({ node, threads, busy, share, margin }) => [
    String(node),
    bar(share ?? 0, BAR),
    share === null ? 'unavailable' : shareWords(share, margin),
    String(threads),
    formatPercent(busy),
  ]);
  return [
    table('Pages and threads by node', columns, rows),
    others > 0 && el('div.dim.sm', {}, `${plural(others, 'other node')} with neither`),
  ];
}

function namesTable({ threads }: FollowedGroup): Child {
  const names = namesOf(threads);
  const columns = [{ name: 'threads' }, { name: 'busy', num: true }, { name: 'CPUs', num: true }];
  const rows = names
    .slice(0, NAMES)
    .map(({ name, count, busy, cpus }) => [
      count === 1 ? name : `${name} \u00d7 ${count}`,
      formatPercent(busy),
      formatRange(cpus),
    ]);
  const more = names.length - NAMES;
  return [
    table('Threads by name', columns, rows),
    more > 0 && el('div.dim.sm', {}, `and ${plural(more, 'more name')}; all are in the tray`),
  ];
}

const PARTS = ['anon', 'file', 'kernel'] as const;

/** What the kernel itself counts for a whole control group. */
function memoryTable(topology: Topology, memory: GroupMemory): HTMLElement {
  const columns = [{ name: 'node' }, ...PARTS.map((name) => ({ name, num: true }))];
  const rows = topology.nodes.map(({ id }) => [
    String(id),
    ...PARTS.map((part) => {
      const bytes = memory[part];
      return bytes ? formatBytes(bytes[id] ?? 0) : 'unavailable';
    }),
  ]);
  return section(
    'Memory of the control group',
    el(
      'div.in',
      {},
      table('Memory of the control group by node', columns, rows),
      el('div.dim.sm', {}, `${memory.source}: all of it, shared pages counted once`),
    ),
  );
}

const MARKS = { true: 'ok', false: 'warn', null: 'info' } as const;
const HOLDS = { true: 'holds', false: 'does not hold', null: 'cannot be told' } as const;

function askedSection(rows: readonly AskedRow[]): HTMLElement[] {
  if (rows.length === 0) return [];
  const lines = rows.map(({ who, asked, got, holds }) => {
    const key = `${holds}` as const;
    return note(MARKS[key], el('b', {}, who), el('div.sm', {}, asked), el('div.dim.sm', {}, `${got}: ${HOLDS[key]}`));
  });
  return [section('Asked, and what holds', lines)];
}

const migrationWords = ({ migrationsPerSecond: rate }: FollowedGroup): string =>
  rate === null
    ? 'Migrations: the kernel does not count them'
    : `${formatFigure(Math.round(rate * 10) / 10)} ${rate === 1 ? 'migration' : 'migrations'}/s between CPUs`;

/** A margin stays on one line. */
const kept = (words: string): string =>
  words.replaceAll(/(?<=\() ?\u00b1 |(?<=\d) (?=%)/g, (gap) => gap.replaceAll(' ', '\u00a0'));

/** The answer: where they run, and where their memory is. */
export function following(state: State, topology: Topology): HTMLElement[] {
  const group = followed(state);
  const selection = state.board?.following;
  if (!group) {
    const who = selection ? capital(selectionWords(selection)) : 'Process';
    const waiting = state.sample === null ? 'Waiting for the first sample.' : 'Not running, or not read yet.';
    return [section(null, el('div.in', {}, verdict(who, waiting)))];
  }
  const { parts, sentence } = apart(topology, group);
  return [
    section(
      null,
      el(
        'div.in',
        { 'data-following': '' },
        verdict(`${capital(groupWords(group))}: ${countWords(group)}`, kept(sentence)),
        nodesTable(parts),
        el('div.dim.sm', {}, originWords(group)),
      ),
    ),
  ];
}

/** What the answer rests on, below what can be done. */
export function followingInDetail(state: State, topology: Topology): HTMLElement[] {
  const group = followed(state);
  if (!group) return [];
  const { memory } = group;
  return [
    section('Threads by name', el('div.in', {}, namesTable(group), el('div.dim.sm', {}, migrationWords(group)))),
    ...(isUnavailable(memory) ? [] : [memoryTable(topology, memory)]),
    ...askedSection(state.board?.asked ?? []),
  ];
}

/** What of it is made anew only when it changes: a button must not go while it is pressed. */
export function fixesKey(state: State, topology: Topology): string {
  const group = followed(state);
  if (!group) return '';
  const { fixes } = apart(topology, group);
  return JSON.stringify([fixes.map(({ kind, node, commands }) => [kind, node, commands]), state.board?.held]);
}

function fixButton({ kind, node, cpus, words }: Fix, group: FollowedGroup, store: Store): HTMLElement {
  const ask = (): void => {
    const threads = group.threads.map(({ tid }) => tid);
    store.set({
      acting:
        kind === 'pages' ? { kind, to: node } : { kind: 'pin', threads, who: plural(threads.length, 'thread'), cpus },
    });
  };
  return button(`fix-${kind}`, 'secondary', ask, `${words}\u2026`);
}

export function fixes(state: State, topology: Topology, actions: Actions, store: Store): Child {
  const group = followed(state);
  const held = state.board?.held;
  if (!group || !held) return null;
  const found = apart(topology, group).fixes;
  const moved = group.threads.filter((thread) => thread.moved);
  const undo = [
    held.moved &&
      button(
        'fix-pages-back',
        'secondary',
        () => actions.pagesBack(),
        `Move ${formatBytes(held.moved.movedBytes)} back`,
      ),
    moved.length > 0 &&
      button(
        'fix-threads-back',
        'secondary',
        () =>
          actions.undoMoves(
            moved.map(({ tid }) => tid),
            plural(moved.length, 'thread'),
          ),
        `Undo for ${plural(moved.length, 'thread')}`,
      ),
  ].filter((one) => one !== null && one !== false);
  return [
    found.length > 0 &&
      section(
        'What would bring them together',
        found.map((fix) =>
          el(
            'div.in',
            { 'data-fix': fix.kind },
            el('div.acts', {}, fixButton(fix, group, store)),
            el('div.dim.sm', {}, 'or by hand:'),
            fix.commands.map((line) => command(line)),
            group.pids.length > fix.commands.length &&
              el('div.dim.sm', {}, `and likewise for ${group.pids.length - fix.commands.length} more processes`),
          ),
        ),
      ),
    undo.length > 0 &&
      section(
        'Done from here',
        el('div.in', { 'data-undo': '' }, el('div.acts', {}, undo)),
        el(
          'div.in.dim.sm',
          {},
          'Threads get back the CPUs they might use, and each page its node, for as long as these processes are followed. After that what was changed stays.',
        ),
      ),
  ];
}
