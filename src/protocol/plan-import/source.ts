/** A file to import a plan from: its text, and what it is as far as its form tells, whatever it is called. */

import { parseAllDocuments } from 'yaml';
import { rootElementOf } from '../../model/formats/xml.ts';
import type { PlanMachine } from '../../model/plan/machine.ts';
import { badFile } from '../../model/plan/import/imported.ts';
import type { Imported } from '../../model/plan/import/imported.ts';
import { messageOf, PinboardError } from '../../model/problem.ts';
import { clean } from '../../model/text/clean.ts';

/** Pods of a large node take 1 MB, the capabilities of a large host 3 MB. */
export const MAX_IMPORT_BYTES = 32 * 2 ** 20;

/** More than anybody writes: each could hold all of the text once more. */
const MOST_ALIASES = 100;
const MAX_WORDS = 300;
/** Its reader takes fifty times the memory of the text. */
const MAX_YAML = 4 * 2 ** 20;

export interface SourceFile {
  /** As it was named. */
  readonly path: string;
  readonly text: string;
  /** Name of the outermost element where it is XML, else null. */
  readonly root: string | null;
  /** What JSON and YAML hold, items of a list one by one; empty for other text. */
  readonly documents: readonly unknown[];
}

export interface PlanImporter {
  readonly title: string;
  /** What writes such files, or where they are. */
  readonly from: string;
  readonly recognises: (file: SourceFile) => boolean;
  /** All files that it recognised. @throws PinboardError `bad-file`. */
  readonly read: (files: readonly SourceFile[], machine: PlanMachine | null) => Imported;
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `kubectl get … -o json` has a list around what it lists; so has `docker inspect`. */
function itemsOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  const kind = isObject(value) ? value['kind'] : null;
  const items = isObject(value) ? value['items'] : null;
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items) ? (items as unknown[]) : [value];
}

function readJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const at = Number(/position (\d+)/.exec(messageOf(error))?.[1] ?? Number.NaN);
    const line = Number.isNaN(at) ? null : text.slice(0, at).split('\n').length;
    throw badFile(path, line, `this is no JSON: ${clean(messageOf(error), MAX_WORDS)}.`, 'Write the file again.');
  }
}

function readYamlDocuments(path: string, text: string): unknown[] {
  if (text.length > MAX_YAML)
    throw badFile(path, null, `it is larger than YAML is read (${MAX_YAML >> 20} MB).`, 'Write it as JSON: -o json.');
  const no = (line: number | null, words: string): PinboardError =>
    badFile(path, line, `this is no YAML: ${clean(words, MAX_WORDS)}`);
  try {
    return [...parseAllDocuments(text, { logLevel: 'silent' })].map((document) => {
      const [wrong] = document.errors;
      if (wrong) throw no(wrong.linePos?.[0].line ?? null, wrong.message.split('\n')[0] ?? '');
      return document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown;
    });
  } catch (error) {
    // Nested too deep, or aliases that grow.
    throw error instanceof PinboardError ? error : no(null, messageOf(error));
  }
}

/** @throws PinboardError `bad-file` for what begins as JSON or YAML and is none. */
export function readSource(path: string, written: string): SourceFile {
  const text = written.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  const root = rootElementOf(text.slice(0, 65_536));
  const start = text.trimStart();
  if (root !== null) return { path, text, root, documents: [] };
  // "[Unit]" begins like a list.
  if (start.startsWith('{') || /^\[\s*[[{"\]]/.test(start))
    return { path, text, root, documents: itemsOf(readJson(path, text)) };
  const isYaml = /^apiVersion:\s/m.test(text.slice(0, 65_536));
  return { path, text, root, documents: isYaml ? readYamlDocuments(path, text).flatMap(itemsOf) : [] };
}

/** `read`, with the path before what it says is wrong. */
export function inFile<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof PinboardError) || error.message.startsWith(path)) throw error;
    throw new PinboardError(error.code, `${path}: ${error.message}`, error.hint, { cause: error });
  }
}
