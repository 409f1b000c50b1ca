/** Command lines for people to repeat, and for a shell. */

/** One word of a command line, quoted for a POSIX shell where it needs to be. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** @param host alias of an SSH host, null for this machine. */
export function repeatCommand(words: readonly (string | number)[], host: string | null): string {
  const where = host === null ? [] : ['--host', host];
  return ['numa-pinboard', ...words, ...where].map((word) => quoteWord(String(word))).join(' ');
}
