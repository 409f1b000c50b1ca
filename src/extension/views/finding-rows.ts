/** What the view of findings shows of the doctor's last look: by severity, then what is worth knowing, then what could not be checked. */

import type { Checkup } from '../../model/doctor/checkup.ts';
import type { DoctorFinding, Severity } from '../../model/doctor/base/finding.ts';
import { findingRows as linesOf, notCheckedLines } from '../../model/doctor/text.ts';
import { formatPercent } from '../../model/text/format.ts';
import type { Row } from './rows.ts';

interface Group {
  readonly label: string;
  readonly icon: string;
  readonly color: string;
  readonly below: 'open' | 'closed';
}

const GROUPS: Readonly<Record<Severity, Group>> = {
  high: { label: 'Serious', icon: 'error', color: 'list.errorForeground', below: 'open' },
  medium: { label: 'Faults', icon: 'warning', color: 'list.warningForeground', below: 'open' },
  low: { label: 'Worth knowing', icon: 'info', color: 'charts.blue', below: 'closed' },
};
const SEVERITIES: readonly Severity[] = ['high', 'medium', 'low'];

/** Of a look, in the order in which the board numbers them. */
export const findingsOf = ({ diagnosis }: Checkup): readonly DoctorFinding[] =>
  diagnosis ? [...diagnosis.findings, ...diagnosis.notes] : [];

export function findingRows(checkup: Checkup | null): Row[] {
  const { diagnosis } = checkup ?? {};
  if (!checkup || !diagnosis) return [];
  const all = findingsOf(checkup).map((finding, at) => ({ finding, row: findingRow(finding, at) }));
  const groups = SEVERITIES.flatMap((severity): Row[] => {
    const { label, icon, color, below } = GROUPS[severity];
    const children = all.filter(({ finding }) => finding.severity === severity).map(({ row }) => row);
    if (children.length === 0) return [];
    const words = String(children.length);
    return [
      {
        id: `findings:${severity}`,
        label,
        description: words,
        tooltip: label,
        icon,
        color,
        context: 'findings',
        below,
        children,
      },
    ];
  });
  const { notChecked } = diagnosis;
  return notChecked.length === 0 ? groups : [...groups, notCheckedRow(notCheckedLines(notChecked))];
}

/** Above the rows; null: nobody has looked, and the view says what could be done. */
export function findingsWords(checkup: Checkup | null): string | null {
  if (!checkup) return null;
  const { diagnosis, step } = checkup;
  return diagnosis ? `${diagnosis.host}: ${diagnosis.sentence}` : `Looking: ${step ?? 'beginning'} …`;
}

function findingRow(finding: DoctorFinding, at: number): Row {
  const { sentence, severity, confidence, heading, remedy, undo } = finding;
  const { icon, color } = GROUPS[severity];
  const lines = linesOf(finding).map(([name, own]) => `${name}: ${own.join('\n')}`);
  const context = ['finding', ...(remedy.length > 0 ? ['remedy'] : []), ...(undo.length > 0 ? ['undo'] : [])];
  return {
    id: `finding:${at}:${sentence}`,
    label: sentence,
    description: `${heading}, ${formatPercent(confidence)} sure`,
    tooltip: [sentence, ...lines, ...(remedy.length > 0 ? ['Type:', ...remedy] : [])].join('\n'),
    icon,
    color,
    context: context.join('.'),
    of: { kind: 'finding', at },
    command: { name: 'numaPinboard.revealFinding', title: 'Show on the Board', arguments: [at] },
  };
}

const notCheckedRow = (lines: readonly string[]): Row => ({
  id: 'findings:not-checked',
  label: 'Not checked',
  description: String(lines.length),
  tooltip: 'What could not be looked at, and why',
  icon: 'circle-slash',
  context: 'findings',
  below: 'closed',
  children: lines.map((line): Row => ({
    id: `not-checked:${line}`,
    label: line,
    description: '',
    tooltip: line,
    icon: 'circle-slash',
    context: 'notChecked',
  })),
});
