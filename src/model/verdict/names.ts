/** What results are called where there is little room: a list, a sentence, a strip. */

import { benchOf } from '../bench/index.ts';
import type { Result } from '../run/run.ts';

export function resultName({ placement }: Result): string {
  return benchOf(placement).shortLabel(placement);
}

/** Several of one run, told apart by what they differ in where their benchmark can say it. */
export function resultNames(results: readonly Result[]): string[] {
  const cases = results.map(({ placement }) => placement);
  const [first] = cases;
  const alike = first !== undefined && cases.every(({ kind }) => kind === first.kind);
  return (alike ? benchOf(first).labels?.(cases) : undefined) ?? results.map(resultName);
}

/** One a case: of several figures of each repetition the one that stands for it, with which all else that was seen is told. */
export function caseResults(results: readonly Result[]): Result[] {
  return results.filter(({ placement, benchmark }) => {
    const { main = benchmark } = benchOf(placement);
    return main === benchmark;
  });
}
