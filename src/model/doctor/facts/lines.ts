/** Answers of the doctor's script: lines of `/path:content` in sections that begin with `#name`, bounded and made into data. */

import { clean } from '../../text/clean.ts';
import { CpuListError, parseCpuList } from '../../text/cpulist.ts';

/** Contents by path without the leading slash. */
export type Section = ReadonlyMap<string, string>;

/** Groups may have a colon in their names. */
const PATH =
  /^\/(proc\/(?:\d{1,9}\/(?:task\/\d{1,9}\/)?)?[a-z_]{1,20}|sys\/devices\/[^:]{1,200}|sys\/fs\/cgroup\/.{0,2000}?\/(?:memory\.numa_stat|cpuset\.(?:cpus|mems)(?:\.effective)?)|var\/log\/pods):(.*)$/s;
const MAX_FILE = 1024 * 1024;
/** That of all interrupts has a number for each there is. */
const MAX_LINE = 256 * 1024;

/** Control characters are kept in nothing; a newline joins the lines of one file. What comes before any name is in the section "". */
export function readSections(lines: readonly string[]): ReadonlyMap<string, Section> {
  let own = new Map<string, string>();
  const sections = new Map([['', own]]);
  for (const line of lines) {
    if (/^#[a-z]{1,20}$/.test(line)) {
      own = sections.get(line.slice(1)) ?? new Map<string, string>();
      sections.set(line.slice(1), own);
      continue;
    }
    const [, path, content = ''] = PATH.exec(line.slice(0, MAX_LINE)) ?? [];
    if (path === undefined) continue;
    const text = clean(content, MAX_LINE);
    const before = own.get(path);
    if (before === undefined) own.set(path, text);
    else if (before.length < MAX_FILE) own.set(path, `${before}\n${text}`);
  }
  return sections;
}

/** A set out of a host's mouth; null for what is none. */
export function idsIn(text: string | undefined): number[] | null {
  if (text === undefined) return null;
  try {
    return parseCpuList(text.slice(0, MAX_LINE));
  } catch (error) {
    if (error instanceof CpuListError) return null;
    throw error;
  }
}

/** A field of /proc/PID/status. */
export const statusField = (status: string | undefined, name: string): string | undefined =>
  new RegExp(`^${name}:\\s*(.{0,4000})$`, 'm').exec(status ?? '')?.[1];

/** "name 123" lines, as of /proc/vmstat. */
export function counters(text: string | undefined): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const line of (text ?? '').split('\n', 2000)) {
    const [, name, value] = /^([a-z_0-9]{1,60}) (\d{1,16})$/.exec(line) ?? [];
    if (name !== undefined) found.set(name, Number(value));
  }
  return found;
}
