/** Two runs held against each other, case by case: before and after, or two hosts. */

import type { EnvironmentValue, Result, Snapshot } from '../run.ts';
import { isUnavailable } from '../run.ts';
import { unpairedRatio } from '../statistics.ts';
import { caseKey, caseName, isTime } from './cases.ts';

export interface CaseChange {
  readonly name: string;
  readonly metric: string;
  /** Medians. */
  readonly before: number;
  readonly after: number;
  /** Relative change of the median: −0.58 is "58 % less". */
  readonly change: number;
  /** 95 %; null where either has too few repetitions, as a matrix has. */
  readonly interval: readonly [low: number, high: number] | null;
  /** What that means for who waits for it: "not shown" where the interval spans zero, or there is none. */
  readonly verdict: 'better' | 'worse' | 'not shown';
  /** Why the figures carry less than they seem to: noisy, not valid, emulated. */
  readonly marks: readonly string[];
}

export interface Between {
  readonly before: { readonly id: string; readonly host: string; readonly time: string };
  readonly after: { readonly id: string; readonly host: string; readonly time: string };
  readonly cases: readonly CaseChange[];
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
  /** What else was another, in words: a difference may come from there. */
  readonly differences: readonly string[];
}

const SAME = 0;

function marksOf(...results: readonly Result[]): string[] {
  const marks = results.flatMap(({ noisy, valid, why, emulated, median }) => [
    ...(noisy && median !== null ? ['noisy'] : []),
    ...(valid ? [] : [`not valid: ${why ?? 'the placement slipped'}`]),
    ...(emulated ? ['emulated'] : []),
  ]);
  return [...new Set(marks)];
}

export function verdictOf(
  metric: string,
  interval: readonly [low: number, high: number] | null,
): CaseChange['verdict'] {
  if (!interval) return 'not shown';
  const [low, high] = interval;
  if (low <= SAME && high >= SAME) return 'not shown';
  return high < SAME === isTime(metric) ? 'better' : 'worse';
}

/** Figures that a median stands for: a result's repetitions, or those of a class of pairs. */
interface Series {
  readonly key: string;
  readonly name: string;
  readonly result: Result;
  readonly median: number | null;
  readonly values: readonly number[];
}

/** A matrix is as many cases as it has classes: their names follow from the topology. */
function seriesOf({ results }: Snapshot): Series[] {
  return results.flatMap((result): Series[] => {
    const name = caseName(result);
    if (!result.classes)
      return [{ key: caseKey(result), name, result, median: result.median, values: result.repetitions }];
    return result.classes.map((own) => ({
      key: `${caseKey(result)} ${own.name}`,
      name: `${result.benchmark}, ${own.name}`,
      result: { ...result, median: own.median },
      median: own.median,
      values: own.measured.map((at) => own.figures[at] ?? NaN),
    }));
  });
}

const words = (value: EnvironmentValue | undefined): string =>
  value === undefined ? 'not recorded' : isUnavailable(value) ? 'unavailable' : String(value);

/** Of no weight for whether two runs compare, or told otherwise. */
const PASSING = new Set(['loadBefore', 'agentSha256']);

function differencesOf(before: Snapshot, after: Snapshot): string[] {
  const [one, two] = [before.topology.machine, after.topology.machine];
  const facts: [string, string, string][] = [
    ['host', before.host.name, after.host.name],
    ['CPU', one.cpuModel ?? 'unknown', two.cpuModel ?? 'unknown'],
    ['architecture', one.architecture, two.architecture],
    ['kernel', one.kernel, two.kernel],
    ['emulated', String(one.emulated), String(two.emulated)],
    ['numa-pinboard', before.tool.version, after.tool.version],
  ];
  const keys = [...new Set([...Object.keys(before.environment), ...Object.keys(after.environment)])];
  for (const key of keys.filter((name) => !PASSING.has(name) && name !== 'kernel'))
    facts.push([key, words(before.environment[key]), words(after.environment[key])]);
  return facts.flatMap(([name, was, is]) => (was === is ? [] : [`${name}: ${was}, then ${is}`]));
}

export function between(before: Snapshot, after: Snapshot): Between {
  const [old, now] = [seriesOf(before), seriesOf(after)];
  const olds = new Map(old.map((one) => [one.key, one]));
  const keys = new Set(now.map(({ key }) => key));
  const cases = now.flatMap((two): CaseChange[] => {
    const one = olds.get(two.key);
    if (two.median === null || one?.median == null || one.median === 0) return [];
    const found = unpairedRatio(two.values, one.values);
    const marks = marksOf(one.result, two.result);
    const valid = one.result.valid && two.result.valid;
    const { metric } = two.result;
    return [
      {
        name: two.name,
        metric,
        before: one.median,
        after: two.median,
        change: two.median / one.median - 1,
        interval: found?.interval ?? null,
        verdict: valid ? verdictOf(metric, found?.interval ?? null) : 'not shown',
        marks,
      },
    ];
  });
  const about = ({ id, host, time }: Snapshot): Between['before'] => ({ id, host: host.name, time });
  return {
    before: about(before),
    after: about(after),
    cases,
    onlyBefore: old.filter(({ key }) => !keys.has(key)).map(({ name }) => name),
    onlyAfter: now.filter(({ key }) => !olds.has(key)).map(({ name }) => name),
    differences: differencesOf(before, after),
  };
}
