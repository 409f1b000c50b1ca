/**
 * Asks before something is done to processes that run: moving pages takes time and memory bandwidth on a host where others may be at work,
 * and threads that nobody started from here were placed by somebody.
 */

import type { LiveGroup } from '../../model/bench/program/threads.ts';
import { isUnavailable } from '../../model/run/run.ts';
import { parseCpuList } from '../../model/text/cpulist.ts';
import { formatBytes, formatRange, plural } from '../../model/text/format.ts';
import type { Actions } from '../state/actions.ts';
import { liveGroup } from '../state/followed.ts';
import type { Part } from '../state/part.ts';
import type { Acting, Store } from '../state/store.ts';
import { el, modal, slot } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';

interface Asked {
  readonly title: string;
  readonly words: string;
  /** What the button says that agrees. */
  readonly accept: string;
  readonly act: (actions: Actions) => void;
}

function pagesAsked({ name, residentBytes }: LiveGroup, to: number): Asked {
  const others = isUnavailable(residentBytes)
    ? []
    : Object.entries(residentBytes).filter(([node]) => node !== String(to));
  const held = others.map(([node, bytes]) => `${formatBytes(bytes)} from node ${node}`).join(', ');
  return {
    title: `Move the pages of ${name} to node ${to}?`,
    words:
      `The kernel copies ${held} to node ${to} while the program runs (move_pages). Copying takes memory bandwidth, and the program waits for pages that are being moved. ` +
      'Pages shared with other processes stay. Where new pages are placed does not change. The move can be undone: each page then returns to the node it came from.',
    accept: `Move to node ${to}`,
    act: (actions) => actions.pages(to),
  };
}

function pinAsked({ name }: LiveGroup, { threads, who, cpus }: Acting & { kind: 'pin' }): Asked {
  const all = `${plural(threads.length, 'thread')} of ${name}`;
  const one = threads.length === 1 ? 'it' : 'them';
  const where = `${parseCpuList(cpus).length === 1 ? 'CPU' : 'CPUs'} ${formatRange(cpus)}`;
  return {
    title: `Keep ${threads.length === 1 ? `${who} of ${name}` : all} on ${where}?`,
    words:
      `The kernel runs ${one} on no other CPU from now on (sched_setaffinity). Threads that are started by ${one} later inherit that; where memory is placed does not change. ` +
      'It lasts beyond this connection. The move can be undone for as long as this is followed: each thread then may run where it might before.',
    accept: `Keep on ${where}`,
    act: (actions) => actions.pinThreads(threads, cpus, who),
  };
}

export function createActQuestion(actions: Actions, store: Store): Part {
  const element = el('dialog', { 'aria-labelledby': 'act-title' });
  const content = slot(element);
  const close = (): void => store.set({ acting: null });
  const show = modal(element, close);
  return {
    element,
    update(state) {
      const group = liveGroup(state);
      const acting = group ? state.acting : null;
      content.update([acting], () => {
        if (!acting || !group) return null;
        const { title, words, accept, act } =
          acting.kind === 'pages' ? pagesAsked(group, acting.to) : pinAsked(group, acting);
        const agree = (): void => {
          close();
          act(actions);
        };
        return [
          el('div.verdict', { id: 'act-title' }, title),
          el('p', {}, words),
          el(
            'div.acts',
            {},
            button(`${acting.kind}-accept`, 'primary', agree, accept),
            button(`${acting.kind}-decline`, 'secondary', close, 'Cancel'),
          ),
        ];
      });
      const wanted = acting !== null;
      if (show(wanted) && wanted) element.querySelector<HTMLElement>('[data-action$=-decline]')?.focus();
    },
  };
}
