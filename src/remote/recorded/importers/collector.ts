/** What discovery would read, taken out of an archive of any format entry by entry. Nothing is ever unpacked to disk. */

import { basename } from 'node:path';
import { CPUSET_NAMES } from '../../../model/formats/sysfs/allowed.ts';
import { cleanLines } from '../../../model/text/clean.ts';
import { DUMP_GLOBS } from '../../../model/formats/sysfs/globs.ts';
import { PROBE_WARNINGS } from '../../../model/formats/sysfs/probe.ts';
import { PinboardError } from '../../../model/problem.ts';
import { hostFromProbe } from '../probe-host.ts';
import type { Host } from '../../host.ts';
import { beyondBound, MAX_FILE, MAX_LINE, MAX_TOTAL, probeFilesOf } from '../dump-files.ts';
import { Archived, piecesOf } from './archived.ts';

/** Bounds against an archive made to exhaust memory or time; a whole /sys of a large host stays below each. */
export const MAX_UNPACKED = 1024 * 1024 * 1024;
const MAX_ENTRIES = 1_000_000;
const MAX_NAME = 1000;
/** Files and links held in memory: links outside of what is read, for they may be on the way to it. */
const MAX_HELD = 200_000;
/** Folders made on the way to them: a name of 1,000 characters can ask for 500. */
const MAX_FOLDERS = 200_000;
/** Texts up to this length are held once: most of 100,000 files say one of a few numbers. */
const SHORT = 64;

/** Names of the files discovery reads, whatever their folder: links make any folder a possible one. */
const WANTED = new Set([...DUMP_GLOBS.map((glob) => glob.slice(glob.lastIndexOf('/') + 1)), ...CPUSET_NAMES]);

/** Whether its name alone is of use: a CPU in a node's folder or a node in a CPU's, whatever the packer made of the link. */
const isNamed = (pieces: readonly string[]): boolean => /(?:cpu\d+\/node|node\d+\/cpu)\d+$/.test(pieces.join('/'));

/** Why something of an archive is missing, in words for "Left out of the archive: 3 × …". */
const LEFT_OUT = {
  name: 'names that point outside the archive or are too long',
  repeat: 'entries that a later one of the same name replaces, as in tar',
  hardLink: 'hard links to files that do not precede them in the archive or were not read',
  special: 'devices, pipes and sockets, which have no content to read',
  unknown: 'entries of an unknown type',
} as const;

/** An entry of an archive, whatever the format calls it. */
export type Item =
  /** `content` is called where the file is wanted; null from it says that the reason was given by `leaveOut`. */
  | { readonly kind: 'file'; readonly name: string; readonly content: () => Promise<Buffer | null> }
  | { readonly kind: 'symlink' | 'hardLink'; readonly name: string; readonly target: string }
  | { readonly kind: 'folder' | 'special' | 'unknown'; readonly name: string };

/** Files of sysfs say they are 4,096 bytes long; packers fill up what they are not with NUL bytes. */
function unpadded(bytes: Buffer): string {
  let end = bytes.length;
  // By hand: an expression for it takes the square of the length where the NUL bytes are not at the end.
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.toString('utf8', 0, end);
}

/** Up to MAX_FILE bytes; what follows is passed over, not held. */
export async function startOf(content: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of content) {
    if (size < MAX_FILE) chunks.push(chunk);
    size += chunk.length;
  }
  return Buffer.concat(chunks).subarray(0, MAX_FILE);
}

/** Holds what is wanted of an archive, and counts what is left out of it and why. */
export class Collector {
  readonly #archived = new Archived();
  readonly #leftOut = new Map<string, number>();
  #entries = 0;
  #held = 0;
  #total = 0;
  readonly #texts = new Map<string, string>();

  async take(item: Item): Promise<void> {
    if (++this.#entries > MAX_ENTRIES) throw beyondBound('entries', MAX_ENTRIES);
    const pieces = item.name.length > MAX_NAME ? null : piecesOf(item.name);
    if (!pieces) {
      if (item.name.replace(/[./]/g, '') !== '') this.leaveOut(LEFT_OUT.name);
      return;
    }
    const wanted = WANTED.has(pieces.at(-1) ?? '') || isNamed(pieces);
    if (item.kind === 'symlink') this.#add(pieces, { link: item.target.slice(0, MAX_NAME) });
    else if (item.kind === 'hardLink') {
      if (wanted) this.#addHardLink(pieces, item.target);
    } else if (item.kind === 'file') {
      const content = wanted ? await item.content() : null;
      if (content !== null) this.#add(pieces, { text: this.#textOf(content) });
    } else if (item.kind === 'folder') {
      if (isNamed(pieces)) this.#archived.addFolder(pieces);
    } else this.leaveOut(LEFT_OUT[item.kind]);
  }

  leaveOut(why: string): void {
    this.#leftOut.set(why, (this.#leftOut.get(why) ?? 0) + 1);
  }

  #textOf(content: Buffer): string {
    const text = unpadded(content);
    this.#total += text.length;
    if (this.#total > MAX_TOTAL) throw beyondBound('of text', MAX_TOTAL >> 20, ' MB');
    const lines = cleanLines(text, MAX_LINE);
    if (lines.length > SHORT) return lines;
    const known = this.#texts.get(lines);
    if (known === undefined) this.#texts.set(lines, lines);
    return known ?? lines;
  }

  /** A second name of what the archive held before: it has the same content. */
  #addHardLink(pieces: readonly string[], target: string): void {
    const before = target.length > MAX_NAME ? null : this.#archived.at(piecesOf(target) ?? []);
    if (before) this.#add(pieces, before);
    else this.leaveOut(LEFT_OUT.hardLink);
  }

  #add(pieces: readonly string[], entry: { text: string } | { link: string }): void {
    if (++this.#held > MAX_HELD) throw beyondBound('files and links of a machine', MAX_HELD);
    if (!this.#archived.add(pieces, entry)) this.leaveOut(LEFT_OUT.repeat);
    if (this.#archived.folders > MAX_FOLDERS) throw beyondBound('folders', MAX_FOLDERS);
  }

  /** The one machine in the archive at `path`; null where it holds none. @throws PinboardError `bad-file` for several. */
  machine(path: string): Host | null {
    const machines = this.#archived.machines();
    const [root, another] = machines;
    const warnings = [...this.#leftOut].map(([why, count]) => `Skipped in the archive: ${count} × ${why}.`);
    if (root === undefined) {
      if (warnings.length === 0) return null;
      throw new PinboardError(
        'bad-file',
        `No machine could be read from ${path}. ${warnings.join(' ')}`,
        'Pack the folder that contains sys/ again, as plain files and symbolic links.',
      );
    }
    if (another !== undefined) {
      throw new PinboardError(
        'bad-file',
        `${path} contains ${machines.length} machines (${root}, ${another}${machines.length > 2 ? ' …' : ''}).`,
        'Unpack it and use the folder of one machine.',
      );
    }
    const files = new Map(probeFilesOf(this.#archived.recording(root)));
    if (warnings.length > 0) files.set(PROBE_WARNINGS, warnings.join('\n'));
    const name = root === '' ? basename(path).replace(/(\.tar)?\.\w+$/, '') : basename(root);
    return hostFromProbe(name, files);
  }
}
