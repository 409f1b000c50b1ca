/** What is said against separating two pools, each argument held against what was measured: it holds, it does not, or neither could be shown. */

import type { Benchmark } from '../../cases/case.ts';
import type { Layout, Scenario } from '../../cases/separation.ts';
import { compareJointly, roundsNeeded } from '../../run/jointly.ts';
import type { Result } from '../../run/run.ts';
import { signInterval } from '../../run/ranks.ts';
import { medianInterval, median } from '../../run/statistics.ts';
import { formatCpuList } from '../../text/cpulist.ts';
import { formatNs, formatPercent, plural } from '../../text/format.ts';
import { LAYOUT_WORDS, SCENARIO_WORDS } from './labels.ts';
import { find, slipWords } from './taken.ts';
import type { Taken } from './taken.ts';

export interface CounterRow {
  readonly argument: 'idle-node' | 'parallelism' | 'hand-over' | 'balancing' | 'batching' | 'operations';
  readonly title: string;
  /** Parts of 1: a change, of idle time and imbalance a difference, of batching a share. */
  readonly value: number | null;
  readonly interval: readonly [low: number, high: number] | null;
  /** Null: it was not measured, or cannot be. */
  readonly holds: 'yes' | 'no' | 'not-shown' | null;
  /** In a sentence. */
  readonly says: string;
}

/** Comparisons that are told together: their intervals hold at once. */
const COMPARISONS = 5;
/** Of a batch and its way: below it the batch hides the way. */
const HIDDEN = 0.05;

const percent = (value: number): string => formatPercent(value);

/** Of two results, round by round. */
function difference(of: Taken, against: Taken): Pick<CounterRow, 'value' | 'interval'> | null {
  const pairs = of.result.repetitions.flatMap((one, round) => {
    const other = against.result.repetitions[round];
    return one === null || other == null ? [] : [(one - other) / 100];
  });
  const interval = signInterval(pairs, 1 - 0.05 / COMPARISONS);
  return interval && { value: median(pairs), interval };
}

interface Words {
  readonly more: string;
  readonly less: string;
}

const undecided = (slipped: Result): string => `Not decided: ${slipWords(slipped)}.`;

type Held = Pick<CounterRow, 'value' | 'interval' | 'holds' | 'says'>;

/**
 * @param bad whether more of it, or less, is what the argument says.
 * @param slipped why what was measured does not count; null: it does.
 */
function heldBy(
  found: Pick<CounterRow, 'value' | 'interval'> | null,
  bad: 'more' | 'less',
  words: Words,
  slipped: string | null,
): Held {
  if (!found?.interval || found.value === null)
    return {
      value: null,
      interval: null,
      holds: null,
      says:
        slipped ??
        `Not measured: it takes ${plural(roundsNeeded(COMPARISONS), 'round')} in which there is something to count.`,
    };
  const [low, high] = found.interval;
  if (low <= 0 && high >= 0) return { ...found, holds: 'not-shown', says: 'No difference could be shown.' };
  const more = low > 0;
  return { ...found, holds: more === (bad === 'more') ? 'yes' : 'no', says: more ? words.more : words.less };
}

export function counterRows(taken: readonly Taken[]): CounterRow[] {
  const layout = (['separated', 'huge-pages', 'reversed', 'custom'] as const).find((one) =>
    taken.some((of) => of.one.layout === one),
  );
  if (layout === undefined || !taken.some(({ one }) => one.layout === 'mixed')) return [];
  const name = LAYOUT_WORDS[layout];
  const full: Scenario = '100%';
  const pairOf = (benchmark: Benchmark, scenario: Scenario): [of: Taken, against: Taken] | null => {
    const [of, against] = [find(taken, benchmark, layout, scenario), find(taken, benchmark, 'mixed', scenario)];
    return of?.result.valid && against?.result.valid ? [of, against] : null;
  };
  const ratio = (benchmark: Benchmark, scenario: Scenario): Pick<CounterRow, 'value' | 'interval'> | null => {
    const pair = pairOf(benchmark, scenario);
    const compared = pair && compareJointly(pair[0], pair[1], COMPARISONS);
    return compared && { value: compared.change, interval: compared.interval };
  };
  const apart = (benchmark: Benchmark): Pick<CounterRow, 'value' | 'interval'> | null => {
    const pair = pairOf(benchmark, full);
    return pair && difference(...pair);
  };
  const medianOf = (benchmark: Benchmark, of: Layout, scenario: Scenario): number | null =>
    find(taken, benchmark, of, scenario)?.result.median ?? null;

  /** Why neither can be held against the other. */
  const slipped = (benchmark: Benchmark, scenario: Scenario): string | null => {
    const both = [layout, 'mixed' as const].flatMap((one) => find(taken, benchmark, one, scenario) ?? []);
    const bad = both.find(({ result }) => !result.valid)?.result;
    return bad ? undecided(bad) : null;
  };

  const idle = idlest(medianOf, layout, full);
  const share = (medianOf(idle.benchmark, layout, full) ?? 0) / 100;
  const idleSays = `${name}, ${idle.who} are idle ${percent(share)} of the time at ${SCENARIO_WORDS[full]}`;
  const light: Scenario = pairOf('separation-hand-over', '60%') ? '60%' : full;
  const imbalance = (medianOf('separation-imbalance', layout, full) ?? 0) / 100;
  const stolen = (['mixed', layout] as const).map((one) => (medianOf('separation-steal-rate', one, full) ?? 0) / 100);
  return [
    {
      ...{ argument: 'idle-node', title: 'A node idles' },
      ...heldBy(
        apart(idle.benchmark),
        'more',
        {
          more: `Holds: ${idleSays}, and more than mixed.`,
          less: `Does not hold: ${idleSays}, and less than mixed.`,
        },
        slipped(idle.benchmark, full),
      ),
    },
    ...(['100%', '200%'] as const)
      .filter((scenario) => (['mixed', layout] as const).every((one) => find(taken, 'separation', one, scenario)))
      .map((scenario): CounterRow => ({
        ...{ argument: 'parallelism', title: `Less parallelism, ${SCENARIO_WORDS[scenario]}` },
        ...heldBy(
          ratio('separation', scenario),
          'less',
          {
            more: `Does not hold: ${name}, more requests are served than mixed.`,
            less: `Holds: ${name}, fewer requests are served than mixed.`,
          },
          slipped('separation', scenario),
        ),
      })),
    {
      ...{ argument: 'hand-over', title: `Hand-over across nodes, ${SCENARIO_WORDS[light]}` },
      ...heldBy(
        ratio('separation-hand-over', light),
        'more',
        handOverWords(medianOf, layout, light),
        slipped('separation-hand-over', light),
      ),
    },
    {
      ...{ argument: 'balancing', title: 'Balancing is lost' },
      ...heldBy(
        apart('separation-imbalance'),
        'more',
        {
          more: `Holds: nodes are busy unevenly by ${percent(imbalance)} ${name}, more than mixed; jobs stolen are ${percent(stolen[1] ?? 0)}, mixed ${percent(stolen[0] ?? 0)}.`,
          less: `Does not hold: nodes are busy unevenly by ${percent(imbalance)} ${name}, less than mixed.`,
        },
        slipped('separation-imbalance', full),
      ),
    },
    batching(taken, layout, light),
    operations(taken, layout),
  ];
}

