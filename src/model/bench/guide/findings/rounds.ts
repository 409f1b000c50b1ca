/** One sentence in place of all answers, where none of the questions has rounds enough. */

import { figuresOf } from '../../../run/run.ts';
import { plural } from '../../../text/format.ts';
import { roundsNeeded } from '../../../run/jointly.ts';
import type { FindingMaker, Question } from './maker.ts';

/** Of the two sides of a question, those of the shorter. */
export const roundsOf = ({ of, against }: Question): number =>
  Math.min(figuresOf(of.result).length, figuresOf(against.result).length);

/** The most rounds that a question has. */
const most = (questions: readonly Question[]): number => Math.max(0, ...questions.map(roundsOf));

export const haveRounds = (questions: readonly Question[]): boolean =>
  most(questions) >= roundsNeeded(questions.length);

export const rounds: FindingMaker = {
  topic: 'rounds',
  heading: 'Too few rounds',
  conclude: (_, { questions }) => {
    if (questions.length === 0 || haveRounds(questions)) return [];
    const needed = roundsNeeded(questions.length);
    const sentence = `${plural(most(questions), 'round')} support no conclusion: ${plural(questions.length, 'comparison')} need ${needed}. The figures are shown without one.`;
    const advice = 'Allow more time, with --budget on the command line, or wait until the host is less busy.';
    return [{ id: 'rounds', kind: 'cannot-be-answered', sentence, advice, evidence: [] }];
  },
};
