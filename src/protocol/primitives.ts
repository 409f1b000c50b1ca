/** Building blocks of every schema, with the bounds that hold for all that comes from outside. */

import * as v from 'valibot';
import { MAX_ID, parseCpuList } from '../model/text/cpulist.ts';
import { clean } from '../model/text/clean.ts';

/** Longest list and longest text a message may hold: above any real machine, below what could exhaust memory. */
const MAX_LIST = 100_000;
const MAX_TEXT = 100_000;

/** Longest quotation out of a message or file. */
const MAX_WORDS = 200;

export const text = v.pipe(v.string(), v.maxLength(MAX_TEXT));
export const finite = v.pipe(v.number(), v.finite());
export const count = v.pipe(finite, v.minValue(0));
export const bytes = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** Package ids may be −1 where a host does not say. */
export const id = v.pipe(v.number(), v.safeInteger(), v.minValue(-1));
export const cpu = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(MAX_ID));

export const cpuList = v.pipe(
  text,
  v.check((value) => {
    try {
      parseCpuList(value);
      return true;
    } catch {
      return false;
    }
  }, 'not a CPU list such as 0-3,8'),
);

export const list = <S extends v.GenericSchema>(item: S) => v.pipe(v.array(item), v.maxLength(MAX_LIST));
export const record = <S extends v.GenericSchema>(value: S) => v.record(v.string(), value);
export const nullable = <S extends v.GenericSchema>(value: S) => v.nullable(value);

const unavailableSchema = v.object({ unavailable: text });
/** A value, or the reason why it could not be had. */
export const reading = <S extends v.GenericSchema>(value: S) => v.union([value, unavailableSchema]);

/** First thing wrong with a value, as words with the path to it: `results.0.median: Expected number`. */
export function firstIssue(issues: readonly v.BaseIssue<unknown>[]): string {
  const issue = issues[0];
  if (!issue) return 'unknown';
  // Both may quote the value at length.
  const path = v.getDotPath(issue);
  const words = clean(issue.message, MAX_WORDS);
  return path === null ? words : `${clean(path, MAX_WORDS)}: ${words}`;
}
