/** What is wrong in a plan, in words that say what to write instead. */

import type * as v from 'valibot';
import type { PlanPath } from '../model/plan/plan.ts';
import { planSchema } from './plan.ts';

/** Of a mistyped key to the one that was meant: changed, missing or surplus letters. */
const NEAR = 2;

/** By how many single letters two words differ. */
function lettersApart(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

export const keyWords = (path: PlanPath): string =>
  path.map((part, at) => (typeof part === 'number' ? `[${part}]` : at === 0 ? part : `.${part}`)).join('');

/** Keys that the schema has where `issue` is. */
function keysBeside(path: PlanPath): string[] {
  let at: unknown = planSchema;
  for (const part of path.slice(0, -1)) at = inside(at, part);
  return Object.keys(entriesOf(at) ?? {});
}

interface AnySchema {
  readonly type?: string;
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly wrapped?: unknown;
  readonly item?: unknown;
  readonly options?: readonly unknown[];
}

/** The schema itself, out of `optional` and `nullable`. */
function bare(schema: unknown): AnySchema {
  let at = schema as AnySchema;
  while (at.wrapped !== undefined) at = at.wrapped as AnySchema;
  return at;
}
const entriesOf = (schema: unknown): AnySchema['entries'] => {
  const at = bare(schema);
  return at.entries ?? at.options?.map((option) => bare(option).entries).find((entries) => entries !== undefined);
};
const inside = (schema: unknown, part: string | number): unknown =>
  (typeof part === 'number' ? bare(schema).item : entriesOf(schema)?.[part]) ?? {};

function unknownKey(path: PlanPath): string {
  const wrong = String(path.at(-1));
  const keys = keysBeside(path);
  const [near] = keys
    .map((key) => ({ key, apart: lettersApart(wrong.toLowerCase(), key.toLowerCase()) }))
    .filter(({ apart }) => apart <= NEAR && apart < wrong.length)
    .toSorted((a, b) => a.apart - b.apart);
  const meant = near === undefined ? `the keys here are ${keys.join(', ')}` : `did you mean "${near.key}"?`;
  return `unknown key "${wrong}"; ${meant}`;
}

/** Of texts that are no YAML, in words of plans where its library speaks of itself. */
export function yamlWords(error: unknown): string {
  const { code, message } = error as { readonly code?: string; readonly message: string };
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here ("---"): a file holds one plan';
  if (error instanceof RangeError || /call stack/i.test(message)) return 'this is nested deeper than any plan';
  if (/resource exhaustion/i.test(message))
    return 'its aliases (*NAME) stand for more than a plan can hold: write out what they stand for';
  return `this is no YAML: ${message}`;
}

/** @returns `key`: it is the key that is wrong, not what it stands for. */
export function issueWords(issue: v.BaseIssue<unknown>, path: PlanPath): { message: string; key: boolean } {
  if (issue.type === 'strict_object' && issue.expected === 'never') return { message: unknownKey(path), key: true };
  if (issue.type === 'strict_object' && issue.input === undefined)
    return { message: `${keyWords(path)} is missing`, key: false };
  if (issue.type === 'strict_object')
    return { message: `${keyWords(path) || 'a plan'}: give keys with values`, key: false };
  return { message: path.length === 0 ? issue.message : `${keyWords(path)}: ${issue.message}`, key: false };
}
