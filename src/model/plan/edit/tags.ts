/** One to three letters for each block, where its name has no room: told apart, and taken from the name. */

const MOST = 3;

function candidates(name: string): string[] {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const initials = words.map((word) => word[0] ?? '').join('');
  const whole = words.join('');
  const number = /\d+$/.exec(whole)?.[0] ?? '';
  return [
    ...(number === '' ? [] : [(whole[0] ?? '') + number]),
    ...(words.length > 1 ? [initials] : []),
    whole.slice(0, 2),
    ...Array.from({ length: Math.max(0, whole.length - 1) }, (_, i) => (whole[0] ?? '') + (whole[i + 1] ?? '')),
  ].map((tag) => tag.slice(0, MOST).toUpperCase());
}

/** In the order of the names. */
export function tagsOf(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, at) => {
    const free = candidates(name).find((tag) => tag !== '' && !taken.has(tag));
    const tag = free ?? String(at + 1);
    taken.add(tag);
    return tag;
  });
}
