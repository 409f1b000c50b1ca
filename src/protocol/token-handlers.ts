/** What a page's requests do to the tokens of a board, whether it measures or only shows. */

import type { Tokens } from '../model/board/tokens.ts';
import type { Handlers } from './responder.ts';

export const tokenHandlers = (tokens: Tokens): Pick<Handlers, 'place' | 'undo' | 'choose' | 'configure'> => ({
  place: ({ slot, on }) => tokens.place(slot, on),
  undo: () => tokens.undo(),
  choose: ({ kind }) => {
    tokens.choose(kind);
    return {};
  },
  configure: (workload) => {
    tokens.configure(workload);
    return {};
  },
});
