// A program that reads a recording as an account without rights, and says what came of it and what memory it took. Argument: the recording.
import { openRecorded } from '../../src/remote/recorded/importers/index.ts';

/** What it prints, as JSON. */
export interface Told {
  readonly words: string;
  readonly warnings: readonly string[];
  /** Of a recording. */
  readonly cutOff?: string | null | undefined;
  readonly peak: number;
}

let words = 'read';
let warnings: readonly string[] = [];
let cutOff: string | null | undefined = null;
// Root may read everything: the tests of rights need an account that may not.
if (process.getuid?.() === 0) {
  process.setgroups?.([]);
  process.setgid?.(65_534);
  process.setuid?.(65_534);
}
try {
  const host = await openRecorded(process.argv.at(-1) ?? '');
  warnings = (await host.discover()).topology.warnings;
  cutOff = host.recording?.cutOff;
} catch (error) {
  words = error instanceof Error ? error.message : String(error);
}
const told: Told = { words, warnings, cutOff, peak: process.resourceUsage().maxRSS * 1024 };
console.log(JSON.stringify(told));
