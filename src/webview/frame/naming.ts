/** Owns the question what a run is called. */

import { MAX_NAME } from '../../protocol/run.ts';
import type { Actions } from '../state/actions.ts';
import { runLabel } from '../state/labels.ts';
import type { Part } from '../state/part.ts';
import { el, modal, slot } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';

export function createNaming(actions: Actions): Part {
  const element = el('dialog', { 'aria-labelledby': 'naming-title' });
  const content = slot(element);
  const close = (): void => actions.kept.name(null);
  const show = modal(element, close);
  return {
    element,
    update({ naming, board }) {
      const run = board?.runs.find(({ id }) => id === naming);
      content.update([run?.id], () => {
        if (!run) return null;
        const { name: _, ...plain } = run;
        const usual = runLabel(board?.topology ?? null, plain);
        const field = el('input.typed', {
          type: 'text',
          value: run.name ?? '',
          placeholder: usual,
          maxlength: MAX_NAME,
          'aria-labelledby': 'naming-title',
          'data-action': 'run-name',
          autocomplete: 'off',
        });
        const rename = (): void => actions.kept.rename(run.id, field.value.trim());
        field.addEventListener('keydown', (event) => {
          if (event.key === 'Enter') rename();
        });
        return [
          el('div.verdict', { id: 'naming-title' }, 'Name of this run'),
          field,
          el('div.hint', {}, `Without a name it is called ${usual}.`),
          el(
            'div.acts',
            {},
            button('run-name-ok', 'primary', rename, 'Rename'),
            button('run-name-cancel', 'secondary', close, 'Cancel'),
          ),
        ];
      });
      if (show(run !== undefined) && run) element.querySelector('input')?.select();
    },
  };
}
