/** Text of a host inside Markdown. What a host prints is hostile: it may neither break a table nor become HTML. */

import { clean, pasteLines } from '../text/clean.ts';

const MAX_LINE = 20_000;

/** One line of plain text in Markdown: every character that could start markup, a link or HTML is escaped. */
export function markdownText(text: string): string {
  return (
    clean(text, MAX_LINE)
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/[\\`*_{}[\]()#+!|~$]/g, '\\$&')
      // At the start of a line these would make a list, an ordered list or a heading of it.
      .replace(/^[-=]/, '\\$&')
      .replace(/^(\d+)\.(?=\s|$)/, '$1\\.')
      // Bare addresses and @names become links on code-hosting pages.
      .replace(/:\/\//g, ':&#47;&#47;')
      .replace(/\bwww\./gi, (start) => `${start.slice(0, 3)}&#46;`)
      .replace(/@/g, '&#64;')
  );
}

/** A fenced block that its own content cannot end, and that gives back what was put in. */
export function codeBlock(text: string, language = ''): string {
  const lines = pasteLines(text).join('\n');
  const longest = Math.max(2, ...[...lines.matchAll(/`{3,}/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, lines, fence].join('\n');
}
