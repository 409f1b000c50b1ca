/** Owns the tray's "Your own program": a line to start it with; while it runs, its threads as tokens, and its pages. */

import { DEFAULT_RACE_MS } from '../../model/bench/race/budget.ts';
import { formatDuration, plural } from '../../model/text/format.ts';
import type { Actions } from '../state/actions.ts';
import { el, say } from '../ui/dom.ts';
import { button, disable } from '../ui/elements.ts';
import { typedInput } from '../ui/typed-field.ts';
import type { RunningPart, ShowsRunning } from './running.ts';

export function createProgram(actions: Actions): ShowsRunning {
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

  let shown: RunningPart | null = null;
  const stop = button('program-stop', 'secondary', () => actions.stop(), 'Stop the program');
  const running = el('div', {}, stop);
  const folded = el(
    'details.program',
    {},
    el('summary', { 'data-action': 'program' }, el('h2', {}, 'Your own program')),
    el('div.in', {}, form, running),
  );
  let ran = false;
  return {
    element: el('section.wide', { 'aria-label': 'Your own program' }, folded),
    bring(made) {
      shown = made;
      running.prepend(made.element);
    },
    update(state) {
      const { board } = state;
      const program = board?.program ?? null;
      const hides = program ? form : running;
      const held = hides.contains(document.activeElement);
      form.hidden = program !== null;
      running.hidden = program === null;
      // The focus does not go down with what is hidden. Not onto the button that ends it: a second Enter would.
      if (held) (program ? shown?.unfold : line)?.focus();
      const blocked = Boolean(board?.running) || state.starting || Boolean(board?.measuring) || state.line === 'lost';
      for (const act of [start, race]) disable(act, blocked);
      // What runs is in sight, also on a page that opens later.
      if (program && !ran) folded.open = true;
      ran = program !== null;
      if (program)
        shown?.update(state, program, `${program.name}, process ${program.pid}, ${plural(program.count, 'thread')}`);
    },
  };
}
