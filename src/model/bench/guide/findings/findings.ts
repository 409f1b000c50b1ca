/**
 * What a guided run found, a sentence a comparison, each with the figures behind it. No sentence claims more than its interval
 * carries. A new finding is a file here and a row in the table.
 */

import { findingLines } from '../../../run/finding.ts';
import type { Finding } from '../../../run/finding.ts';
import type { Result, Run } from '../../../run/run.ts';
import type { Topology } from '../../../topology/topology.ts';
import { measuredPairs } from '../compare.ts';
import { referenceOf } from '../pair-kinds.ts';
import { answer } from './answer.ts';
import { channels } from './channels.ts';
import { latency, throughput } from './distance.ts';
import { host } from './host.ts';
import type { FindingMaker, Guided, Statement } from './maker.ts';
import { memory } from './memory.ts';
import { padding } from './padding.ts';
import { pinning } from './pinning.ts';
import { haveRounds, rounds } from './rounds.ts';

/** In the order in which a person reads them. */
export const FINDING_MAKERS: readonly FindingMaker[] = [
  rounds,
  throughput,
  latency,
  memory,
  padding,
  pinning,
  channels,
  host,
];

/** What holds for the intervals of all sentences. */
export const TOGETHER_WORDS =
  'Intervals in these sentences hold for all of them together at 95 %; each compares medians over interleaved rounds.';

function guided(topology: Topology, results: readonly Result[]): Guided {
  const pairs = measuredPairs(topology, results);
  const reference = referenceOf(
    topology,
    pairs.map(({ crossing }) => crossing),
  );
  return { topology, results, pairs, near: pairs.find(({ crossing }) => crossing === reference) ?? null };
}

/** In the order of the table, near before far. */
export function guideFindings(
  topology: Topology,
  results: readonly Result[],
  makers: readonly FindingMaker[] = FINDING_MAKERS,
): Finding[] {
  const run = guided(topology, results);
  const asked = makers.map((maker) => ({ maker, own: maker.questions?.(run) ?? [] }));
  const questions = asked.flatMap(({ own }) => own);
  const file = ({ topic, heading }: FindingMaker, statement: Statement): Finding => ({ topic, heading, ...statement });
  const answered = asked.map(({ maker, own }) =>
    haveRounds(questions) ? own.map((question) => file(maker, answer(question, questions.length))) : [],
  );
  const answers = answered.flat();
  return makers.flatMap((maker, at) => [
    ...(answered[at] ?? []),
    ...(maker.conclude?.(run, { questions, answers }) ?? []).map((statement) => file(maker, statement)),
  ]);
}

/** For the terminal. */
export function guideLines({ topology, results, guide }: Pick<Run, 'topology' | 'results' | 'guide'>): string[] {
  const findings = guideFindings(topology, results);
  return [
    ...findingLines(findings),
    ...(findings.some(({ evidence }) => evidence.length > 0) ? [TOGETHER_WORDS] : []),
    ...(guide && guide.leftOut.length > 0 ? [`Left out to stay within the time: ${guide.leftOut.join(' · ')}`] : []),
  ];
}
