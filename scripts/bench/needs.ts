// Owns how the commands that measure fail: with what is missing and the line to type, or with the words that a problem has.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PinboardError, PROBLEM_EXIT, problemWords } from '../../src/model/problem.ts';
import { codeOf } from '../setup/problems.mjs';
import { installCommand, missingOf } from '../setup/programs.mjs';
import type { Need } from '../setup/types.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Files of a build: the command line with all that it serves, and the agent. */
export const COMMAND_LINE = 'dist/cli.js';
export const AGENT = 'dist/agent/manifest.json';

/** Why nothing can be measured, with what to type; null where all is there. @param built below the repository's root. */
export function whyNotHere(needs: readonly Need[], built: readonly string[]): string | null {
  const missing = missingOf(needs);
  const unbuilt = built.filter((path) => !existsSync(`${root}${path}`));
  const parts = [
    ...(missing.length === 0 ? [] : [`Not installed: ${missing.join(', ')}. To install: ${installCommand(missing)}`]),
    ...(unbuilt.length === 0 ? [] : [`Not built: ${unbuilt.join(', ')}. To build: npm run build`]),
  ];
  return parts.length === 0 ? null : parts.join('\n');
}

/** Ends the program where something is missing. From then on a problem ends it with its own words, and no trace. */
export function need(needs: readonly Need[], built: readonly string[] = []): void {
  process.on('uncaughtException', (error) => {
    const wrong = codeOf(error).startsWith('ERR_PARSE_ARGS');
    const known = error instanceof PinboardError;
    console.error(known ? problemWords(error) : wrong ? error.message : error);
    process.exit(known ? PROBLEM_EXIT[error.code] : wrong ? 2 : 1);
  });
  const why = whyNotHere(needs, built);
  if (why === null) return;
  console.error(why);
  process.exit(PROBLEM_EXIT.unsupported);
}
