/**
 * JSON that packs well: what is alike in a list (the ids of CPUs, the names of fields) stands together and is the same from sample to
 * sample, so that gzip finds it again. Numbers that are not whole keep four digits, more than any counter behind them has.
 *
 * Every list begins with how it is packed: PLAIN, then its items; TABLE, then the keys that its items share, then a column for each;
 * RECORD, an object of many keys, then its keys, then its values. Objects of few keys stay objects.
 */

const PLAIN = 0;
const TABLE = 1;
const RECORD = 2;

/** Fewer keys than this are cheaper where they are. */
const MANY_KEYS = 8;
const DIGITS = 4;

/** Bounds of what is unpacked: rows of a table, and lists in lists. */
const MAX_ROWS = 100_000;
const MAX_DEPTH = 16;

type Plain = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The keys that all items have, in the same order; null: they differ, or are too few to be worth a table. */
function sharedKeys(items: readonly unknown[]): string[] | null {
  const [first] = items;
  if (items.length < 2 || !isPlain(first)) return null;
  const keys = Object.keys(first);
  const alike = (item: unknown): boolean =>
    isPlain(item) && Object.keys(item).join('\n') === keys.join('\n') && !Object.values(item).includes(undefined);
  return keys.length > 0 && items.every(alike) ? keys : null;
}

/** @param value of JSON: what is undefined is left out. */
export function pack(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS));
  if (Array.isArray(value)) {
    const keys = sharedKeys(value);
    if (!keys) return [PLAIN, ...value.map(pack)];
    return [TABLE, keys, ...keys.map((key) => value.map((item: Plain) => pack(item[key])))];
  }
  if (!isPlain(value)) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  if (entries.length >= MANY_KEYS)
    return [RECORD, entries.map(([key]) => key), entries.map(([, inner]) => pack(inner))];
  return Object.fromEntries(entries.map(([key, inner]) => [key, pack(inner)]));
}

const broken = (): Error => new Error('it is not packed as it should be');

function keysOf(value: unknown): readonly string[] {
  const isKey = (key: unknown): boolean => typeof key === 'string' && key !== '__proto__';
  if (!Array.isArray(value) || value.length > MAX_ROWS || !value.every(isKey)) throw broken();
  return value as string[];
}

function columnOf(value: unknown, rows: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length !== rows || rows > MAX_ROWS) throw broken();
  return value;
}

function table(keys: readonly string[], columns: readonly unknown[], depth: number): unknown[] {
  const rows = Array.isArray(columns[0]) ? columns[0].length : 0;
  const items = Array.from({ length: rows }, (): Record<string, unknown> => ({}));
  keys.forEach((key, at) => {
    const column = columnOf(columns[at], rows);
    items.forEach((item, row) => (item[key] = unpack(column[row], depth)));
  });
  return items;
}

/** What was packed. @throws Error for what cannot have been. */
export function unpack(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) throw broken();
  const inside = (inner: unknown): unknown => unpack(inner, depth + 1);
  if (isPlain(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inside(inner)]));
  const [kind, ...rest] = value as unknown[];
  if (kind === PLAIN) return rest.map(inside);
  const keys = keysOf(rest[0]);
  if (kind === TABLE && rest.length === keys.length + 1) return table(keys, rest.slice(1), depth + 1);
  if (kind !== RECORD) throw broken();
  const values = columnOf(rest[1], keys.length);
  return Object.fromEntries(keys.map((key, at) => [key, inside(values[at])]));
}
