/** Text of a host inside Markdown. What a host prints is hostile: it may neither break a table nor become HTML. */

/** Controls, line separators, and the characters that turn the reading direction. */
// eslint-disable-next-line no-control-regex -- that these characters are dangerous is the point of the expression
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/g;

/** One line of plain text in Markdown: every character that could start markup or HTML is escaped. */
export function markdownText(text: string): string {
  return text
    .replace(INVISIBLE, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]()#+!|~$]/g, '\\$&')
    // Bare addresses and @names become links on code-hosting pages: a zero-width-free way to stop both.
    .replace(/:\/\//g, ':&#47;&#47;')
    .replace(/@/g, '&#64;')
    .trim();
}

/** A fenced block that its own content cannot end. */
export function codeBlock(text: string, language = ''): string {
  const clean = text.split('\n').map((line) => line.replace(INVISIBLE, ' '));
  const longest = Math.max(2, ...clean.map((line) => /`{3,}/.exec(line)?.[0].length ?? 0));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, ...clean, fence].join('\n');
}
