// What the modules that install and run tests hand to each other.

import type { programs } from './programs.mjs';

/** A key of programs.mjs. */
export type Need = keyof typeof programs;

export interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly needs?: readonly Need[];
}

/** Either steps or a folder of test files. */
export interface Suite {
  readonly name: string;
  readonly steps?: readonly Step[];
  readonly folder?: string;
  /** Names of files that wait more than they compute: they run in a process of their own beside the others. */
  readonly waiting?: readonly string[];
  /** Of an idle machine's time (patience.mjs), for all of it; of a suite of steps, for each. */
  readonly timeoutMs: number;
  readonly needs?: readonly Need[];
  /** It looks at pages in a browser. */
  readonly browses?: boolean;
  /** It runs in VS Code. */
  readonly workbench?: boolean;
  /** Runs when it is named, not with the others. */
  readonly onlyNamed?: boolean;
}

export interface Count {
  passed: number;
  failed: number;
  skipped: number;
  /** A line for each that failed. */
  failures: string[];
  /** Seconds that each file took. */
  files?: ReadonlyMap<string, number>;
}

/** What the counting reporter says of one test. */
export interface Outcome {
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'empty' | 'end';
  readonly name: string;
  readonly file?: string;
  /** Since its file began. */
  readonly ms?: number;
}
