/** The text a host answers a probe with, as files: `LC_ALL=C grep -sH "" FILES...` prints `/path:line` for every line. */

import { clean } from '../../text/clean.ts';
import { isKnownFile } from './globs.ts';

/** Content by path without leading slash; lines joined by \n, none at the end. */
export type ProbeFiles = ReadonlyMap<string, string>;

/** Under this key, which no host can print, stand the parser's own warnings, one a line. */
export const PROBE_WARNINGS = '#warnings';

// 2,048 CPUs and 32 nodes print 150,000 files and 12 MB; cpuinfo of a recording has 30 lines a CPU.
const MAX_TEXT = 64 * 1024 * 1024;
const MAX_FILES = 500_000;
const MAX_FILE = 2 * 1024 * 1024;
const MAX_LINE = 8192;
const MAX_PATH = 300;

/** Where the path of a line ends: paths may hold ':' (PCI addresses), so the end is where a known file's name does. */
function endOfPath(line: string): number {
  for (let at = line.indexOf(':'); at > 0 && at <= MAX_PATH; at = line.indexOf(':', at + 1)) {
    if (isKnownFile(line.slice(1, at))) return at;
  }
  return -1;
}

/**
 * The files in a probe's answer. Never throws: lines that name no file of the allow-list are counted into a warning, and
 * what lies beyond the bounds is left out with one. Values come out without control and bidirectional characters.
 */
export function parseProbe(text: string): ProbeFiles {
  const parts = new Map<string, string[]>();
  const sizes = new Map<string, number>();
  const warnings: string[] = [];
  let strange = 0;
  let cut = 0;
  const end = Math.min(text.length, MAX_TEXT);
  if (text.length > MAX_TEXT)
    warnings.push(`The host's answer is longer than ${MAX_TEXT} characters; the rest was not read.`);
  for (let start = 0; start < end;) {
    const newline = text.indexOf('\n', start);
    const stop = newline === -1 ? end : newline;
    const line = text.slice(start, Math.min(stop, start + MAX_PATH + MAX_LINE));
    start = stop + 1;
    // grep says so, on stdout, of a file with NUL bytes (the device tree): nothing is wrong, only nothing is shown.
    if (line === '' || /^(Binary file \/.* matches|grep: .*: binary file matches)$/.test(line)) continue;
    const at = line.startsWith('/') ? endOfPath(line) : -1;
    if (at === -1) {
      strange++;
      continue;
    }
    const path = line.slice(1, at);
    const lines = parts.get(path) ?? [];
    const size = (sizes.get(path) ?? 0) + line.length - at;
    if (size > MAX_FILE || (lines.length === 0 && parts.size >= MAX_FILES)) {
      cut++;
      continue;
    }
    lines.push(clean(line.slice(at + 1), MAX_LINE));
    parts.set(path, lines);
    sizes.set(path, size);
  }
  if (strange > 0)
    warnings.push(`Lines of the host's answer that belong to no file asked for, and were ignored: ${strange}.`);
  if (cut > 0) warnings.push(`Lines of the host's answer beyond what may be held, left out: ${cut}.`);
  const files = new Map<string, string>();
  for (const [path, lines] of parts) files.set(path, lines.join('\n'));
  if (warnings.length > 0) files.set(PROBE_WARNINGS, warnings.join('\n'));
  return files;
}
