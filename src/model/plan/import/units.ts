/** Unit files of systemd as text: whose they are, and what each section sets, in the order of the file. */

import { badFile, joinedLines } from './imported.ts';

export interface Setting {
  readonly section: string;
  readonly key: string;
  readonly value: string;
  readonly path: string;
  readonly line: number;
}

export interface Unit {
  /** "db.service". */
  readonly name: string;
  readonly settings: Setting[];
}

const SECTION = /^\[([A-Za-z0-9 _-]{1,60})\]\s*$/;
const TYPES = /\.(?:service|slice|scope|socket|mount|swap)$/;

/** More lines than all units of a host have. */
const MOST_LINES = 200_000;

export const looksLikeUnit = (start: string): boolean =>
  start.split('\n', 400).some((line) => /^\[(?:Unit|Service|Slice|Scope)\]\s*$/.test(line));

/** Of a file's path; of a drop-in ("db.service.d/pin.conf") the unit that it is for. Null: it is called like neither. */
function unitOf(path: string): string | null {
  const pieces = path.split(/[\\/]/);
  const folder = pieces.at(-2) ?? '';
  const dropIn = folder.endsWith('.d') ? folder.slice(0, -2) : '';
  return [dropIn, pieces.at(-1) ?? ''].find((name) => TYPES.test(name)) ?? null;
}

/** A file of one unit, or what `systemctl cat` prints of several. @throws PinboardError `bad-file` with the line. */
export function readUnits(path: string, text: string): Unit[] {
  const lines = joinedLines(text);
  if (lines.length > MOST_LINES) throw badFile(path, null, `it has more than ${MOST_LINES} lines.`);
  const units = new Map<string, Unit>();
  let name = unitOf(path);
  let section: string | null = null;
  for (const { line, text: written } of lines) {
    const words = written.trim();
    // Above each file, `systemctl cat` has its path.
    const [, from] = /^# (\/\S+)$/.exec(words) ?? [];
    const other = from === undefined ? null : unitOf(from);
    if (other !== null) [name, section] = [other, null];
    if (words === '' || words.startsWith('#') || words.startsWith(';')) continue;
    const [, opened] = SECTION.exec(words) ?? [];
    if (opened !== undefined) {
      section = opened;
      continue;
    }
    const [, key, value = ''] = /^([A-Za-z][A-Za-z0-9-]{0,60})\s*=\s*(.*)$/.exec(words) ?? [];
    if (key === undefined || section === null)
      throw badFile(path, line, 'this is no line of a unit: KEY=VALUE below a [Section].');
    if (name === null)
      throw badFile(
        path,
        null,
        'which unit it is of cannot be told from its name.',
        'Call it db.service or db.slice, put a drop-in into db.service.d, or take what `systemctl cat db` prints.',
      );
    const unit = units.get(name) ?? { name, settings: [] };
    units.set(name, unit);
    unit.settings.push({ section, key, value, path, line });
  }
  return [...units.values()];
}
