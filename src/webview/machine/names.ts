/** How tokens are called on the board. */

import { isThread, threadWords } from '../../model/bench/program/threads.ts';
import { capital } from '../../model/text/format.ts';
import type { Role, Token } from '../../model/cases/spsc.ts';

const NAMES: Readonly<Record<Role, string>> = { producer: 'Producer', consumer: 'Consumer', memory: 'Memory' };

export const tokenName = (token: Token): string => (isThread(token) ? capital(threadWords(token)) : NAMES[token]);
/** In the middle of a sentence, behind "the". */
export const spoken = (token: Token): string => (isThread(token) ? threadWords(token) : token);
