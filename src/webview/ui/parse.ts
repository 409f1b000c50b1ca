/** Owns what the tray's fields for figures accept. */

/** A whole number within bounds; the words say what is wrong, for the line below the field. */
export function parseWhole(
  typed: string,
  low: number,
  high: number,
): { readonly value: number } | { readonly wrong: string } {
  const text = typed
    .trim()
    .replaceAll(',', '')
    .replace(/\s*items?$/, '');
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < low || value > high)
    return { wrong: `Enter a whole number from ${low} to ${high}.` };
  return { value };
}

/** `1s`, `1 s`, `250 ms`, or a number of seconds; in milliseconds. */
export function parseDuration(typed: string): { readonly value: number } | { readonly wrong: string } {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s)?$/.exec(typed.trim().toLowerCase());
  const value = match ? Math.round(Number(match[1]) * (match[2] === 'ms' ? 1 : 1000)) : NaN;
  return value >= 10 && value <= 600_000 ? { value } : { wrong: 'Enter 10 ms to 600 s, such as 1 s or 250 ms.' };
}

const SIZE_FACTORS = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 } as const;

/** `64M`, `1 GB`, `1.5 GiB`; in bytes, of which there are 1,024 in a kilobyte. */
export function parseSize(typed: string): { readonly value: number } | { readonly wrong: string } {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/.exec(typed.trim().toLowerCase());
  const value = match ? Math.round(Number(match[1]) * SIZE_FACTORS[match[2] as keyof typeof SIZE_FACTORS]) : NaN;
  return value >= 65_536 && value <= 2 ** 40 ? { value } : { wrong: 'Enter 64 KB to 1 TB, such as 256 MB or 1 GB.' };
}

export const durationWords = (ms: number): string => (ms % 100 === 0 ? `${ms / 1000} s` : `${ms} ms`);
