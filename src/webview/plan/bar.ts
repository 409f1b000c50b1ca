/** Owns the bar above a plan's machine: its file, what is wrong in it, undo, places that are found, how near one looks. */

import type { PlanFile } from '../../model/board/board.ts';
import { proposePlan } from '../../model/plan/propose/propose.ts';
import { changeOf } from '../../model/plan/edit/change.ts';
import { plural } from '../../model/text/format.ts';
import type { Actions } from '../state/actions.ts';
import { el, say, slot } from '../ui/dom.ts';
import { button, disable } from '../ui/elements.ts';
import type { Desk } from './desk.ts';
import type { Hand } from './hand.ts';
import type { Reading } from './reading.ts';
import { inSlices } from './slices.ts';
import { severitySign } from './sign.ts';
import { isOpen } from './words.ts';

const BUDGET_MS = 5000;
const ZOOM = 1.5;

export interface PlanBar {
  readonly element: HTMLElement;
  update(file: PlanFile, reading: Reading, comparing: boolean): void;
}

/** @param compare begins and ends to hold the plan against its host. */
export function createPlanBar(
  desk: Desk,
  hand: Hand,
  actions: Pick<Actions, 'notice' | 'announce'>,
  compare: () => void,
): PlanBar {
  let proposing: AbortController | null = null;

  const propose = async (): Promise<void> => {
    const reading = desk.reading();
    if (!reading) return;
    proposing = new AbortController();
    const { plan, topology } = reading;
    const open = plan.blocks.some(isOpen);
    actions.announce('Looking for places.');
    const found = await inSlices(proposePlan(plan, topology, open ? [] : ['all']), BUDGET_MS, proposing.signal);
    proposing = null;
    if (!found) return;
    if (!found.plan) {
      actions.notice('warning', found.why);
      return;
    }
    const changes = found.moved.flatMap(({ name, node, cpus }) => {
      const block = plan.blocks.find((one) => one.name === name);
      const change = block && changeOf(block, { nodes: [node], cpus });
      return change ? [change] : [];
    });
    const why = found.moved.map((one) => `${one.name}: node ${one.node}. ${one.why}`).join(' ');
    if (changes.length === 0) actions.notice('info', `Every block stays where it is. ${found.why}`);
    else {
      actions.notice('info', `${plural(changes.length, 'block')} placed. ${found.why} ${why}`);
      desk.edit({ words: 'proposed places', changes });
    }
  };

  const name = el('span.plan-file');
  const wrong = el('span.plan-wrong', { role: 'alert' });
  const wrongSlot = slot(wrong);
  const trial = el('span.plan-trial', { 'aria-hidden': 'true' });
  const undo = button('plan-undo', 'bare', () => desk.step('undo'), 'Undo');
  const redo = button('plan-redo', 'bare', () => desk.step('redo'), 'Redo');
  const proposeButton = button('plan-propose', 'secondary', () => void propose(), 'Propose places');
  const compareButton = button('plan-compare', 'secondary', compare, 'Compare with host', {
    title: 'Hold the plan against what runs there, every few seconds (C)',
  });
  const { machine } = hand;
  const zoom = el(
    'div.zoom',
    {},
    button('plan-zoom-out', 'bare', () => machine.zoomBy(1 / ZOOM), '\u2212', { 'aria-label': 'Zoom out' }),
    button('plan-fit', 'bare', () => machine.fit(), 'Fit'),
    button('plan-zoom-in', 'bare', () => machine.zoomBy(ZOOM), '+', { 'aria-label': 'Zoom in' }),
  );
  return {
    element: el(
      'div.bar.plan-bar',
      {},
      name,
      wrong,
      trial,
      el('span.grow'),
      undo,
      redo,
      proposeButton,
      compareButton,
      zoom,
    ),
    update(file, { wrong: issues, plan }, comparing) {
      compareButton.setAttribute('aria-pressed', String(comparing));
      say(name, file.file.replace(/^.*[/\\]/, ''));
      name.title = file.file;
      wrongSlot.update([issues], () => {
        const [first] = issues;
        return (
          first && [
            severitySign('error'),
            `Line ${first.line}: ${first.message}${issues.length > 1 ? `, and ${issues.length - 1} more` : ''}. The plan is shown as it was before.`,
          ]
        );
      });
      const { trial: tried } = desk;
      const words = tried ? ('wrong' in tried.move ? tried.move.wrong : tried.move.words) : '';
      say(trial, words);
      trial.classList.toggle('no', tried !== null && 'wrong' in tried.move);
      for (const [control, what] of [
        [undo, file.undo],
        [redo, file.redo],
      ] as const) {
        disable(control, what === null);
        control.title = what ? `${control === undo ? 'Undo' : 'Redo'}: ${what}` : '';
      }
      disable(proposeButton, plan.blocks.length === 0 || issues.length > 0 || proposing !== null);
      say(
        proposeButton.querySelector('.face') ?? proposeButton,
        plan.blocks.some(isOpen) ? 'Propose places' : 'Propose anew',
      );
    },
  };
}
