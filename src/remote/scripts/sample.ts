/**
 * The shell sampler's script and its answers, for hosts without an agent. It is made of constants: nothing a user typed is in
 * it. A line on stdin asks for a sample, the end of stdin ends it, so that it cannot outlive its connection.
 */

import { clean } from '../../model/text/clean.ts';
import { globPattern, SKIPPED_LINES } from '../../model/live/sampled-files.ts';
import type { SampledFiles } from '../../model/live/sampled-files.ts';
import type { RawReading } from '../../model/live/rates.ts';
import type { ProcessSample, ThreadSample } from '../../model/live/sample.ts';
import { TOOLS_PATH } from './parts.ts';

/**
 * A shell that reads its script in blocks swallows requests sent along with it: none may be sent before READY. One that
 * reads by lines leaves what follows its running command to that command: nothing may follow on a line of its own. What
 * start-up files of a login print comes before READY, which therefore begins a line.
 * One grep for all files, because starting a program is what costs. Of a request only whole numbers are used (process
 * ids). A file that goes away is kept quiet by -s.
 */
export function samplerScript(files: readonly SampledFiles[]): string {
  const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' ');
  return `LC_ALL=C; export LC_ALL
${TOOLS_PATH}; export PATH
first() {
  for glob; do
    for file in $glob; do
      if [ -e "$file" ]; then files="$files $glob"; return; fi
    done
  done
}
sample() {
  files=
${files.map((globs) => `  first ${quoted(globs)}`).join('\n')}
  set -- $files
  printf '\\n#ready\\n'
  while read -r pids; do
    threads=
    for pid in $pids; do
      case $pid in *[!0-9]*) ;; *) threads="$threads /proc/$pid/stat /proc/$pid/task/[0-9]*/stat" ;; esac
    done
    read -r uptime idle </proc/uptime
    echo "#sample $uptime"
    grep -sHv ${SKIPPED_LINES.map((start) => `-e '^${start}'`).join(' ')} "$@" $threads
    echo '#end'
  done
}; sample; exit
`;
}

export const READY = '#ready';
export const END = '#end';
const HEAD = /^#sample (\d{1,12}\.\d{1,3})$/;

const OF_PROCESS = /^proc\/(\d+)\/(?:task\/(\d+)\/)?stat$/;
/** proc_pid_stat(5): the name is in parentheses and may hold any; CPU last run on is field 39, the 37th behind it. */
const STAT = /^\d+ \((.*)\) ([^()]*)$/s;
const CPU_FIELD = 36;
/** When it began is field 22. */
const START_FIELD = 19;

const NO_PAGES = { unavailable: 'Pages per node are read by the agent, and none is available for this host.' };

interface Found {
  name: string;
  start?: number;
  threads: ThreadSample[];
}

/** The lines between `#sample` and `#end`, the former included. Null when they do not begin as they must. */
export function parseReading(lines: readonly string[], asked: readonly SampledFiles[]): RawReading | null {
  const uptime = HEAD.exec(lines[0] ?? '')?.[1];
  if (uptime === undefined) return null;
  const paths = asked.flat().map((glob) => globPattern(glob.slice(1)));
  const file = new RegExp(`^/(${[...paths, String.raw`proc/\d+/(?:task/\d+/)?stat`].join('|')}):(.*)$`);
  const parts = new Map<string, string[]>();
  for (const line of lines) {
    const [, path, content] = file.exec(line) ?? [];
    if (path === undefined || content === undefined) continue;
    const before = parts.get(path);
    if (before) before.push(content);
    else parts.set(path, [content]);
  }
  const files = new Map<string, string>();
  const processes = new Map<number, Found>();
  for (const [path, content] of parts) {
    const owner = OF_PROCESS.exec(path);
    if (owner) addThread(processes, Number(owner[1]), owner[2], content[0] ?? '');
    else files.set(path, content.join('\n'));
  }
  return {
    monotonicMs: Number(uptime) * 1000,
    files,
    processes: [...processes].map(([pid, found]): ProcessSample => ({ pid, ...found, residentBytes: NO_PAGES })),
  };
}

function addThread(processes: Map<number, Found>, pid: number, tid: string | undefined, stat: string): void {
  const [, name = '', rest = ''] = STAT.exec(stat) ?? [];
  const found = processes.get(pid) ?? { name: '', threads: [] };
  processes.set(pid, found);
  const fields = rest.split(' ');
  const cpu = Number(fields[CPU_FIELD]);
  const start = Number(fields[START_FIELD]);
  if (tid === undefined) {
    found.name = clean(name, 64);
    if (Number.isSafeInteger(start)) found.start = start;
  } else if (Number.isSafeInteger(cpu)) {
    // Migrations stand in a file of their own, with debugging switched on only.
    found.threads.push({ tid: Number(tid), name: clean(name, 64), cpu, migrations: null });
  }
}
