/** What the doctor found, as a part of a run's page or as a page of its own. */

import type { DoctorFinding } from '../doctor/base/finding.ts';
import type { Diagnosis } from '../doctor/examine.ts';
import { findingRows, notCheckedLines, SEVERITY_WORDS } from '../doctor/text.ts';
import { formatDuration, formatPercent } from '../text/format.ts';
import { codeBlock, markdownText as text } from './escape.ts';

/** When it was looked, ISO 8601, and what was found. */
export interface DoctorPart {
  readonly time: string;
  readonly diagnosis: Diagnosis;
}

function finding(one: DoctorFinding, level: string): string[] {
  const commands = (name: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [`${name}:`, '', codeBlock(lines.join('\n'), 'sh'), ''];
  return [
    `${level} ${text(one.sentence)}`,
    '',
    `A ${SEVERITY_WORDS[one.severity]}${one.severity === 'high' ? ' fault' : ''}, ${formatPercent(one.confidence)} sure (\`${one.id.replace(/[^a-z-]/g, '')}\`).`,
    '',
    ...findingRows(one).flatMap(([name, lines]) => lines.map((line) => `- ${name}: ${text(line)}`)),
    '',
    ...commands('Type', one.remedy),
    ...commands('Undo', one.undo),
  ];
}

function body({ time, diagnosis }: DoctorPart, level: string): string[] {
  const { host, sentence, seconds, findings, notes, notChecked } = diagnosis;
  return [
    `**${text(sentence)}**`,
    '',
    `${text(host)}, looked at ${text(time)} in ${formatDuration(seconds * 1000)}.`,
    '',
    ...findings.flatMap((one) => finding(one, level)),
    ...(notes.length === 0 ? [] : [`${level} Worth knowing`, '', ...notes.map((one) => `- ${text(one.sentence)}`), '']),
    ...(notChecked.length === 0
      ? []
      : [`${level} Not checked`, '', ...notCheckedLines(notChecked).map((line) => `- ${text(line)}`), '']),
  ];
}

/** Of a run's page; empty where nobody looked. */
export const doctor = (part: DoctorPart | null): string[] =>
  part === null ? [] : ['## What the doctor found on this host', '', ...body(part, '###')];

/** A page of its own. */
export const doctorMarkdown = (part: DoctorPart): string =>
  ['# Is NUMA the problem of this host?', '', ...body(part, '##')].join('\n');
