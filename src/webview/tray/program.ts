/** Owns the tray's "Your own program": a line to start it with; while it runs, its threads as tokens, and its pages. */

import { DEFAULT_RACE_MS } from '../../model/bench/race/budget.ts';
import { formatBytes, formatDuration, formatPercent, formatRange, plural } from '../../model/text/format.ts';
import { memoryNodes } from '../../model/placement/usable.ts';
import { isUnavailable } from '../../model/run/run.ts';
import { groupThreads, pinnedWords, tokenOfThreads, whoWords } from '../../model/bench/program/threads.ts';
import type { LiveProgram, LiveThread, ThreadGroup } from '../../model/bench/program/threads.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { formatCpuList } from '../../model/text/cpulist.ts';
import type { Actions } from '../state/actions.ts';
import { el, modal, say, slot } from '../ui/dom.ts';
import type { Child } from '../ui/dom.ts';
import { button, disable } from '../ui/elements.ts';
import type { Part } from '../state/part.ts';
import type { State, Store } from '../state/store.ts';
import { typedInput } from '../ui/typed-field.ts';
import type { TokenPicker } from './grab.ts';
import { createThreadRows } from './threads.ts';
import type { ThreadRow } from './threads.ts';

/** Names shown at once; the others are a list to unfold. */
const SHOWN = 5;
/** Rows of the unfolded list. */
const LISTED = 200;

/** "cpu 0, 85 %, pinned to 0". */
const whereWords = (threads: readonly LiveThread[], busy: number): string =>
  [
    `cpu ${formatRange(formatCpuList(new Set(threads.map(({ cpu }) => cpu))))}`,
    formatPercent(busy),
    pinnedWords(threads),
  ]
    .filter((words) => words !== null)
    .join(', ');

const groupRow = ({ token, threads, busy }: ThreadGroup): ThreadRow => ({
  ...{ token, threads },
  name: whoWords(threads),
  where: whereWords(threads, busy),
});

/** By itself, also where its name stands above as one token. */
const ownRow = (thread: LiveThread): ThreadRow => ({
  token: tokenOfThreads([thread]),
  threads: [thread],
  name: whoWords([thread]),
  where: whereWords([thread], thread.busy),
});

function pages({ residentBytes }: LiveProgram): string {
  if (isUnavailable(residentBytes)) return `Pages: unavailable, ${residentBytes.unavailable}`;
  const held = Object.entries(residentBytes).map(([node, bytes]) => `${formatBytes(bytes)} on node ${node}`);
  return held.length === 0 ? 'Pages: not sampled yet' : `Pages: ${held.join(', ')}`;
}

/** Nodes its pages could be moved to: with memory that this session may use, and not holding all of them already. */
function targets({ residentBytes }: LiveProgram, topology: Topology): number[] {
  if (isUnavailable(residentBytes)) return [];
  const held = Object.keys(residentBytes);
  return memoryNodes(topology)
    .filter(({ id }) => held.some((node) => node !== String(id)))
    .map(({ id }) => id);
}

