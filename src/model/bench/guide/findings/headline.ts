/** The answer of a guided run in one sentence, and the two results that carry it: the farthest pair against the nearest. */

import { formatBound } from '../../../text/format.ts';
import { crossingWords } from '../../spsc/plan.ts';
import type { FindingKind } from '../../../run/finding.ts';
import type { Comparison, Result, Verdict } from '../../../run/run.ts';
import type { Topology } from '../../../topology/topology.ts';
import { capital, found } from '../../../text/format.ts';
import { guideFindings } from './findings.ts';
import { GUIDE_QUESTION } from '../plan.ts';

export interface Headline {
  readonly comparison: Comparison | null;
  readonly verdict: Verdict;
}

function toneOf(kind: FindingKind, change: number): Verdict['tone'] {
  if (kind === 'no-difference') return 'even';
  if (kind !== 'shown') return 'neutral';
  return change < 0 ? 'loss' : 'gain';
}

export function guideHeadline(topology: Topology, results: readonly Result[]): Headline {
  const findings = guideFindings(topology, results);
  const answer = (tone: Verdict['tone'], sentence: string): Verdict => {
    const where = results.some((result) => result.emulated) ? ', on an emulated host' : '';
    return { question: GUIDE_QUESTION, tone, sentence: `${sentence}${where}.` };
  };
  if (findings.some(({ id }) => id === 'one-node')) {
    return {
      comparison: null,
      verdict: answer('neutral', 'This cannot be answered here: there is no second socket to cross to'),
    };
  }
  const across = findings.findLast(({ topic }) => topic === 'throughput');
  const [evidence = null] = across?.evidence ?? [];
  if (!across || !evidence) {
    return {
      comparison: null,
      verdict: answer('neutral', 'No answer: the measurement was too short'),
    };
  }
  const far = results[evidence.of]?.placement;
  const name = far?.kind === 'spsc' ? crossingWords(topology, far) : '';
  const between = `the change lies between ${evidence.interval.map(formatBound).join(' and ')}`;
  const sentence =
    across.kind === 'shown'
      ? `${capital(name)} a queue ${found(evidence.change, false)}`
      : across.kind === 'noisy' && evidence.shown
        ? `Too noisy for a verdict: ${between}`
        : `No difference could be shown: ${between}`;
  return { comparison: evidence, verdict: answer(toneOf(across.kind, evidence.change), sentence) };
}
