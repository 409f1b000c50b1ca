/** Owns the tray of a plan: every block with what it needs, where it is and what is wrong with it; apart from them emulator cores and the host. */

import type { SeenBeside } from '../../model/plan/drift/beside.ts';
import { planMachine } from '../../model/plan/machine.ts';
import type { Placed } from '../../model/plan/place.ts';
import type { PlanProblem } from '../../model/plan/problem.ts';
import { formatCpuList } from '../../model/text/cpulist.ts';
import { formatBytes, formatCpus, plural } from '../../model/text/format.ts';
import { el, kbd, slot } from '../ui/dom.ts';
import type { Child } from '../ui/dom.ts';
import { grip, tokenShape } from '../ui/token.ts';
import { button } from '../ui/elements.ts';
import { blockLine } from './beside-words.ts';
import type { Desk } from './desk.ts';
import { severitySign } from './sign.ts';
import { slotOf, tagOf, worstOf } from './picture.ts';
import type { Reading } from './reading.ts';
import { isOpen, needsWords, placeOfBlock, SEVERITY_WORDS } from './words.ts';

export interface TrayHost {
  /** Takes a block by keys. */
  pickUp(block: string): void;
  /** A pointer is down on a block: it is carried once it moves. */
  arm(block: string, event: PointerEvent): void;
}

export interface PlanTray {
  readonly element: HTMLElement;
  /** @param beside what was seen of it on its host; null: nothing. */
  update(reading: Reading, beside: SeenBeside | null): void;
}

function problemWords(problems: readonly PlanProblem[], name: string): Child {
  const worst = worstOf(problems, name);
  if (worst === null) return null;
  const mine = problems.filter(({ blocks, severity }) => blocks.includes(name) && severity === worst);
  // What is only worth knowing has its words in the list.
  const words =
    worst === 'note'
      ? plural(mine.length, 'note')
      : `${SEVERITY_WORDS[worst]}: ${mine[0]?.sentence ?? ''}${mine.length > 1 ? ` And ${mine.length - 1} more.` : ''}`;
  return el(`span.trouble.${worst}`, {}, severitySign(worst), words);
}

function besideWords(beside: SeenBeside | null, name: string): Child {
  const line = beside && blockLine(beside, name);
  return line && el(`span.trouble.${line.sign}`, { 'data-beside': line.sign }, severitySign(line.sign), line.words);
}

export function createPlanTray(desk: Desk, host: TrayHost): PlanTray {
  const element = el('aside.tray.plan-tray', { 'aria-label': 'Blocks of the plan' });
  const list = el('div');
  const content = slot(list);
  const add = (): void => {
    desk.add();
    // With the next frame it has fields.
    requestAnimationFrame(() => {
      const name = document.querySelector<HTMLInputElement>('#plan-field-name');
      name?.focus();
      name?.select();
    });
  };
  element.append(
    list,
    el('div.in.acts', {}, button('add-block', 'secondary', add, 'Add a block')),
    el('div.grow'),
    el(
      'div.in.hint.foot',
      {},
      el('div', {}, kbd('+'), ' ', kbd('\u2212'), '  a core more, less'),
      el('div', {}, kbd('N'), '  next node   ', kbd('Del'), ' to the tray'),
      el('div', {}, kbd('Enter'), ' pick up, then arrows'),
    ),
  );

  const rove = (event: KeyboardEvent): void => {
    const rows = [...list.querySelectorAll<HTMLElement>('[data-block-row]')];
    const at = rows.findIndex((row) => row === document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined || at === -1) return;
    event.preventDefault();
    event.stopPropagation();
    rows[Math.max(0, Math.min(rows.length - 1, to))]?.focus();
  };
  list.addEventListener('keydown', rove);

  const row = (
    placed: Placed,
    reading: Reading,
    beside: SeenBeside | null,
    { tag, first }: { readonly tag: string; readonly first: boolean },
  ): HTMLElement => {
    const { block } = placed;
    const { name } = block;
    const chosen = desk.chosen === name;
    const machine = planMachine(reading.topology);
    return el(
      'button.block-row',
      {
        type: 'button',
        'data-block-row': name,
        'data-key': `row-${name}`,
        // One tab stop: the chosen one, else the first.
        tabindex: chosen || (desk.chosen === null && first) ? 0 : -1,
        'aria-pressed': String(chosen),
        class: `block-row${chosen ? ' chosen' : ''}`,
        on: {
          focus: () => desk.choose(name),
          pointerdown: (event: PointerEvent) => {
            const onGrip = event.target instanceof Element && event.target.closest('.grab') !== null;
            // A finger beside the grip scrolls.
            if (event.button === 0 && (onGrip || event.pointerType !== 'touch')) host.arm(name, event);
          },
          // A click without a pointer comes from Enter or Space.
          click: (event: MouseEvent) => {
            desk.choose(name);
            if (event.detail === 0) host.pickUp(name);
          },
        },
      },
      el('span.grab', { 'aria-hidden': 'true' }, grip(), tokenShape(slotOf(name, tag))),
      el(
        'span.about',
        {},
        el('b', {}, name),
        el('span.needs', {}, needsWords(machine, placed).join(' \u00b7 ')),
        el('span.where', {}, placeOfBlock(placed)),
        problemWords(reading.checked.problems, name),
        besideWords(beside, name),
      ),
    );
  };

  return {
    element,
    update(reading, beside) {
      const { plan, checked } = reading;
      content.update([checked, desk.chosen, beside?.diagnosis], () => {
        const tag = tagOf(plan);
        const { blocks, reserved } = checked.placement;
        const groups: [string, readonly Placed[]][] = [
          ['Without a place', blocks.filter(({ block, cpus }) => isOpen(block) && cpus.length === 0)],
          [
            'Blocks',
            blocks.filter(({ block, cpus }) => block.kind !== 'emulator' && !(isOpen(block) && cpus.length === 0)),
          ],
          [
            'Emulator cores',
            blocks.filter(({ block, cpus }) => block.kind === 'emulator' && !(isOpen(block) && cpus.length === 0)),
          ],
        ];
        const shown = groups.filter(([, list]) => list.length > 0);
        const first = shown[0]?.[1][0];
        return [
          shown.map(([title, members]) =>
            el(
              'section',
              { 'aria-label': title },
              el('h2', {}, title),
              members.map((placed) =>
                row(placed, reading, beside, { tag: tag(placed.block.name), first: placed === first }),
              ),
            ),
          ),
          plan.reserve.length > 0 &&
            el(
              'section',
              { 'aria-label': 'The host keeps' },
              el('h2', {}, 'The host keeps'),
              plan.reserve.map(({ node, memoryBytes }, at) => {
                const cpus = reserved[at]?.cpus ?? [];
                const words = [
                  cpus.length > 0 ? formatCpus(formatCpuList(cpus)) : '',
                  memoryBytes > 0 ? formatBytes(memoryBytes) : '',
                ].filter((part) => part !== '');
                return el('div.in.sm.kept-row', {}, `Node ${node}: ${words.join(', ') || 'nothing'}`);
              }),
            ),
          blocks.length === 0 && el('div.in.hint', {}, 'The plan has no blocks yet.'),
        ];
      });
    },
  };
}
