/** A plan's price as people read it in a terminal, and as `plan price --format json` prints it. */

import { planTotals } from '../check/examine.ts';
import type { Placement } from '../place.ts';
import { EN_DASH, formatBytes, formatDuration, formatPercent, listed, plural } from '../../text/format.ts';
import { table } from '../../text/table.ts';
import { coreCount } from '../place.ts';
import type { PhasePrice, PlanPrice, Range } from './price.ts';

const PLAN_PRICE_SCHEMA = 'numa-pinboard/plan-price/1';

/** More names than a sentence bears. */
const MOST_NAMED = 8;

const NOT_PRICED = 'not priced';

/** "140–700 MB"; "0 B". */
function rangeText([low, high]: Range, format: (value: number) => string): string {
  const [from, to] = [format(low), format(high)];
  if (from === to) return to;
  const [figure, unit] = from.split(' ');
  return unit === to.split(' ')[1] ? `${figure}${EN_DASH}${to}` : `${from} ${EN_DASH} ${to}`;
}
const bytesText = (range: Range): string => rangeText(range, (value) => formatBytes(Math.round(value)));
const timeText = (range: Range | null): string =>
  range === null ? NOT_PRICED : rangeText(range, (seconds) => formatDuration(seconds * 1000));

const title = ({ phase, per, asynchronous }: PhasePrice): string =>
  `${phase ?? '(no phase)'}${asynchronous ? ', asynchronous' : ''}${per === 'second' ? ', a second' : ''}`;

/** What is given away, as counts with what they are counts of. */
export function capacityLines({ blocks, machine }: Placement, totals: ReturnType<typeof planTotals>): string[] {
  const cores = blocks
    .filter(({ block }) => block.kind !== 'emulator')
    .reduce((sum, placed) => sum + coreCount(machine, placed), 0);
  const all = machine.cores.length;
  const whole = totals.memoryBytes + (totals.hostMemoryBytes ?? 0);
  const memory =
    totals.hostMemoryBytes === null || whole <= 0
      ? formatBytes(totals.memoryBytes)
      : `${formatBytes(totals.memoryBytes)} of ${formatBytes(whole)} (${formatPercent(totals.memoryBytes / whole)})`;
  return [
    `  Given to blocks: ${cores} of ${plural(all, 'core')} (${formatPercent(cores / Math.max(1, all))}) and ${memory}; emulator threads have ${plural(totals.cores - cores, 'core')} more.`,
    '  That is room, not work: how much of it is busy at a time follows from no figure of a plan. It takes a run of each, pinned and unpinned.',
  ];
}

/** A heading, then a row a phase: where times are not told, without columns for them. */
export function priceRows({ phases, rates }: PlanPrice): string[][] {
  const timed = rates.source === 'measured' || rates.source === 'rated';
  return [
    ['Phase', 'Planned', 'Unpinned', 'At least', ...(timed ? ['Takes'] : [])],
    ...phases.map((phase) => [
      title(phase),
      bytesText(phase.planned.crossing),
      bytesText(phase.unpinned.crossing),
      phase.leastCrossing ? bytesText(phase.leastCrossing) : 'no room',
      ...(timed ? [timeText(phase.planned.seconds)] : []),
    ]),
  ];
}

export function planPriceText(file: string, price: PlanPrice, placement: Placement): string {
  const { phases, batch, rates, draws, open } = price;
  const rows = phases.map((phase) => [
    title(phase),
    bytesText(phase.bytes),
    bytesText(phase.planned.crossing),
    bytesText(phase.unpinned.crossing),
    phase.leastCrossing ? bytesText(phase.leastCrossing) : 'no room',
    timeText(phase.planned.seconds),
    timeText(phase.unpinned.seconds),
  ]);
  const takes = rates.emulated ? 'takes (emulated): planned' : 'takes: planned';
  const head = ['phase', 'bytes', 'crosses: planned', 'unpinned', 'at least', takes, 'unpinned'];
  const late = phases.filter(({ per, planned }) => per === 'second' && (planned.seconds?.[1] ?? 0) > 1);
  const spread = phases.some(({ leastCrossing, unpinned }) => leastCrossing && unpinned.crossing[0] < leastCrossing[0]);
  const several = phases.filter(({ per }) => per === 'batch').length > 1;
  const whole = [
    'whole batch',
    bytesText(batch.bytes),
    bytesText(batch.crossing),
    bytesText(batch.unpinned),
    batch.leastCrossing ? bytesText(batch.leastCrossing) : 'no room',
    '',
    '',
  ];
  const none =
    phases.length === 0 && open.length === 0
      ? ['  The plan has no flows: nothing is priced. `flows` says what passes between blocks.']
      : [];
  return [
    `${file}: ${plural(phases.length, 'phase')} with flows`,
    '',
    ...(phases.length > 0
      ? table([head, ...rows, ...(several ? [whole] : [])], [1, 2, 3, 4, 5, 6]).map((line) => `  ${line}`)
      : none),
    '',
    ...(open.length > 0
      ? [
          `  Left out are the flows of ${listed(open.length > MOST_NAMED ? [...open.slice(0, MOST_NAMED), `${open.length - MOST_NAMED} more`] : open)}, which ${open.length === 1 ? 'has' : 'have'} no place yet: numa-pinboard plan propose finds one.`,
        ]
      : []),
    ...(phases.length > 0
      ? [
          `  Unpinned: within which 95 % of ${plural(draws, 'draw')} lie, each thread and its memory on a node drawn by its CPUs: blocks are spread, and flows between them too.`,
          `  At least: what crosses in any placement with room for all that has each block on one node${several ? '; of the whole batch, in one placement for all phases' : ''}.`,
          ...(spread
            ? [
                '  Unpinned can be less than that in a phase of flows between blocks: spread over all nodes, some of each block is beside some of the other.',
              ]
            : []),
          ...late.map((phase) => `  ${title(phase)}: its bytes take longer than the second in which they are to pass.`),
          `  ${rates.words}`,
          '',
        ]
      : []),
    ...capacityLines(placement, planTotals(placement)),
  ].join('\n');
}

export function planPriceJson(
  file: string,
  { phases, batch, rates, draws, open, lineBytes }: PlanPrice,
  placement: Placement,
): unknown {
  return {
    schema: PLAN_PRICE_SCHEMA,
    file,
    rates: { source: rates.source, sentence: rates.words, emulated: rates.emulated },
    lineBytes,
    draws,
    phases: phases.map(({ phase, per, asynchronous, bytes, planned, unpinned, leastCrossing }) => ({
      phase,
      per,
      asynchronous,
      bytes,
      planned: { crossingBytes: planned.crossing, seconds: planned.seconds },
      unpinned: { crossingBytes: unpinned.crossing, seconds: unpinned.seconds },
      leastCrossingBytes: leastCrossing,
    })),
    batch: {
      bytes: batch.bytes,
      crossingBytes: batch.crossing,
      unpinnedCrossingBytes: batch.unpinned,
      leastCrossingBytes: batch.leastCrossing,
    },
    withoutPlace: open,
    totals: planTotals(placement),
  };
}
