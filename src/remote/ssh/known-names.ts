/** The first field of a known_hosts line: names, patterns with * and ?, negations, or one hashed name. */

import { createHmac } from 'node:crypto';

/** Bytes of the salt and of the hash (SHA-1). */
const HASH_BYTES = 20;
/** A list with a longer pattern matches nothing in OpenSSH. */
const MAX_PATTERN = 1022;

const toBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
const lower = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** `|1|SALT|HASH`, as HashKnownHosts writes it. */
export function hashName(name: string, salt: Buffer): string {
  const digest = createHmac('sha1', salt).update(name).digest('base64');
  return `|1|${salt.toString('base64')}|${digest}`;
}

/** Whether a pattern takes the whole text; linear in its stars, as a hostile one must not cost more. */
function takes(pattern: string, text: string): boolean {
  let at = 0;
  let mark = 0;
  let star = -1;
  let next = 0;
  while (at < text.length) {
    if (pattern[next] === '*') {
      star = next++;
      mark = at;
    } else if (next < pattern.length && (pattern[next] === '?' || pattern[next] === text[at])) {
      next++;
      at++;
    } else if (star !== -1) {
      next = star + 1;
      at = ++mark;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(next));
}

/** `names`: bytes as latin1. The name asked for is text. */
export function nameMatcher(names: string): (name: string) => boolean {
  if (names.startsWith('|')) {
    const salt = Buffer.from(/^\|1\|([A-Za-z0-9+/]+=*)\|/.exec(names)?.[1] ?? '', 'base64');
    return (name) => salt.length === HASH_BYTES && hashName(name, salt) === names;
  }
  const patterns = names.split(',');
  if (patterns.some((pattern) => pattern.replace(/^!/, '').length > MAX_PATTERN)) return () => false;
  return (name) => {
    const wanted = lower(toBytes(name));
    const hits = patterns.filter((pattern) => takes(lower(pattern.replace(/^!/, '')), wanted));
    return hits.length > 0 && !hits.some((pattern) => pattern.startsWith('!'));
  };
}
