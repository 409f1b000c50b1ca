/** Owns the marks of a host that lives: as many as a board holds. */

import type { Mark } from './recording.ts';

/** The oldest go. */
const MOST_MARKS = 200;

/** With one more; where it is there already, with its end if that is known by now. */
export function marked(marks: readonly Mark[], mark: Mark): readonly Mark[] {
  const others = marks.filter(({ time, words }) => time !== mark.time || words !== mark.words);
  return [...others, mark].slice(-MOST_MARKS);
}
