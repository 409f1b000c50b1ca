/** What the benchmarks make of what was measured. A row here for each that has words of its own. */

import type { Case, CaseKind } from '../../cases/case.ts';
import type { Result } from '../../run/run.ts';
import type { Answers } from '../bench.ts';
import { classLines } from '../matrix/lines.ts';
import { matrixSentence } from '../matrix/result.ts';
import { threadWords } from '../memory/threads.ts';
import { memoryTogether } from '../memory/together.ts';
import { poolSentence } from '../pool/answer.ts';
import { poolLines } from '../pool/lines.ts';
import { poolWordsOf } from '../pool/seen.ts';
import { programLines, programTogether } from '../program/together.ts';
import { decide } from '../separation/decision.ts';
import { separationLines } from '../separation/lines.ts';
import { answer } from '../spsc/answer.ts';

const A_REQUEST = 'a request, to its result';

const ANSWERS: { readonly [K in CaseKind]?: Answers<Extract<Case, { kind: K }>> } = {
  spsc: { answer },
  memory: { together: memoryTogether, observed: threadWords },
  matrix: {
    sentence: (result) => (result.classes ? matrixSentence(result) : null),
    figureLines: (result) => (result.classes ? classLines(result) : null),
  },
  pool: {
    observed: poolWordsOf,
    together: (topology, results) => {
      const [sentence, lines] = [poolSentence(topology, results), poolLines(topology, results)];
      return sentence === null ? null : { sentence, lines };
    },
    times: ({ load }) => (load === 'dispatch' ? A_REQUEST : 'a job'),
  },
  separation: {
    times: () => A_REQUEST,
    together: (_, results, thresholds) => {
      const lines = separationLines(results, thresholds);
      return lines && { sentence: decide(results, thresholds).sentence, lines };
    },
  },
  program: { together: (_, results) => programTogether(results), moreLines: programLines },
};

/** Of the benchmark that a case is of. */
export const answersOf = ({ kind }: Case): Answers => ANSWERS[kind] ?? {};

/** What was seen beside its figure, a line each; figures of an emulated host say so wherever the line is quoted. */
export const observedOf = (result: Result): string[] =>
  (answersOf(result.placement).observed?.(result) ?? []).map((words) => words + (result.emulated ? ' (emulated)' : ''));
