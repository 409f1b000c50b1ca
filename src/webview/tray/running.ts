/**
 * Owns what the tray shows of processes while they run, whoever started them: their threads as tokens, and their pages. Loaded after the
 * first frame (`later.ts`).
 */

import { formatBytes, formatPercent, formatRange, plural } from '../../model/text/format.ts';
import { memoryNodes } from '../../model/placement/usable.ts';
import { isUnavailable } from '../../model/run/run.ts';
import { groupThreads, pinnedWords, tokenOfThreads, whoWords } from '../../model/bench/program/threads.ts';
import type { LiveGroup, LiveThread, ThreadGroup } from '../../model/bench/program/threads.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { formatCpuList } from '../../model/text/cpulist.ts';
import type { Actions } from '../state/actions.ts';
import { el, say, slot } from '../ui/dom.ts';
import type { Child } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import type { Part } from '../state/part.ts';
import type { State, Store } from '../state/store.ts';
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

function pages({ residentBytes }: LiveGroup): string {
  if (isUnavailable(residentBytes)) return `Pages: unavailable, ${residentBytes.unavailable}`;
  const held = Object.entries(residentBytes).map(([node, bytes]) => `${formatBytes(bytes)} on node ${node}`);
  return held.length === 0 ? 'Pages: not sampled yet' : `Pages: ${held.join(', ')}`;
}

/** Nodes its pages could be moved to: with memory that this session may use, and not holding all of them already. */
function targets({ residentBytes }: LiveGroup, topology: Topology): number[] {
  if (isUnavailable(residentBytes)) return [];
  const held = Object.keys(residentBytes);
  return memoryNodes(topology)
    .filter(({ id }) => held.some((node) => node !== String(id)))
    .map(({ id }) => id);
}

export interface RunningPart {
  readonly element: HTMLElement;
  /** Comes back to it when what had the focus is hidden. */
  readonly unfold: HTMLElement;
  /** @param head what they are, in words. */
  update(state: State, group: LiveGroup, head: string): void;
}

/** A part of the tray that shows them, once what draws them is loaded. */
export interface ShowsRunning extends Part {
  bring(shown: RunningPart): void;
}

/** @param name of the controls: `NAME-all`. */
export function createRunning(name: string, actions: Actions, store: Store, picker: TokenPicker): RunningPart {
  const head = el('div.hint', { [`data-${name}`]: '' });
  const rows = createThreadRows(actions, picker);
  const named = el('div.hint');
  const list = createThreadRows(actions, picker);
  const unlisted = el('div.hint');
  const unfold = el('summary', { 'data-action': `${name}-all` }, 'All threads, one by one');
  const all = el('details', {}, unfold, list.element, unlisted);
  const memory = el('div.hint', { [`data-${name}-pages`]: '' });
  const move = el('div.acts');
  const moveSlot = slot(move);
  all.addEventListener('toggle', () => store.set({}));
  return {
    element: el('div.program-runs', {}, head, rows.element, named, all, memory, move),
    unfold,
    update(state, group, words) {
      const topology = state.board?.topology;
      say(head, words);
      say(memory, pages(group));
      // What is carried stays as it was picked up.
      if (!state.carried) {
        const groups = groupThreads(group.threads);
        rows.update(groups.slice(0, SHOWN).map(groupRow));
        const more = groups.length - SHOWN;
        say(named, more > 0 ? `${plural(more, 'more name')} below` : '');
        list.update(all.open ? group.threads.slice(0, LISTED).map(ownRow) : []);
        const rest = group.count - LISTED;
        say(unlisted, all.open && rest > 0 ? `and ${rest} less busy ones` : '');
      }
      const nodes = topology ? targets(group, topology) : [];
      const held = move.contains(document.activeElement);
      moveSlot.update([nodes.join(), group.moved?.to], (): Child => [
        nodes.map((node) =>
          button(
            `pages-${node}`,
            'secondary',
            () => store.set({ acting: { kind: 'pages', to: node } }),
            `Pages to node ${node}`,
          ),
        ),
        group.moved && button('pages-back', 'secondary', () => actions.pagesBack(), 'Move them back'),
      ]);
      // A button that has done its work goes, and whoever has no mouse stays where it was.
      if (held && !move.contains(document.activeElement)) move.querySelector<HTMLElement>('[data-action]')?.focus();
    },
  };
}
