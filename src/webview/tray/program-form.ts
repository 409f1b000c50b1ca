/** Owns the line that a program is started with. Loaded after the first frame (`later.ts`): it is folded until somebody opens it. */

import { DEFAULT_RACE_MS } from '../../model/bench/race/budget.ts';
import { formatDuration } from '../../model/text/format.ts';
import type { Actions } from '../state/actions.ts';
import { el, say } from '../ui/dom.ts';
import { button, disable } from '../ui/elements.ts';
import { typedInput } from '../ui/typed-field.ts';

export interface ProgramForm {
  readonly element: HTMLElement;
  focus(): void;
  /** While something runs already. */
  block(blocked: boolean): void;
}

export function createProgramForm(actions: Actions): ProgramForm {
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
  return {
    element: form,
    focus: () => line.focus(),
    block: (blocked) => {
      for (const act of [start, race]) disable(act, blocked);
    },
  };
}
