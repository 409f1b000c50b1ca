/** What a guided run found, for the terminal. */

import type { Snapshot } from '../../run/run.ts';
import { guideFindings } from './findings.ts';
import type { Finding } from './findings.ts';

export const TOPIC_WORDS: Readonly<Record<Finding['topic'], string>> = {
  throughput: 'Throughput',
  latency: 'Latency',
  memory: 'Where the memory should lie',
  padding: 'Padding',
  pinning: 'Pinning',
  channels: 'A channel for each socket',
  rounds: 'Too few rounds',
  host: 'Not on this host',
};

const MARKS: Readonly<Record<Finding['kind'], string>> = {
  shown: '✓',
  'no-difference': '=',
  noisy: '!',
  'cannot-be-answered': '-',
};

/** What holds for the intervals of all sentences. */
export const TOGETHER_WORDS =
  'Intervals in these sentences hold for all of them at once with 95 %; each compares medians over rounds measured in turn.';

export function guideLines({ topology, results, guide }: Pick<Snapshot, 'topology' | 'results' | 'guide'>): string[] {
  const findings = guideFindings(topology, results);
  const lines: string[] = [];
  for (const [at, { topic, kind, sentence, advice }] of findings.entries()) {
    if (findings[at - 1]?.topic !== topic) lines.push(TOPIC_WORDS[topic]);
    lines.push(`  ${MARKS[kind]} ${sentence}`);
    if (advice !== null) lines.push(`    ${advice}`);
  }
  if (findings.some(({ evidence }) => evidence.length > 0)) lines.push(TOGETHER_WORDS);
  if (guide && guide.leftOut.length > 0) lines.push(`Left out to keep the time: ${guide.leftOut.join(' · ')}`);
  return lines;
}
