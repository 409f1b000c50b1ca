/** Owns the panel of a plan: the chosen block's fields, what is wrong, what it all comes to, and what its flows cost. */

import { coresOn, planMachine } from '../../model/plan/machine.ts';
import { countWords } from '../../model/plan/check/text.ts';
import { coresOf } from '../../model/plan/place.ts';
import { SEVERITIES } from '../../model/plan/problem.ts';
import { capital, formatBytes, plural } from '../../model/text/format.ts';
import { section, table } from '../panel/elements.ts';
import { el, slot } from '../ui/dom.ts';
import type { Child } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import type { Desk } from './desk.ts';
import { createForm } from './form.ts';
import type { BlockForm } from './form.ts';
import type { ItemList } from './items.ts';
import { hugeOn } from './picture.ts';
import type { PlanPricing } from './pricing.ts';
import type { Reading } from './reading.ts';
import { severitySign } from './sign.ts';
import { SEVERITY_WORDS } from './words.ts';

function problems({ checked, at, wrong }: Reading, desk: Desk): Child {
  const list = checked.problems.map(({ id, severity, blocks, sentence, reason, remedy, path }, i) => {
    const { line } = at(path);
    const named = blocks.length > 0 ? blocks : [];
    return el(
      'li.plan-problem',
      { 'data-problem': id },
      severitySign(severity),
      el(
        'div',
        {},
        el('b', {}, `${SEVERITY_WORDS[severity]}: `),
        sentence,
        el('div.dim.sm', {}, reason),
        el('div.sm', {}, remedy),
        el(
          'div.row-acts',
          {},
          named.slice(0, 4).map((name) =>
            button('choose-block', 'link', () => desk.choose(name), name, {
              'aria-label': `Choose block ${name}`,
              'data-key': `problem-${i}-${name}`,
            }),
          ),
          el('span.dim.sm', {}, `line ${line}`),
        ),
      ),
    );
  });
  return section(
    'Problems',
    wrong.length > 0 && el('div.in.dim.sm', {}, 'Of the plan as it was before the file became unreadable.'),
    list.length === 0 ? el('div.in', {}, 'None: this can work as it is planned.') : el('ul.plan-problems', {}, list),
  );
}

/** "80 of 96 GB". */
function ofWords(bytes: number, total: number | null): string {
  const [some, all] = [formatBytes(bytes), total === null ? '' : formatBytes(total)];
  if (all === '') return some;
  const unit = /\D+$/.exec(all)?.[0] ?? '';
  return `${some.endsWith(unit) ? some.slice(0, -unit.length) : some} of ${all}`;
}

function totals({ plan, topology, checked }: Reading): Child {
  const machine = planMachine(topology);
  const { blocks, reserved, free } = checked.placement;
  const open = new Set(free);
  const rows = topology.nodes.map(({ id, memoryBytes }) => {
    const cores = coresOn(machine, id);
    const left = cores.filter(({ cpus }) => cpus.every((cpu) => open.has(cpu))).length;
    const kept = plan.reserve.find(({ node }) => node === id);
    const planned = blocks.reduce((sum, { memory }) => sum + (memory.get(id) ?? 0), 0);
    const huge = blocks.reduce((sum, placed) => sum + hugeOn(placed, id), 0);
    const host = coresOf(
      machine,
      reserved.filter(({ node }) => node === id).flatMap(({ cpus }) => cpus),
    );
    return [
      String(id),
      `${cores.length - left - host} of ${cores.length}`,
      ofWords(planned, memoryBytes),
      huge === 0 ? '' : formatBytes(huge),
      [host > 0 ? plural(host, 'core') : '', kept?.memoryBytes ? formatBytes(kept.memoryBytes) : '']
        .filter((words) => words !== '')
        .join(', '),
    ];
  });
  const some = (at: number): boolean => rows.some((row) => row[at] !== '');
  const columns = [
    { name: 'Node' },
    { name: 'Cores', num: true },
    { name: 'Memory', num: true },
    ...(some(3) ? [{ name: 'Huge pages', num: true }] : []),
    ...(some(4) ? [{ name: 'Host keeps', num: true }] : []),
  ];
  const { cores, threads, memoryBytes, hostMemoryBytes } = checked.totals;
  const rest =
    hostMemoryBytes === null
      ? ''
      : hostMemoryBytes < 0
        ? `, ${formatBytes(-hostMemoryBytes)} more than there are`
        : `; ${formatBytes(hostMemoryBytes)} left`;
  return section(
    'Planned',
    el(
      'div.in',
      {},
      table(
        'What is planned of each node',
        columns,
        rows.map((row) => row.filter((_, at) => at < 3 || some(at))),
      ),
      el(
        'div.hint',
        {},
        `All blocks: ${plural(cores, 'core')}, ${plural(threads, 'thread')}, ${formatBytes(memoryBytes)}${rest}.`,
      ),
    ),
  );
}

export interface PlanPanel {
  readonly element: HTMLElement;
  update(reading: Reading): void;
}

/** @param findings of the plan beside its host. */
export function createPlanPanel(desk: Desk, lists: ItemList, pricing: PlanPricing, findings: HTMLElement): PlanPanel {
  const element = el('aside.panel.plan-panel', { 'aria-label': 'Plan', tabindex: 0 });
  const head = el('div.in.plan-head');
  const [formAt, problemsAt, totalsAt] = [el('div'), el('div'), el('div')];
  element.append(head, formAt, findings, problemsAt, totalsAt, lists.element, pricing.element);
  const [headSlot, problemSlot, totalSlot] = [slot(head), slot(problemsAt), slot(totalsAt)];
  let form: (BlockForm & { readonly name: string }) | null = null;
  return {
    element,
    update(reading) {
      const { checked, wrong, plan } = reading;
      headSlot.update([checked], () => {
        const worst = SEVERITIES.find((severity) => checked.problems.some((one) => one.severity === severity));
        return el(
          'div.verdict',
          { 'data-verdict': '' },
          worst ? capital(`${countWords(checked.problems)}.`) : 'No problems.',
        );
      });
      const block = plan.blocks.find(({ name }) => name === desk.chosen) ?? null;
      const { named } = desk;
      // With another name it is the same block, and the same fields.
      if (form && block && named?.from === form.name && named.to === block.name) form = { ...form, name: block.name };
      if (form?.name !== block?.name) {
        form = block && { ...createForm(desk, block.name), name: block.name };
        formAt.replaceChildren(
          form?.element ??
            el(
              'div.in.hint',
              {},
              'Choose a block: its fields stand here. Drag it onto a node or a core, or press Enter on it.',
            ),
        );
      }
      if (block) form?.update(block);
      problemSlot.update([checked, wrong], () => problems(reading, desk));
      totalSlot.update([checked], () => totals(reading));
      lists.update(reading);
      pricing.update(reading);
    },
  };
}