export function createProgram(actions: Actions, store: Store, picker: TokenPicker): Part {
  const wrong = el('div.wrong', { id: 'wrong-program', role: 'alert' });
  const field = (name: string, label: string, placeholder: string): HTMLInputElement => {
    const input = typedInput(name, { placeholder, 'aria-label': label, 'aria-describedby': wrong.id });
    input.classList.add('wide-field');
    return input;
  };
  const line = field('program-line', 'Command of your own program', './prog --threads 8');
  const where = field('program-where', 'CPUs and memory it may use', 'anywhere, or 0-3@0');
  const startIt = (): void => {
    const command = line.value.trim();
    say(wrong, command === '' ? 'Enter the command first.' : '');
    if (command !== '') actions.program(command, where.value);
  };
  for (const input of [line, where]) {
    input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') startIt();
    });
  }
  const start = button('program-start', 'secondary', startIt, 'Start');
  const raceIt = (): void => {
    const command = line.value.trim();
    say(wrong, command === '' ? 'Enter the command first.' : '');
    if (command !== '') actions.race(command);
  };
  const race = button('program-race', 'secondary', raceIt, 'Find the best placement');
  race.title = `Runs the command again and again, under up to 12 placements of this machine, for at most ${formatDuration(DEFAULT_RACE_MS)}`;
  const words = el(
    'div.hint',
    {},
    'Split into words; no shell is involved. It runs under your account on this host and is stopped when the connection ends.',
  );
  const form = el('div.program-form', {}, line, where, start, race, wrong, words);

  const head = el('div.hint', { 'data-program': '' });
  const rows = createThreadRows(actions, picker);
  const named = el('div.hint');
  const list = createThreadRows(actions, picker);
  const unlisted = el('div.hint');
  const unfold = el('summary', { 'data-action': 'program-all' }, 'All threads, one by one');
  const all = el('details', {}, unfold, list.element, unlisted);
  const memory = el('div.hint', { 'data-program-pages': '' });
  const move = el('div.acts');
  const stop = button('program-stop', 'secondary', () => actions.stop(), 'Stop the program');
  const running = el('div.program-runs', {}, head, rows.element, named, all, memory, move, stop);
  const moveSlot = slot(move);

  const showRunning = (state: State, program: LiveProgram): void => {
    const topology = state.board?.topology;
    say(head, `${program.name}, process ${program.pid}, ${plural(program.count, 'thread')}`);
    say(memory, pages(program));
    // What is carried stays as it was picked up.
    if (!state.carried) {
      const groups = groupThreads(program.threads);
      rows.update(groups.slice(0, SHOWN).map(groupRow));
      const more = groups.length - SHOWN;
      say(named, more > 0 ? `${plural(more, 'more name')} below` : '');
      list.update(all.open ? program.threads.slice(0, LISTED).map(ownRow) : []);
      const rest = program.count - LISTED;
      say(unlisted, all.open && rest > 0 ? `and ${rest} less busy ones` : '');
    }
    const nodes = topology ? targets(program, topology) : [];
    const held = move.contains(document.activeElement);
    moveSlot.update([nodes.join(), program.moved?.to], (): Child => [
      nodes.map((node) =>
        button(`pages-${node}`, 'secondary', () => store.set({ movingTo: node }), `Pages to node ${node}`),
      ),
      program.moved && button('pages-back', 'secondary', () => actions.pagesBack(), 'Move them back'),
    ]);
    // A button that has done its work goes, and whoever has no mouse stays where it was.
    if (held && !move.contains(document.activeElement)) move.querySelector<HTMLElement>('[data-action]')?.focus();
  };
  all.addEventListener('toggle', () => store.set({}));
  const folded = el(
    'details.program',
    {},
    el('summary', { 'data-action': 'program' }, el('h2', {}, 'Your own program')),
    el('div.in', {}, form, running),
  );
  let ran = false;
  return {
    element: el('section.wide', { 'aria-label': 'Your own program' }, folded),
    update(state) {
      const { board } = state;
      const program = board?.program ?? null;
      const hides = program ? form : running;
      const held = hides.contains(document.activeElement);
      form.hidden = program !== null;
      running.hidden = program === null;
      // The focus does not go down with what is hidden. Not onto the button that ends it: a second Enter would.
      if (held) (program ? unfold : line).focus();
      const blocked = Boolean(board?.running) || state.starting || Boolean(board?.measuring) || state.line === 'lost';
      for (const act of [start, race]) disable(act, blocked);
      // What runs is in sight, also on a page that opens later.
      if (program && !ran) folded.open = true;
      ran = program !== null;
      if (program) showRunning(state, program);
    },
  };
}

/** Asks before pages are moved: it takes time and memory bandwidth on a host where others may be at work. */
export function createPagesQuestion(actions: Actions, store: Store): Part {
  const element = el('dialog', { 'aria-labelledby': 'pages-title' });
  const content = slot(element);
  const close = (): void => store.set({ movingTo: null });
  const show = modal(element, close);
  return {
    element,
    update({ movingTo, board }) {
      const program = board?.program ?? null;
      const asked = program ? movingTo : null;
      content.update([asked], () => {
        if (asked === null || !program) return null;
        const others = isUnavailable(program.residentBytes)
          ? []
          : Object.entries(program.residentBytes).filter(([node]) => node !== String(asked));
        const held = others.map(([node, bytes]) => `${formatBytes(bytes)} from node ${node}`).join(', ');
        const agree = (): void => {
          close();
          actions.pages(asked);
        };
        return [
          el('div.verdict', { id: 'pages-title' }, `Move the pages of ${program.name} to node ${asked}?`),
          el(
            'p',
            {},
            `The kernel copies ${held} to node ${asked} while the program runs (move_pages). Copying takes memory bandwidth, and the program waits for pages that are being moved. `,
            'Pages shared with other processes stay. Where new pages are placed does not change. The move can be undone: each page then returns to the node it came from.',
          ),
          el(
            'div.acts',
            {},
            button('pages-accept', 'primary', agree, `Move to node ${asked}`),
            button('pages-decline', 'secondary', close, 'Cancel'),
          ),
        ];
      });
      const wanted = asked !== null;
      if (show(wanted) && wanted) element.querySelector<HTMLElement>('[data-action=pages-decline]')?.focus();
    },
  };
}
