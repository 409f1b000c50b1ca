/** Owns what is told of the plan beside what runs on its host: asking for it, the line above the machine, the findings. */

import type { Beside, SeenBeside } from '../../model/plan/drift/beside.ts';
import { notCheckedLines } from '../../model/doctor/text.ts';
import { problemWords, toProblem } from '../../model/problem.ts';
import type { Client } from '../../protocol/client.ts';
import { findingCard } from '../panel/doctor.ts';
import { section } from '../panel/elements.ts';
import type { Actions } from '../state/actions.ts';
import type { Store } from '../state/store.ts';
import { el, say, slot, svg } from '../ui/dom.ts';
import type { Child } from '../ui/dom.ts';
import { ageWords, newsOf } from './beside-words.ts';
import type { Desk } from './desk.ts';
import { severitySign } from './sign.ts';

const COST = 'A look takes about two seconds on the host; five seconds after it comes the next.';

const key = (classes: string, shape: string, words: string): Child => [
  svg(`svg.beside-key`, { width: 14, height: 12, 'aria-hidden': 'true' }, svg('path', { class: classes, d: shape })),
  words,
];

/** The marks on the machine, as it draws them. */
const legend = (): HTMLElement =>
  el(
    'span.beside-legend',
    {},
    el('span', {}, key('here', 'M4,6a3,3 0 1 0 6,0a3,3 0 1 0 -6,0', 'thread as planned')),
    el('span', {}, key('away', 'M1,6L4,1H13V11H4Z', 'thread off plan')),
    el('span', {}, key('stranger', 'M1,6L4,1H13V11H4Z', '? in no block')),
  );

export interface PlanBeside {
  /** Above the machine while they are compared. */
  readonly element: HTMLElement;
  /** In the panel. */
  readonly findings: HTMLElement;
  toggle(): void;
  update(beside: Beside | null): void;
}

export function createBeside(
  store: Store,
  client: Pick<Client, 'request'>,
  actions: Pick<Actions, 'notice' | 'announce'>,
  desk: Pick<Desk, 'chosen'>,
): PlanBeside {
  const [line, age] = [el('span.beside-line'), el('span.dim.beside-age', { 'aria-hidden': 'true' })];
  const element = el(
    'div.bar.plan-beside',
    { hidden: '', role: 'group', 'aria-label': 'Plan and host compared' },
    line,
    age,
  );
  element.append(el('span.grow'), legend());
  const findings = el('div');
  const [lineSlot, findingsSlot] = [slot(line), slot(findings)];
  let last: SeenBeside | null = null;
  let ticking: ReturnType<typeof setInterval> | null = null;
  let failed: string | null = null;

  const showAge = (): void => say(age, last ? ageWords(Date.now() - Date.parse(last.time)) : '');
  const tick = (on: boolean): void => {
    if (on === (ticking !== null)) return;
    if (ticking !== null) clearInterval(ticking);
    ticking = on ? setInterval(showAge, 1000) : null;
  };

  const words = ({ waits, problem, seen }: Beside): Child => {
    if (problem) return [severitySign('error'), `The last look failed. ${problemWords(problem)}`];
    const waiting = waits === null ? '' : ` Not looked at now: ${waits}`;
    if (!seen) return waits === null ? `Looking at what runs there. ${COST}` : waiting.trim();
    const { verdict, sentence } = seen.diagnosis;
    const sign = ({ findings: 'warning', undecided: 'note', 'no-problem': 'kept' } as const)[verdict];
    const outdated = seen.outdated ? ' The plan was changed since: that is of the one before.' : '';
    return [severitySign(sign), `${sentence}${outdated}${waiting}`];
  };

  const list = ({ diagnosis, blocks }: SeenBeside): Child => {
    const { host, findings: all, notes, notChecked } = diagnosis;
    // Those of the chosen block first; a card's number stays its own.
    const own = blocks.find(({ name }) => name === desk.chosen)?.drifts ?? [];
    const order = [...own, ...all.keys()].filter((at, i, list) => list.indexOf(at) === i);
    return section(
      `Beside ${host}`,
      all.length === 0 && el('div.in', {}, 'No drift was seen.'),
      order.flatMap((at) => (all[at] ? [findingCard(all[at], at)] : [])),
      notes.length > 0 &&
        el(
          'details.in',
          { 'data-key': 'beside-notes' },
          el('summary', {}, `Worth knowing (${notes.length})`),
          notes.map((one, at) => findingCard(one, all.length + at)),
        ),
      notChecked.length > 0 && [
        el(
          'div.in',
          {},
          el('h3', {}, 'Unavailable'),
          el(
            'ul.steps',
            {},
            notCheckedLines(notChecked).map((one) => el('li', {}, one)),
          ),
        ),
      ],
    );
  };

  return {
    element,
    findings,
    toggle() {
      const on = store.get().board?.beside == null;
      actions.announce(on ? `Comparing the plan with its host. ${COST}` : 'The plan is no longer compared.');
      client.request('plan', { act: 'compare', on }).catch((error: unknown) => {
        const why = problemWords(toProblem(error));
        actions.notice('error', `The plan was not compared. ${why}`);
      });
    },
    update(beside) {
      element.hidden = beside === null;
      const seen = beside?.seen ?? null;
      tick(seen !== null);
      const told = beside?.problem ? problemWords(beside.problem) : null;
      if (told !== null && told !== failed) actions.announce(`The last look at the host failed. ${told}`);
      else if (seen && seen.time !== last?.time) {
        const news = newsOf(last, seen);
        if (news !== '') actions.announce(news);
      }
      failed = told;
      last = seen;
      showAge();
      lineSlot.update([beside?.waits, beside?.problem, seen?.outdated, seen?.diagnosis.sentence, beside === null], () =>
        beside ? words(beside) : null,
      );
      const { findings: all, notes, notChecked } = seen?.diagnosis ?? {};
      // A person reads and copies there: what is the same stays.
      findingsSlot.update([JSON.stringify([all, notes, notChecked]), desk.chosen], () => (seen ? list(seen) : null));
    },
  };
}
