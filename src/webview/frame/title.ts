/** Owns the title bar: which host, how it is reached, what it is, what to beware of. */

import { formatDuration } from '../../model/text/format.ts';
import { el, kbd, say, slot, textOf } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import { unfold } from '../ui/unfold.ts';
import { facts } from '../../model/topology/facts.ts';
import type { Actions } from '../state/actions.ts';
import type { Part } from '../state/part.ts';
import { marksOf } from '../state/labels.ts';
import { momentWords } from '../state/moments.ts';
import { isLost, isRecorded, shownRun, stale } from '../state/select.ts';
import type { State, Store } from '../state/store.ts';

function badges(state: State): HTMLElement[] {
  const run = shownRun(state);
  const noisy = run !== null && marksOf(run).includes('noisy');
  const words = [
    ...(state.board?.topology?.machine.emulated ? ['emulated'] : []),
    ...(noisy ? ['noisy'] : []),
    ...(isLost(state) ? ['lost'] : []),
    ...(state.moment ? [momentWords(state, state.moment)] : []),
  ];
  return words.map((word) => el('span.badge', {}, word));
}

function sampling(state: State): string {
  const { board, sample } = state;
  if (!board?.topology) return '';
  const age = stale(state, Date.now());
  if (age !== null) return age;
  if (isRecorded(state) || state.moment) return '';
  if (!sample) return 'not sampled yet';
  const every = `sampled every ${formatDuration(board.samplingMs)}`;
  return board.running ? `${every} while measuring` : every;
}

/** @param warned the chip that tells how many warnings there are. */
export function createTitle(store: Store, actions: Actions, warned: HTMLElement): Part {
  const name = el('h1');
  const transport = el('span.dim');
  const words = el('span.facts');
  const marks = el('span');
  const markSlot = slot(marks);
  const live = el('span.dim.sm');
  const leave = button('other-host', 'bare', () => store.set({ choosing: !store.get().choosing }), 'Other host');
  const table = button('table', 'bare', () => store.view({ table: !store.get().view.table }), ['Table', kbd('T')]);
  const matrix = button('matrix', 'bare', () => actions.matrix(), ['Matrix', kbd('X')], {
    title: 'What each pair of CPUs costs, beside the machine',
  });
  const devices = button(
    'devices',
    'bare',
    () => store.view({ devices: !store.get().view.devices }),
    ['I/O devices', kbd('I')],
    { title: 'Network interfaces, disks and GPUs at the nodes they are near' },
  );
  const check = button('check', 'bare', () => actions.check.toggle(), ['Check', kbd('D')], {
    title: 'Is NUMA the problem of this host? Shows what was found, or puts it away',
  });
  const help = button('help', 'bare', () => store.set({ help: true }), kbd('?'), { 'aria-label': 'All keys' });
  const extras = el('div.extras', { id: 'title-extras' }, live, leave, check, devices, matrix, table, help);
  const more = unfold('more', 'about this page', () => element);
  more.button.classList.add('unfold');
  more.button.setAttribute('aria-controls', extras.id);
  const element = el('header.title', {}, name, transport, words, marks, warned, el('span.grow'), more.button, extras);
  return {
    element,
    update(state) {
      const { board, view } = state;
      say(name, board?.host?.name ?? 'NUMA Pinboard');
      say(transport, board?.host ? (board.host.transport === 'ssh' ? 'SSH' : board.host.transport) : '');
      say(words, board?.topology ? facts(board.topology) : '');
      // Cut by a narrow window, the facts can still be read whole.
      words.title = textOf(words);
      const marked = badges(state);
      markSlot.update([marked.map((mark) => textOf(mark)).join()], () => marked);
      say(live, sampling(state));
      leave.setAttribute('aria-pressed', String(state.choosing));
      leave.hidden = !board?.host || (board.host.transport !== 'ssh' && board.hosts.length === 0);
      devices.hidden = (board?.topology?.devices.length ?? 0) === 0 || view.table;
      devices.setAttribute('aria-pressed', String(view.devices));
      matrix.hidden = !board?.topology || board.costs.length === 0;
      matrix.setAttribute('aria-pressed', String(view.matrix && !view.table));
      check.hidden = !board?.topology || state.apart;
      const checked = Boolean(board?.checkup) && board?.checkup?.startedAt !== state.hiddenCheckup;
      check.setAttribute('aria-pressed', String(checked));
      table.hidden = !board?.topology;
      table.setAttribute('aria-pressed', String(view.table));
    },
  };
}
