/** Owns what the panel shows of the doctor: its look while it goes on; then the verdict, a card for each finding, and the rest folded. */

import type { Checkup } from '../../model/doctor/checkup.ts';
import type { Diagnosis } from '../../model/doctor/examine.ts';
import type { DoctorFinding } from '../../model/doctor/base/finding.ts';
import { findingRows, notCheckedLines, SEVERITY_WORDS } from '../../model/doctor/text.ts';
import { FINDING_KINDS } from '../../model/run/finding.ts';
import { formatDuration, formatPercent } from '../../model/text/format.ts';
import { selectionText, selectionWords } from '../../model/live/selection.ts';
import type { Actions } from '../state/actions.ts';
import { clock } from '../state/clock.ts';
import type { State } from '../state/store.ts';
import { el, kbd } from '../ui/dom.ts';
import type { Child } from '../ui/dom.ts';
import { button, disable } from '../ui/elements.ts';
import { DOCTOR_QUESTION } from './ask-doctor.ts';
import { copyButton } from './copy.ts';
import { note, section, verdict } from './elements.ts';

/** Commands to type there, whole with one click; lines for the reader stay among them. */
function commands(key: string, label: string, lines: readonly string[]): HTMLElement {
  const text = lines.join('\n');
  const shown = el('pre.command', { tabindex: 0, role: 'group', 'aria-label': label }, text);
  return el(
    'div',
    {},
    el('div.repeat', {}, el('h3', {}, label), copyButton(`copy-${key}`, `Copy: ${label}`, text, shown)),
    shown,
  );
}

/** @param at tells findings of one kind apart. */
export function findingCard(finding: DoctorFinding, at: number): HTMLElement {
  const { id, kind, severity, confidence, sentence, remedy, undo } = finding;
  const rows = findingRows(finding).map(([name, lines]) => [
    el('dt', {}, name),
    lines.map((line) => el('dd', {}, line)),
  ]);
  const made = el(
    'article.dx-card',
    {
      'data-finding': id,
      'data-severity': severity,
      'data-key': `finding-${at}`,
      'aria-label': sentence,
      tabindex: -1,
    },
    note(FINDING_KINDS[kind].tone, el('b.strong', {}, sentence)),
    el(
      'div.in',
      {},
      el('div.dim.sm', {}, `${SEVERITY_WORDS[severity]}, ${formatPercent(confidence)} sure`),
      el('dl.dx-rows', {}, rows),
      remedy.length > 0 && commands(`remedy-${at}`, 'Type', remedy),
      undo.length > 0 &&
        el(
          'details',
          { 'data-key': `undo-${at}` },
          el('summary', { 'data-action': `undo-${at}` }, 'How to undo it'),
          commands(`undo-command-${at}`, 'Undo', undo),
        ),
    ),
  );
  return made;
}

function folded(key: string, title: string, content: Child): HTMLElement {
  return el('details.in', { 'data-key': key }, el('summary', { 'data-action': key }, title), content);
}

function looking({ of, step }: Checkup, actions: Actions): HTMLElement[] {
  const stop = button('stop-check', 'secondary', () => actions.check.stop(), ['Stop', kbd('Esc')]);
  return [
    section(
      null,
      el(
        'div.in',
        {},
        verdict(of === null ? DOCTOR_QUESTION : `Is NUMA the problem of ${of}?`, 'Looking'),
        el('progress', { 'aria-label': 'Checking the host' }),
        el('div.dim.sm', { role: 'status' }, `${step ?? ''}.`),
        el('div.acts', {}, stop),
      ),
    ),
  ];
}

function outcome(state: State, { of, startedAt }: Checkup, diagnosis: Diagnosis, actions: Actions): HTMLElement[] {
  const { host, sentence, seconds, findings, notes, notChecked } = diagnosis;
  const following = state.board?.following ?? null;
  const again = button('check-again', 'secondary', () => actions.check.start(), ['Check again', kbd('D')]);
  const followed =
    following !== null &&
    button('check-followed', 'secondary', () => actions.check.start(selectionText(following)), [
      `Check ${selectionWords(following)}`,
    ]);
  const close = button('close-check', 'secondary', () => actions.check.close(), ['Close', kbd('Esc')]);
  disable(again, Boolean(state.board?.running));
  const head = section(
    null,
    el(
      'div.in',
      {},
      verdict(of === null ? DOCTOR_QUESTION : `Is NUMA the problem of ${of}?`, sentence),
      el(
        'div.dim.sm',
        {},
        `${host} at ${clock(Date.parse(startedAt))}, looked at for ${formatDuration(seconds * 1000)}`,
      ),
      el('div.acts', {}, again, followed, close),
    ),
  );
  const rest = [
    notes.length > 0 &&
      folded(
        'check-notes',
        `Worth knowing (${notes.length})`,
        notes.map((one, at) => findingCard(one, findings.length + at)),
      ),
    notChecked.length > 0 &&
      folded(
        'check-not',
        `Not checked (${notChecked.length})`,
        el(
          'ul.steps',
          {},
          notCheckedLines(notChecked).map((line) => el('li', {}, line)),
        ),
      ),
  ];
  return [
    head,
    ...(findings.length > 0 ? [section('Findings', findings.map(findingCard))] : []),
    ...(rest.some(Boolean) ? [section('Also', rest)] : []),
  ];
}

/** What was chosen elsewhere is read on here: in view, out of its fold, with the focus. @param at as cards are numbered. */
export function reveal(panel: Element, at: number): void {
  const card = panel.querySelector<HTMLElement>(`[data-key="finding-${at}"]`);
  const fold = card?.closest('details');
  if (fold) fold.open = true;
  card?.scrollIntoView({ block: 'nearest' });
  card?.focus({ preventScroll: true });
}

export function doctor(state: State, checkup: Checkup, actions: Actions): HTMLElement[] {
  return checkup.diagnosis ? outcome(state, checkup, checkup.diagnosis, actions) : looking(checkup, actions);
}