type MedianOf = (benchmark: Benchmark, of: Layout, scenario: Scenario) => number | null;

/** The pool that idles more. */
function idlest(medianOf: MedianOf, layout: Layout, scenario: Scenario): { benchmark: Benchmark; who: string } {
  const [walks, distances] = (['separation-idle-walks', 'separation-idle-distances'] as const).map(
    (one) => medianOf(one, layout, scenario) ?? 0,
  );
  return (walks ?? 0) >= (distances ?? 0)
    ? { benchmark: 'separation-idle-walks', who: 'the nodes that walk' }
    : { benchmark: 'separation-idle-distances', who: 'the nodes that take distances' };
}

function handOverWords(medianOf: MedianOf, layout: Layout, scenario: Scenario): Words {
  const [of, mixed] = ([layout, 'mixed'] as const).map((one) => medianOf('separation-hand-over', one, scenario) ?? 0);
  const both = `${formatNs(of ?? 0)} there and back ${LAYOUT_WORDS[layout]}, ${formatNs(mixed ?? 0)} mixed`;
  return { more: `Holds: ${both}.`, less: `Does not hold: ${both}.` };
}

/** Whether batches of 128 hide the way between the pools already: then nobody gains by where that is. */
function batching(taken: readonly Taken[], layout: Layout, scenario: Scenario): CounterRow {
  const row = { argument: 'batching', title: 'Batches of 128 hide the hand-over' } as const;
  const [way, batch] = (['separation-hand-over', 'separation-batch'] as const).map((one) =>
    find(taken, one, layout, scenario),
  );
  const shares = (way?.result.repetitions ?? []).flatMap((one, round) => {
    const other = batch?.result.repetitions[round];
    return one === null || other == null ? [] : [one / (one + other)];
  });
  const interval = medianInterval(shares);
  const bad = [way, batch].find((one) => one?.result.valid === false)?.result;
  if (!interval || bad) {
    const none = shares.length === 0 ? 'no hand-over was seen between two workers that waited' : 'too few rounds';
    return { ...row, value: null, interval: null, holds: null, says: bad ? undecided(bad) : `Not measured: ${none}.` };
  }
  const value = median(shares);
  const says = `the way there and back is ${percent(value)} of a batch of 128 and its way`;
  const [low, high] = interval;
  if (high < HIDDEN)
    return { ...row, value, interval, holds: 'yes', says: `Holds: ${says}; where it goes can gain no more than that.` };
  return low > HIDDEN
    ? { ...row, value, interval, holds: 'no', says: `Does not hold: ${says}.` }
    : {
        ...row,
        value,
        interval,
        holds: 'not-shown',
        says: `Not decided: ${says}, about the ${percent(HIDDEN)} that counts as hidden.`,
      };
}

/** Nothing to measure: what whoever runs it has to set up and keep. */
function operations(taken: readonly Taken[], layout: Layout): CounterRow {
  const of = taken.find(({ one, result }) => one.layout === layout && result.benchmark === 'separation');
  const nodes = formatCpuList(Object.keys(of?.result.seen.nodes ?? {}).map(Number));
  const huge = taken.find(({ one }) => one.layout === 'huge-pages' && one.pages !== 'thp')?.one.pages;
  const pages = huge === undefined ? '' : `, and in huge pages, ${huge} pages reserved there`;
  return {
    ...{ argument: 'operations', title: 'Operations', value: null, interval: null, holds: null },
    says: `Not measurable: it needs a CPU list for each pool, and the store's memory on node${nodes.includes(',') || nodes.includes('-') ? 's' : ''} ${nodes}${pages}.`,
  };
}
