/** One line of lstopo's console text: the objects on it, from the outermost to the innermost, as elements of hwloc 2's XML. */

import type { XmlElement } from '../xml.ts';

/** An element that children are still put into. */
export interface Growing extends XmlElement {
  readonly attributes: Record<string, string>;
  readonly children: Growing[];
}

export const element = (name: string, attributes: Record<string, string>, text = ''): Growing => ({
  ...{ name, attributes, children: [], text },
});

const UNITS: Readonly<Record<string, number>> = { '': 0, K: 1, M: 2, G: 3, T: 4, P: 5 };
const SIZE = /^(\d{1,12})([KMGTP]?)i?B$/;

/** "16GB", "32 KiB" without its space, "4096KB": powers of 1,024 in every version. */
function bytesOf(word: string): string | null {
  const [, amount, unit] = SIZE.exec(word) ?? [];
  const bytes = Number(amount ?? Number.NaN) * 1024 ** (UNITS[unit ?? ''] ?? 0);
  return Number.isSafeInteger(bytes) ? String(bytes) : null;
}

/** Words of hwloc 1 first. L1d is the data cache: hwloc 1 also wrote a bare L1. */
function typeOf(word: string): string {
  const [, level, kind] = /^L([1-9])([di]?)(?:Cache)?$/.exec(word) ?? [];
  if (level !== undefined) return `L${level}${kind === 'i' ? 'i' : ''}Cache`;
  const renamed: Readonly<Record<string, string>> = { Socket: 'Package', Node: 'NUMANode', System: 'Machine' };
  return renamed[word] ?? word.replace(/^Group\d+$/, 'Group');
}

const CACHE_TYPE: Readonly<Record<string, string>> = { d: '1', i: '2' };

/** What `lstopo -v` notes: size=32KB linesize=64 CPUModel="Xeon (R)" OSRelease=6.1 … */
function notesIn(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/\b([A-Za-z]\w*)=(?:"([^"]*)"|([^\s")]*))/g)].map(([, key = '', quoted, bare]) => [
      key,
      quoted ?? bare ?? '',
    ]),
  );
}

/**
 * "NUMANode(NVM) L#5 (P#7 742GB)", "Core P#3", "PU L#1 (P#4) (disallowed)", "L2Cache L#0 (size=512KB linesize=64)" …; null
 * for what is no object. Logical numbers stay in the attribute `logical`, which hwloc has not.
 */
function objectOf(words: string): Growing | null {
  const [, word = '', subtype, rest = ''] = /^([A-Z]\w*)(?:\(([^()]*)\))?((?:\s.*|:.*)?)$/.exec(words) ?? [];
  if (word === '') return null;
  const type = typeOf(word);
  const notes = notesIn(rest);
  const sizes = rest.replaceAll(/\b\w+=(?:"[^"]*"|\S*)/g, '').match(/\d+(?: ?[KMGTP]i?)B\b/g) ?? [];
  const size = bytesOf(notes.get('local') ?? notes.get('size') ?? sizes[0]?.replace(' ', '') ?? '');
  const kind = /^L[1-9]([di])/.exec(word)?.[1] ?? '';
  const attributes: Record<string, string> = { type };
  const set = (key: string, value: string | null | undefined): void => {
    if (value !== null && value !== undefined) attributes[key] = value;
  };
  set('subtype', subtype);
  set('logical', /\bL#(\d{1,6})/.exec(rest)?.[1]);
  if (!type.endsWith('Cache')) set('os_index', /\bP#(\d{1,6})/.exec(rest)?.[1]);
  if (type.endsWith('Cache')) {
    set('cache_size', size);
    set('cache_linesize', notes.get('linesize'));
    set('cache_type', CACHE_TYPE[kind] ?? '0');
  } else set('local_memory', size);
  if (type === 'MemCache') set('depth', '1');
  if (/\((?:disallowed|forbidden)\)|\[forbidden\]/.test(rest)) set('disallowed', 'yes');
  if (/\(offline\)|\[offline\]/.test(rest)) set('offline', 'yes');
  const made = element('object', attributes);
  if (type === 'Machine' || type === 'Package')
    for (const [name, value] of notes) made.children.push(element('info', { name, value }));
  return made;
}

/** Objects of a line, each inside the one before it; null where the line is none of objects. */
export function objectsOf(line: string): Growing[] | null {
  // Virtual functions that are alike are folded into one line, and hold no CPUs.
  if (/^\d+ x \{ PCI/.test(line)) return [element('object', { type: 'PCIDev' })];
  // Only -v notes values, and never puts two objects on a line.
  const parts = line.includes('=') ? [line] : line.split(' + ');
  const objects = parts.map((part) => objectOf(part.trim()));
  return objects.every((one) => one !== null) ? objects : null;
}
