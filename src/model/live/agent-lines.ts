/** The agent's lines → readings. Each line tells what changed since the one before; here is kept what is told only once. */

import { clean } from '../text/clean.ts';
import type { Reading } from './reading.ts';
import type { GroupSample } from './group.ts';
import type { ProcessSample } from './sample.ts';
import { Shares } from './shares.ts';
import type { SharesLine } from './shares.ts';
import { changedTable } from './tables.ts';
import type { NoTable, Table } from './tables.ts';

/** A line of type `sample`. */
export interface SampleLine {
  readonly line: number;
  readonly monotonicMs: number;
  readonly cpus?: SharesLine;
  /**
   * Of files that changed the whole text, or the lines that did by their number; of one that is there and cannot be read why, as
   * `unavailable`; null: it went away.
   */
  readonly files?: Readonly<Record<string, string | Readonly<Record<string, string>> | null>>;
  /** By reader: what changed, or why there is nothing. */
  readonly tables?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  /** All that is followed, where it was looked at. */
  readonly processes?: readonly ProcessSample[];
  readonly groups?: readonly GroupSample[];
}

/** Bounds of what is kept, above what any host's measures need. */
const MAX_FILES = 16_384;
const MAX_CHARACTERS = 64 * 1024 * 1024;
const MAX_TABLES = 64;

/** Undefined where they are no lines of it. */
function withLines(text: string | undefined, changed: Readonly<Record<string, string>>): string | undefined {
  const lines = text?.split('\n') ?? [];
  for (const [number, line] of Object.entries(changed)) {
    if (lines[Number(number)] === undefined || line.includes('\n')) return undefined;
    lines[Number(number)] = line;
  }
  return text === undefined ? undefined : lines.join('\n');
}

/** What is not the next line is none of this host's state. */
export class AgentLines {
  #next = 0;
  #lastMs = -Infinity;
  readonly #shares = new Shares();
  #files: ReadonlyMap<string, string> = new Map();
  #refused: ReadonlyMap<string, string> = new Map();
  #characters = 0;
  readonly #known = new Map<string, Table>();
  #tables: ReadonlyMap<string, Table | NoTable> = new Map();
  #processes: readonly ProcessSample[] = [];
  #groups: readonly GroupSample[] | undefined;

  /** @returns words for people where the line does not follow from those before; then all later ones do not either. */
  take(line: SampleLine): Reading | string {
    const { line: number, monotonicMs, cpus = {}, files, tables = {}, processes, groups } = line;
    if (number !== this.#next) return this.#lost(`line ${number} where ${this.#next} was due`);
    if (monotonicMs < this.#lastMs) return this.#lost('a time before that of the line before');
    this.#next++;
    this.#lastMs = monotonicMs;
    if (!this.#shares.take(cpus)) return this.#lost('shares of CPUs that cannot be read');
    if (files && !this.#takeFiles(files)) return this.#lost('texts of files that do not follow from those before');
    if (!this.#takeTables(tables)) return this.#lost('figures that do not follow from those before');
    this.#processes = processes ?? this.#processes;
    this.#groups = groups ?? this.#groups;
    return {
      monotonicMs,
      cpus: this.#shares.cpus,
      files: this.#files,
      refused: this.#refused,
      tables: this.#tables,
      processes: this.#processes,
      groups: this.#groups,
      fresh: { files: files !== undefined, tables: new Set(Object.keys(tables)) },
    };
  }

  #lost(what: string): string {
    this.#next = NaN;
    return `The agent's samples cannot be read on: it sent ${what}.`;
  }

  #takeFiles(changes: NonNullable<SampleLine['files']>): boolean {
    const [files, refused] = [new Map(this.#files), new Map(this.#refused)];
    for (const [path, told] of Object.entries(changes)) {
      const before = files.get(path);
      const why = typeof told === 'object' ? told?.['unavailable'] : undefined;
      if (why === undefined) refused.delete(path);
      else refused.set(path, clean(why, 100));
      const change = why === undefined ? told : null;
      const text = typeof change === 'object' && change !== null ? withLines(before, change) : change;
      if (text === undefined) return false;
      this.#characters += (text?.length ?? 0) - (before?.length ?? 0);
      if (text === null) files.delete(path);
      else files.set(path, text);
    }
    this.#files = files;
    this.#refused = refused;
    return files.size + refused.size <= MAX_FILES && this.#characters <= MAX_CHARACTERS;
  }

  #takeTables(changes: NonNullable<SampleLine['tables']>): boolean {
    const now = new Map(this.#tables);
    for (const [name, change] of Object.entries(changes)) {
      if (typeof change === 'string') {
        now.set(name, { unavailable: clean(change, 300) });
        continue;
      }
      const table = changedTable(this.#known.get(name) ?? new Map<string, never>(), change);
      if (!table) return false;
      this.#known.set(name, table);
      now.set(name, table);
    }
    this.#tables = now;
    return now.size <= MAX_TABLES;
  }
}
