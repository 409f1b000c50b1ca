/** Text from a host, made safe to show: what a remote machine prints is hostile until it has passed here. */

// C0 and C1 controls, soft hyphen, zero-width and bidirectional marks, line separators, BOM, lone surrogates: all can
// hide or reorder what a person reads, and none of them belongs into a name the kernel reports.
export const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Cs}/gu;

/** What nearly every value is, of the tens of thousands a large host sends. */
const PLAIN = /^[\x20-\x7e]*$/;

/** `text` without invisible or reordering characters, trimmed, at most `maxLength` UTF-16 units and never half a pair. Tabs become spaces. */
export function clean(text: string, maxLength: number): string {
  if (text.length <= maxLength && PLAIN.test(text)) return text.trim();
  // Cut generously before the replacement, so that a huge value costs no more than a long one.
  const safe = text
    .slice(0, maxLength * 4)
    .replace(/[\t\n\r]+/g, ' ')
    .replace(UNSAFE, '')
    .trim()
    .slice(0, maxLength);
  return safe.replace(/\p{Cs}$/u, '').trimEnd();
}

/** `text` as it is otherwise, with its tabs and lines. */
export function withoutUnsafe(text: string): string {
  return PLAIN.test(text) ? text : text.replace(UNSAFE, (char) => (/[\t\n]/.test(char) ? char : ''));
}

/** A file's content line by line through `clean`, without the newline at its end. */
export function cleanLines(text: string, maxLine: number): string {
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => clean(line, maxLine))
    .join('\n');
}

/**
 * Text of several lines that is to be pasted: every character stays where it is, but for those that nobody can see. Where it is
 * indented, and how its lines end, may be part of what it means (YAML, here-documents).
 */
export function pasteLines(text: string): string[] {
  return withoutUnsafe(text).replace(/\n$/, '').split('\n');
}

/** A name or another short text to show. */
export const tidy = (text: string): string => clean(text, 256);
