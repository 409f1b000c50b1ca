/**
 * Text on its way to a terminal or into JSON. Whoever writes a host's name, a file or a program's output may put in it what moves
 * the cursor, hides or turns round what a person reads; here it comes out as the escape it is written with (`\x1b`, `\u202e`).
 */

import { UNSAFE } from './clean.ts';

/** What nearly everything is that is printed. */
const PLAIN = /^[\t\n\x20-\x7e]*$/;

function escaped(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}

/** Text of several lines; tabs and ends of lines stay. */
export function visible(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(UNSAFE, (char) => (char === '\n' || char === '\t' ? char : escaped(char)));
}

/** JSON that means the same and holds no such character. */
export function visibleJson(value: unknown, indent = 0): string {
  const text = JSON.stringify(value, null, indent);
  if (PLAIN.test(text)) return text;
  const units = (char: string): string =>
    Array.from({ length: char.length }, (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
  return text.replace(UNSAFE, (char) => (char === '\n' ? char : units(char)));
}
