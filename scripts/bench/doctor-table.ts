// Owns the table of the doctor's bench: per kind and in sum what was found, missed and accused wrongly, with intervals.
import type { Condition, Fault } from '../lab/faults/fault.ts';
import type { Verdict } from '../lab/faults/judge.ts';

export interface Look {
  readonly condition: Condition;
  readonly shape: string;
  readonly verdict: Verdict;
}

/** Wilson's interval of 95 % for a share. */
export function shareInterval(hits: number, of: number): [low: number, high: number] {
  if (of === 0) return [0, 1];
  const z = 1.96;
  const p = hits / of;
  const middle = p + z ** 2 / (2 * of);
  const half = z * Math.sqrt((p * (1 - p)) / of + z ** 2 / (4 * of ** 2));
  const whole = 1 + z ** 2 / of;
  return [Math.max(0, (middle - half) / whole), Math.min(1, (middle + half) / whole)];
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function shareWords(hits: number, of: number): string {
  const [low, high] = shareInterval(hits, of);
  return of === 0 ? 'none' : `${hits} of ${of}: ${percent(hits / of)} (95 %: ${percent(low)} to ${percent(high)})`;
}

const isFault = (condition: Condition): condition is Fault => 'finding' in condition;

export function tableOf(looks: readonly Look[], all: readonly Condition[]): string {
  const conditions = all.filter((condition) => looks.some((look) => look.condition === condition));
  const rows = conditions.map((condition) => {
    const own = looks.filter((look) => look.condition === condition);
    const wrong = own.flatMap(({ verdict }) => verdict.wrong);
    const due = isFault(condition) ? [condition.finding].flat().join(' or ') : '';
    const marks = isFault(condition)
      ? [condition.note === true ? 'note' : '', condition.played === true ? 'played' : ''].filter(Boolean).join(', ')
      : '';
    const found = own.filter(({ verdict }) => verdict.found === true).length;
    return [
      condition.kind,
      isFault(condition) ? `${due}${marks === '' ? '' : ` (${marks})`}` : 'nothing',
      String(own.length),
      isFault(condition) ? String(found) : '',
      isFault(condition) ? String(own.length - found) : '',
      wrong.length === 0 ? '0' : `${String(wrong.length)} (${[...new Set(wrong)].join(', ')})`,
    ];
  });
  const of = (which: (condition: Fault) => boolean): string => {
    const own = looks.filter(({ condition }) => isFault(condition) && which(condition));
    return shareWords(own.filter(({ verdict }) => verdict.found === true).length, own.length);
  };
  const accused = (which: readonly Look[]): string =>
    shareWords(which.filter(({ verdict }) => verdict.wrong.length > 0).length, which.length);
  const healthy = looks.filter(({ condition }) => !isFault(condition));
  const kinds = new Set(conditions.filter(isFault).map(({ kind }) => kind));
  return [
    '| kind | due | looks | found | missed | false alarms |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
    `- ${kinds.size} kinds of faults; found ${of(({ played }) => played !== true)}`,
    `- played kinds: found ${of(({ played }) => played === true)}`,
    `- looks with a false alarm: ${accused(looks)}; of hosts without fault: ${accused(healthy)}`,
  ].join('\n');
}
