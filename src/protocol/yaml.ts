/** Text of other programs, YAML or JSON, which is YAML too. */

import { parse } from 'yaml';
import { clean } from '../model/text/clean.ts';
import { messageOf, PinboardError } from '../model/problem.ts';

/** More than anybody writes: each could hold all of the text once more. */
const MOST_ALIASES = 100;
const MAX_WORDS = 300;

/** @param path of the file, for words. @throws PinboardError `bad-file`, naming it, for what is no YAML or what `as` refuses. */
export function readYaml<T>(path: string, text: string, as: (value: unknown) => T): T {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: MOST_ALIASES, logLevel: 'silent' });
  } catch (error) {
    throw new PinboardError('bad-file', `${path} is no YAML: ${clean(messageOf(error), MAX_WORDS)}`);
  }
  try {
    return as(value);
  } catch (error) {
    if (!(error instanceof PinboardError)) throw error;
    throw new PinboardError(error.code, `${path}: ${error.message}`, error.hint);
  }
}
