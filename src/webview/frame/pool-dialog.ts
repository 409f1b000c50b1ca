/** Owns the dialog before a pool of huge pages is changed: the exact change, how to undo it, and what to do where it cannot be had. */

import { el, modal, slot } from '../ui/dom.ts';
import type { Child } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import type { Actions } from '../state/actions.ts';
import type { Part } from '../state/part.ts';
import type { PoolPlan, PoolQuestion } from '../state/pool-question.ts';
import { command } from '../panel/elements.ts';

const paragraphs = (sentences: readonly string[]): HTMLElement[] => sentences.map((words) => el('p', {}, words));

function planned({ sentences, change, commands, undo, otherwise }: PoolPlan): Child {
  return [
    paragraphs(sentences),
    change && [
      el('p', {}, el('b', {}, change.sentence)),
      commands.map((line) => command(line)),
      el('div.hint', {}, 'Undo, here or by hand:'),
      undo.map((line) => command(line)),
    ],
    otherwise.length > 0 && el('details', {}, el('summary', {}, 'If the pages cannot be had'), paragraphs(otherwise)),
  ];
}

function content(question: PoolQuestion, actions: Actions): Child {
  const { pools } = actions;
  const decline = (words: string): Child => button('pool-decline', 'secondary', () => pools.close(), words);
  if (question.kind === 'undo') {
    return [
      el('div.verdict', { id: 'pool-title' }, 'Put the pages back all the same?'),
      el('p', {}, question.differs),
      paragraphs(question.sentences),
      el(
        'div.acts',
        {},
        button('pool-undo', 'primary', () => pools.putBack(true), 'Put them back'),
        decline('Cancel'),
      ),
    ];
  }
  const { plans } = question;
  const possible = plans.some(({ change }) => change !== null);
  const reserve = (then: () => void): void => pools.reserve(plans, then);
  return [
    el('div.verdict', { id: 'pool-title' }, possible ? 'Reserve huge pages?' : 'Enough huge pages are free'),
    plans.map(planned),
    possible && el('p', {}, 'This changes the host for everybody: reserved pages are free memory no longer.'),
    el(
      'div.acts',
      {},
      possible && button('pool-reserve-run', 'primary', () => reserve(() => actions.run()), 'Reserve and run'),
      possible && button('pool-reserve', 'secondary', () => reserve(() => undefined), 'Reserve'),
      decline(possible ? 'Cancel' : 'Close'),
    ),
  ];
}

export function createPoolDialog(actions: Actions): Part {
  const element = el('dialog.pool', { 'aria-labelledby': 'pool-title' });
  const place = slot(element);
  const show = modal(element, () => actions.pools.close());
  return {
    element,
    update({ pool }) {
      place.update([pool], () => (pool ? content(pool, actions) : null));
      const wanted = pool !== null;
      // The careful answer is the near one.
      if (show(wanted) && wanted) element.querySelector<HTMLElement>('[data-action=pool-decline]')?.focus();
    },
  };
}
