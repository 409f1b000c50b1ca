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

/** As `v.record`, which leaves out what every object has by itself: "constructor" is a name like any other. */
export function named<O>(
  name: v.GenericSchema<string, string>,
  value: v.GenericSchema<unknown, O>,
): v.GenericSchema<Record<string, unknown>, Record<string, O>> {
  const record = v.record(name, value);
  return {
    ...(record as unknown as v.GenericSchema<Record<string, unknown>, Record<string, O>>),
    '~run'(dataset, config) {
      const input = dataset.value;
      if (typeof input !== 'object' || input === null || Array.isArray(input)) return record['~run'](dataset, config);
      const entries: [string, O][] = [];
      const issues: v.BaseIssue<unknown>[] = [];
      for (const [key, one] of Object.entries(input as Record<string, unknown>)) {
        for (const [origin, read] of [
          ['key', v.safeParse(name, key)],
          ['value', v.safeParse(value, one)],
        ] as const) {
          if (read.success && origin === 'value') entries.push([key, read.output]);
          const item = { type: 'object', origin, input: input as Record<string, unknown>, key, value: one } as const;
          for (const issue of read.issues ?? []) issues.push({ ...issue, path: [item, ...(issue.path ?? [])] });
        }
      }
      const output = Object.fromEntries(entries);
      const [first, ...rest] = issues;
      return first ? { typed: false, value: output, issues: [first, ...rest] } : { typed: true, value: output };
    },
  };
}
