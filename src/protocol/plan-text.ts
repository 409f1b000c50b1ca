/** A plan as text: YAML read with the line of whatever is wrong in it. The same for the command line, the board and the editor. */

import * as v from 'valibot';
import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Document, Node, Pair } from 'yaml';
import { PinboardError } from '../model/problem.ts';
import { wrongReferences } from '../model/plan/references.ts';
import { MAX_PLAN_BYTES, PLAN_SCHEMA } from '../model/plan/plan.ts';
import type { Plan, PlanPath } from '../model/plan/plan.ts';
import { clean } from '../model/text/clean.ts';
import { plural } from '../model/text/format.ts';
import { planSchema } from './plan.ts';
import { issueWords, keyWords, yamlWords } from './plan-words.ts';

/** More of them help nobody. */
const MOST_ISSUES = 20;
const MAX_WORDS = 300;

/** From 1, as editors count. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface PlanIssue extends Position {
  /** What is wrong and what to write instead. */
  readonly message: string;
}

export interface PlanText {
  readonly plan: Plan;
  /** Where something of the plan stands; what the file leaves out stands where it would be. */
  readonly at: (path: PlanPath) => Position;
}

export type ReadPlan = PlanText | { readonly issues: readonly [PlanIssue, ...PlanIssue[]] };

const pathOf = ({ path }: v.BaseIssue<unknown>): (string | number)[] =>
  (path ?? []).map(({ key }) => key as string | number);

/** The innermost node on the way to `path`; of a key that is there and of no use, the key. */
function nodeAt(document: Document.Parsed, path: PlanPath, key: boolean): Node | null {
  let at: Node | null = document.contents;
  for (const [depth, part] of path.entries()) {
    if (isMap(at)) {
      const pair: Pair | undefined = at.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === String(part),
      );
      if (!pair) return at;
      const [named, value] = [pair.key as Node, isNode(pair.value) ? pair.value : null];
      if (key && depth === path.length - 1) return named;
      at = value ?? named;
      continue;
    }
    const item: unknown =
      at && 'get' in at ? (at as { get(key: unknown, keep: true): unknown }).get(part, true) : undefined;
    if (!isNode(item)) return at;
    at = item;
  }
  return at;
}

/** @returns the plan, or all that keeps the text from being one, in the order of its lines. */
export function readPlan(text: string): ReadPlan {
  const counter = new LineCounter();
  const place = (offset: number): Position => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const refuse = (issues: readonly PlanIssue[]): ReadPlan => {
    const inOrder = issues.toSorted((a, b) => a.line - b.line || a.column - b.column).slice(0, MOST_ISSUES);
    const [first = { line: 1, column: 1, message: 'this is no plan' }, ...rest] = inOrder;
    return { issues: [first, ...rest] };
  };
  const issue = ({ line, column }: Position, message: string): PlanIssue => ({
    line,
    column,
    message: clean(message, MAX_WORDS),
  });

  if (text.length > MAX_PLAN_BYTES)
    return refuse([issue({ line: 1, column: 1 }, 'it is larger than a plan can be (1 MB)')]);
  // Written back it would not be what it was.
  const garbled = text.indexOf('\uFFFD');
  if (garbled !== -1) {
    const before = text.slice(0, garbled).split('\n');
    const [line, column] = [before.length, (before.at(-1) ?? '').length + 1];
    return refuse([issue({ line, column }, 'what stands here is not UTF-8: save the file as UTF-8')]);
  }
  // What its library would warn of goes past whoever reads standard error.
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, strict: true, logLevel: 'error' });
  if (document.errors.length > 0) {
    return refuse(document.errors.map((error) => issue(place(error.pos[0]), yamlWords(error))));
  }
  const at = (path: PlanPath, key = false): Position => place(nodeAt(document, path, key)?.range?.[0] ?? 0);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return refuse([issue({ line: 1, column: 1 }, yamlWords(error))]);
  }
  if (value === null || value === undefined) {
    return refuse([
      issue({ line: 1, column: 1 }, `there is nothing in it; a plan begins with "schema: ${PLAN_SCHEMA}"`),
    ]);
  }
  if (Array.isArray(value)) {
    return refuse([issue({ line: 1, column: 1 }, `this is a list; a plan begins with "schema: ${PLAN_SCHEMA}"`)]);
  }
  const read = v.safeParse(planSchema, value);
  if (!read.success) {
    // Of a value the first thing that is wrong: what is no number is not too large, too.
    const byPath = new Map(read.issues.toReversed().map((one) => [JSON.stringify(pathOf(one)), one]));
    return refuse(
      [...byPath.values()].map((one) => {
        const path = pathOf(one);
        const { message, key } = issueWords(one, path);
        return issue(at(path, key), message);
      }),
    );
  }
  const wrong = wrongReferences(read.output);
  if (wrong.length > 0)
    return refuse(wrong.map(({ path, message }) => issue(at(path), `${keyWords(path)}: ${message}`)));
  return { plan: read.output, at };
}

const PLAN_HINT = '`numa-pinboard plan --help` shows a small plan.';

/** @param path of the file, for words. @throws PinboardError `bad-file` with every line that is wrong. */
export function readPlanOf(path: string, text: string): PlanText {
  const read = readPlan(text);
  if ('plan' in read) return read;
  const [first, ...rest] = read.issues.map(({ line, column, message }) => `${path}:${line}:${column}: ${message}`);
  const more = rest.length === 0 ? '' : `, and ${plural(rest.length, 'more problem')}:\n${rest.join('\n')}`;
  throw new PinboardError('bad-file', `${first ?? path}${more}`, PLAN_HINT);
}
