/** Two runs held against each other, case by case: before and after, or two hosts. */

import type { EnvironmentValue, Result, Run } from '../run/run.ts';
import { figuresOf, isUnavailable } from '../run/run.ts';
import { unpairedRatio } from '../run/statistics.ts';
import { betterOf } from '../run/better.ts';
import type { Topology } from '../topology/topology.ts';
import { caseKey, caseName } from './cases.ts';

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
  /**
   * What that means for who waits for it: "not shown" where the interval spans zero, or there is none; "different" where
   * the metric is neither a time nor a rate.
   */
  readonly verdict: 'better' | 'worse' | 'different' | 'not shown';
  /** Why the figures carry less than they seem to: noisy, not valid, emulated. */
  readonly marks: readonly string[];
}

/** Whether it may be told as one figure: a difference was shown, by figures that are not noisy and of what did not slip. */
export const isTold = ({ verdict, marks }: Pick<CaseChange, 'verdict' | 'marks'>): boolean =>
  verdict !== 'not shown' && !marks.some((mark) => mark === 'noisy' || mark.startsWith('not valid'));

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

const slippedWords = ({ valid, why }: Result): string | null => (valid ? null : (why ?? 'the placement slipped'));

function marksOf(before: Result, after: Result): string[] {
  const both = [before, after];
  const [was, is] = [slippedWords(before), slippedWords(after)];
  return [
    ...(both.some(({ noisy }) => noisy) ? ['noisy'] : []),
    ...(was === null ? [] : [`not valid before: ${was}`]),
    ...(is === null ? [] : [`not valid after: ${is}`]),
    ...(both.some(({ emulated }) => emulated) ? ['emulated'] : []),
  ];
}

function verdictOf(metric: string, interval: readonly [low: number, high: number] | null): CaseChange['verdict'] {
  if (!interval) return 'not shown';
  const [low, high] = interval;
  if (low <= SAME && high >= SAME) return 'not shown';
  const better = betterOf(metric);
  if (better === null) return 'different';
  return high < SAME === (better === 'less') ? 'better' : 'worse';
}

/** Figures that a median stands for: a result's repetitions, or those of a class of pairs. */
interface Series {
  readonly key: string;
  readonly name: string;
  readonly result: Result;
  readonly median: number;
  readonly values: readonly number[];
}

/** What was measured. A matrix is as many cases as it has classes: their names follow from the topology. */
function seriesOf({ results }: Pick<Run, 'results'>): Series[] {
  return results.flatMap((result): Series[] => {
    const { median, classes, benchmark } = result;
    // How long a program ran until a person ended it is no figure of the program.
    if (result.stopped) return [];
    const values = figuresOf(result);
    const [key, name] = [caseKey(result), caseName(result)];
    if (!classes) return median === null ? [] : [{ key, name, result, median, values }];
    return classes.flatMap((own) =>
      own.median === null
        ? []
        : [
            {
              key: `${key} ${own.name}`,
              name: `${benchmark}, ${own.name}`,
              result,
              median: own.median,
              values: own.measured.map((at) => own.figures[at] ?? NaN),
            },
          ],
    );
  });
}

const words = (value: EnvironmentValue | undefined): string =>
  value === undefined ? 'not recorded' : isUnavailable(value) ? 'unavailable' : String(value);

/** Of no weight for whether two runs compare, or told otherwise. */
const PASSING = new Set(['loadBefore', 'kernel', 'agentSha256']);

/** Enough of a sha256 to tell two apart by eye. */
const agentWords = (value: EnvironmentValue | undefined): string => words(value).slice(0, 12);

const wholeWords = ({ partial }: Pick<Run, 'partial'>): string => (partial === null ? 'yes' : 'cut short');

/** A fact of several runs that is not the same of all of them. */
export interface Difference {
  readonly name: string;
  /** Of each run, in their order. */
  readonly values: readonly string[];
}

/** Those of the named facts that differ. @param absent what stands where a run has no such fact. */
export function differing(facts: readonly ReadonlyMap<string, string>[], absent: string): Difference[] {
  const names = [...new Set(facts.flatMap((own) => [...own.keys()]))];
  return names
    .map((name) => ({ name, values: facts.map((own) => own.get(name) ?? absent) }))
    .filter(({ values }) => new Set(values).size > 1);
}

/** What decides whether figures mean the same, beside what was asked for. A run that a board lists has its topology there. */
export type Conditions = Pick<Run, 'host' | 'tool' | 'environment' | 'partial'> & { readonly topology?: Topology };

export function conditionsOf({ host, tool, environment, partial, topology }: Conditions): Map<string, string> {
  const machine = topology?.machine;
  const kernel = machine?.kernel ?? environment['kernel'];
  return new Map([
    ['host', host.name],
    ...(machine ? [['CPU', machine.cpuModel ?? 'unknown'] as const] : []),
    ...(machine ? [['architecture', machine.architecture] as const] : []),
    ['kernel', words(kernel)],
    ...(machine ? [['emulated', String(machine.emulated)] as const] : []),
    ['numa-pinboard', tool.version],
    ['agent', agentWords(environment['agentSha256'])],
    ['whole', wholeWords({ partial })],
    ...Object.entries(environment).flatMap(([key, value]) => (PASSING.has(key) ? [] : [[key, words(value)] as const])),
  ]);
}

function differencesOf(before: Run, after: Run): string[] {
  const found = differing([conditionsOf(before), conditionsOf(after)], words(undefined));
  return found.map(({ name, values: [was = '', is = ''] }) => `${name}: ${was}, then ${is}`);
}

/** Case by case, whatever else was another. */
export function casesBetween(
  before: Pick<Run, 'results'>,
  after: Pick<Run, 'results'>,
): Pick<Between, 'cases' | 'onlyBefore' | 'onlyAfter'> {
  const [old, now] = [seriesOf(before), seriesOf(after)];
  const olds = new Map(old.map((one) => [one.key, one]));
  const keys = new Set(now.map(({ key }) => key));
  const cases = now.flatMap((two): CaseChange[] => {
    const one = olds.get(two.key);
    if (!one || one.median === 0) return [];
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
  return {
    cases,
    onlyBefore: old.filter(({ key }) => !keys.has(key)).map(({ name }) => name),
    onlyAfter: now.filter(({ key }) => !olds.has(key)).map(({ name }) => name),
  };
}

export function between(before: Run, after: Run): Between {
  const about = ({ id, host, time }: Run): Between['before'] => ({ id, host: host.name, time });
  return {
    before: about(before),
    after: about(after),
    ...casesBetween(before, after),
    differences: differencesOf(before, after),
  };
}
