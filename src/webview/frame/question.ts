/** Owns what the host asks a person, over the page. */

import type { Actions } from '../state/actions.ts';
import { el, modal, slot } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import type { Part } from '../state/part.ts';

export function createQuestion(actions: Actions): Part {
  const element = el('dialog', { 'aria-labelledby': 'question-title', 'data-question': '' });
  const content = slot(element);
  let asked: string | null = null;
  let answered: string | null = null;
  const answer = (value: string | null): void => {
    if (asked === null || answered === asked) return;
    answered = asked;
    show(false);
    actions.answer(asked, value);
  };
  // Escape and whatever else closes it says no: nothing is trusted by accident.
  const show = modal(element, () => answer(null));
  return {
    element,
    update({ board }) {
      const question = board?.question ?? null;
      content.update([question?.id], () => {
        if (!question) return null;
        const secret = el('input.typed', {
          type: 'password',
          'aria-labelledby': 'question-title',
          autocomplete: 'off',
          'data-action': 'secret',
        });
        const accept = (): void => answer(question.kind === 'secret' ? secret.value : 'yes');
        secret.addEventListener('keydown', (event) => {
          if (event.key === 'Enter') accept();
        });
        return [
          el('div.verdict', { id: 'question-title' }, question.title),
          el('pre', {}, question.detail),
          question.kind === 'secret' && secret,
          el(
            'div.acts',
            {},
            button('question-accept', 'primary', accept, question.accept),
            button('question-decline', 'secondary', () => answer(null), 'Cancel'),
          ),
        ];
      });
      asked = question?.id ?? null;
      const wanted = asked !== null && asked !== answered;
      // The careful answer is the near one: a host key is not trusted by a stray Enter.
      if (show(wanted) && wanted) element.querySelector<HTMLElement>('input, [data-action=question-decline]')?.focus();
    },
  };
}
