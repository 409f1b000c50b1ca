/**
 * Owns how a sample is kept small. Its figures are a row of 32-bit numbers; all else (names, ids, the order of things) is a shape,
 * kept once for the many samples that have it. It knows no field by name but those that number things, so that what samples learn
 * to carry later is kept, too.
 */

/** Numbers of these names say which thing it is, and are never rounded: `start` tells two of one pid apart. */
const IDENTITIES: ReadonlySet<string> = new Set(['id', 'pid', 'tid', 'start']);

/** A part of a sample with its figures left out: where one belongs there is 0. */
export interface Shape {
  readonly like: unknown;
  /** Bytes, roughly. */
  readonly size: number;
}

/** A figure may be unknown: null, kept as NaN. Outside of JSON there are no other NaN. */
const isFigure = (value: unknown, name: string): boolean =>
  value === null || (typeof value === 'number' && !IDENTITIES.has(name));

type Fields = Readonly<Record<string, unknown>>;

/** Puts the figures of a value into a row; false where it has another shape, the row is then of no use. */
export function gather(value: unknown, like: unknown, into: number[], name = ''): boolean {
  if (isFigure(value, name)) {
    into.push(value === null ? NaN : (value as number));
    return isFigure(like, name);
  }
  if (typeof value !== 'object' || typeof like !== 'object' || like === null) return value === like;
  if (Array.isArray(value)) {
    if (!Array.isArray(like) || like.length !== value.length) return false;
    return value.every((one, at) => gather(one, like[at], into, name));
  }
  let fields = 0;
  for (const key in value) {
    if (!(key in like) || !gather((value as Fields)[key], (like as Fields)[key], into, key)) return false;
    fields++;
  }
  return !Array.isArray(like) && Object.keys(like).length === fields;
}

/** What a place, a number and a letter of a shape take (bytes). */
const PLACE = 16;

export function shapeOf(value: unknown, name = ''): Shape {
  let size = 0;
  const without = (one: unknown, key: string): unknown => {
    size += PLACE;
    if (isFigure(one, key)) return 0;
    if (typeof one === 'string') size += 2 * one.length;
    if (typeof one !== 'object' || one === null) return one;
    if (Array.isArray(one)) return one.map((each) => without(each, key));
    return Object.fromEntries(Object.entries(one).map(([field, each]) => [field, without(each, field)]));
  };
  const like = without(value, name);
  return { like, size };
}

/** The value with figures from `next`, in the order in which they were gathered. */
export function filled(like: unknown, next: () => number, name = ''): unknown {
  if (isFigure(like, name)) {
    const figure = next();
    return Number.isNaN(figure) ? null : figure;
  }
  if (typeof like !== 'object' || like === null) return like;
  if (Array.isArray(like)) return like.map((one) => filled(one, next, name));
  const made: Record<string, unknown> = {};
  for (const key in like) made[key] = filled((like as Fields)[key], next, key);
  return made;
}
