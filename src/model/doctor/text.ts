/** A diagnosis as people read it in a terminal, and as `doctor --format json` prints it. */

import { capital, formatDuration, formatPercent } from '../text/format.ts';
import type { Diagnosis, NotChecked } from './examine.ts';
import type { DoctorFinding, Severity } from './base/finding.ts';

export const DOCTOR_SCHEMA = 'numa-pinboard/doctor/1';

export const SEVERITY_WORDS: Readonly<Record<Severity, string>> = { high: 'serious', medium: 'fault', low: 'note' };

/** Rows of a finding, each with its name: the same on every face. */
export function findingRows({
  evidence,
  cause,
  advice,
  gain,
}: DoctorFinding): [name: string, lines: readonly string[]][] {
  const rows: [string, readonly string[]][] = [
    ['Seen', evidence],
    ['Cause', [cause]],
    ['Do', advice === null ? [] : [advice]],
    ['Brings', gain === null ? [] : [gain.sentence]],
  ];
  return rows.filter(([, lines]) => lines.length > 0);
}

export function findingBlock(finding: DoctorFinding, sign = finding.severity === 'high' ? '!!' : '!'): string[] {
  const { sentence, severity, confidence, remedy, undo } = finding;
  const indent = (name: string, lines: readonly string[]): string[] =>
    lines.map((line, at) => `    ${(at === 0 ? name : '').padEnd(8)}${line}`);
  return [
    `${sign} ${sentence} (${SEVERITY_WORDS[severity]}, ${formatPercent(confidence)} sure)`,
    ...findingRows(finding).flatMap(([name, lines]) => indent(name, lines)),
    ...indent('Type', remedy),
    ...indent('Undo', undo),
    '',
  ];
}

/** What could not be done for the same reason is said once. */
export function notCheckedLines(notChecked: readonly NotChecked[]): string[] {
  const whys = [...new Set(notChecked.map(({ why }) => why))];
  return whys.map((why) => {
    const titles = notChecked.filter((one) => one.why === why).map(({ title }) => title);
    return `${capital(titles.join('; '))}: ${why}`;
  });
}

const signOf = ({ severity }: Pick<DoctorFinding, 'severity'>): string => (severity === 'high' ? '!!' : '!');

/** The verdict, then a line a finding: where there is no room for more. */
export const briefLines = ({ sentence, findings }: Diagnosis): string[] => [
  sentence,
  ...findings.map((finding) => `${signOf(finding)} ${finding.sentence}`),
];

export function doctorText(diagnosis: Diagnosis): string {
  const { host, sentence, seconds, findings, notes, notChecked } = diagnosis;
  return [
    sentence,
    `${host}, ${formatDuration(seconds * 1000)}`,
    '',
    ...findings.flatMap((finding) => findingBlock(finding)),
    ...(notes.length === 0 ? [] : ['Worth knowing', '', ...notes.flatMap((note) => findingBlock(note, 'i'))]),
    ...(notChecked.length === 0 ? [] : ['Not checked', ...notCheckedLines(notChecked).map((line) => `  ${line}`)]),
  ]
    .join('\n')
    .trimEnd();
}

/** Keys in one order, whoever made the finding, so that a file read and written again stays the same. */
export function findingJson(finding: DoctorFinding): unknown {
  const { id, topic, severity, confidence, sentence, cause, evidence, advice, remedy, undo, where, gain } = finding;
  return { id, topic, severity, confidence, sentence, cause, evidence, advice, remedy, undo, where, gain };
}

/** `numa-pinboard/doctor/1`: notes are findings of severity "low", after the others. @param time of the look, ISO 8601. */
export function doctorJson({ findings, notes, ...diagnosis }: Diagnosis, time: string): unknown {
  return {
    schema: DOCTOR_SCHEMA,
    time,
    ...diagnosis,
    findings: [...findings, ...notes].map(findingJson),
  };
}
