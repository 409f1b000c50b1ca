/** Owns the list of all keys, over the page. */

import { QUICK } from '../../model/live/measures/quick.ts';
import { OFFER_KINDS, offerOf } from '../../model/bench/index.ts';
import type { OfferKind } from '../../model/bench/index.ts';
import { el, modal, slot } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import { ARROWS, keyList } from '../ui/key-list.ts';
import type { Keys } from '../ui/key-list.ts';
import type { Part } from '../state/part.ts';
import type { Store } from '../state/store.ts';

function pickUpKeys(kind: OfferKind): Keys {
  const { bench, title } = offerOf({ kind });
  const spoken = bench.slots.map((slot) => slot.spoken).join(', ');
  return [bench.slots.map(({ letter }) => letter), `${title}: pick up ${spoken}`];
}

const KEYS: readonly Keys[] = [
  ...OFFER_KINDS.filter((kind) => offerOf({ kind }).bench.slots.length > 0).map(pickUpKeys),
  [ARROWS, 'move the carried token or the focus: within the core, core to core, on to the next node'],
  [['Shift', ...ARROWS], 'to the same place in the node in that direction'],
  [['Home', 'End'], 'first, last in the node'],
  [['PgUp', 'PgDn'], 'the same place in the previous, next node'],
  [['0', '\u2026', '9'], 'while carrying: jump to that CPU or node'],
  [['+', '\u2212'], 'while carrying workers: take the whole core, L3, node or socket, and back'],
  [['Alt', 'Enter'], 'take workers away from there; with the mouse, hold Alt while dropping'],
  [['S'], 'the next page size of the memory; with Shift the one before. Or click the chip on its token'],
  [['Enter'], 'drop; in the list of runs: show the run'],
  [['Esc'], 'cancel the move; stop the run or the check; end the comparison'],
  [['Ctrl', 'Z'], 'undo the last move'],
  [['G'], 'what crossing sockets costs: the guided run'],
  [['1', '\u2026', '6'], 'ask one of the other questions listed'],
  [['R'], 'run'],
  [
    ['H'],
    `choose what the colours show, then 1 to ${QUICK.length}; twice: a list of all measures, with what each counts`,
  ],
  [['T'], 'show everything as tables'],
  [
    ['X'],
    'show the matrix of pairs beside the machine; in it arrows move, Enter shows the CPUs of two nodes, Esc all nodes',
  ],
  [['N'], 'number whom a CPU should steal from on the machine, the nearest first; point at another, or Esc'],
  [['D'], 'check this host: is NUMA the problem?'],
  [['I'], 'show I/O devices at their nodes'],
  [['K'], 'pause at this moment, and back to now; in a recording: play, pause'],
  [[',', '.'], 'a sample back, a sample on; on the timeline also the arrows, with Shift ten at a time'],
  [['Home', 'End', 'PgUp', 'PgDn'], 'on the timeline: the first and last sample, the previous and next mark'],
  [['[', ']'], 'compare: this moment is A, this one is B'],
  [['+', '\u2212', '0'], 'zoom in, out, fit'],
  [['Z'], 'zoom to the focused node and back'],
  [['F'], 'find a CPU or node by number: cpu 18, L#12, node 1'],
  [['L'], 'number CPUs as lstopo does (L#), or as the kernel does (P#)'],
  [['Space'], 'in the list of runs: compare the run with the one that is shown, or with others'],
  [['F2'], 'in the list of runs: rename the run'],
  [['Del'], 'in the list of runs: delete the run; it can be put back'],
  [['O'], 'open a run from a file; or drop the file on the page'],
  [['B'], 'make the shown run the baseline'],
  [['E'], 'export the shown run as a page'],
  [['!'], 'warnings about this machine'],
  [['?'], 'these keys'],
];

const HINT =
  'You can also place any token by typing into its field: cpu 18, 18, node 1; workers also 0-17,36, node:1, l3:0, socket:0 or all.';

export interface KeyHelp {
  readonly keys: readonly Keys[];
  readonly hint: string;
}

/** @param instead of what is shown in place of the board; null: the board is. */
export function createHelp(store: Store, instead: () => KeyHelp | null): Part {
  const close = (): void => store.set({ help: false });
  const list = el('div');
  const content = slot(list);
  const element = el(
    'dialog',
    { 'aria-label': 'All keys' },
    el('div.verdict', {}, 'All keys'),
    list,
    el('div.acts', {}, button('help-close', 'primary', close, 'Close')),
  );
  const show = modal(element, close);
  return {
    element,
    update({ help }) {
      if (help) {
        const { keys, hint } = instead() ?? { keys: KEYS, hint: HINT };
        content.update([keys], () => [keyList(keys), el('div.hint', {}, hint)]);
      }
      show(help);
    },
  };
}
