/** Files, folders and links of an archive, held in memory as if they had been unpacked, though nothing ever is. */

import type { DumpFiles } from '../dump-files.ts';

type Entry = { readonly text: string } | { readonly link: string } | Folder;
type Folder = Map<string, Entry>;

/** As Linux: longer chains are taken for a loop. */
const MAX_LINKS = 40;

/** Pieces of an entry's name as tar would unpack it, below the current folder; null where it would lead out of it. */
export function piecesOf(name: string): string[] | null {
  const pieces = name.split('/').filter((piece) => piece !== '' && piece !== '.');
  return pieces.length === 0 || pieces.includes('..') ? null : pieces;
}

export class Archived {
  readonly #top: Folder = new Map();
  #folders = 0;

  get folders(): number {
    return this.#folders;
  }

  /** The folder of that path, with those around it. */
  addFolder(pieces: readonly string[]): Folder {
    let folder = this.#top;
    for (const piece of pieces) {
      const inner = folder.get(piece);
      if (inner instanceof Map) folder = inner;
      else {
        const made: Folder = new Map();
        this.#folders++;
        folder.set(piece, made);
        folder = made;
      }
    }
    return folder;
  }

  /** Puts `entry` in place of what had its name before; false where something had. */
  add(pieces: readonly string[], entry: { readonly text: string } | { readonly link: string }): boolean {
    const folder = this.addFolder(pieces.slice(0, -1));
    const name = pieces.at(-1) ?? '';
    const isNew = !folder.has(name);
    folder.set(name, entry);
    return isNew;
  }

  /** The file or link of exactly that path, no link followed. */
  at(pieces: readonly string[]): { readonly text: string } | { readonly link: string } | null {
    let entry: Entry | undefined = this.#top;
    for (const piece of pieces) entry = entry instanceof Map ? entry.get(piece) : undefined;
    return entry === undefined || entry instanceof Map ? null : entry;
  }

  /** Folders with a machine in them, the outermost ones: "" for the archive itself, "host-a", "dumps/host-a" … */
  machines(): string[] {
    let level: [path: string, folder: Folder][] = [['', this.#top]];
    while (level.length > 0) {
      const found = level.filter(([, folder]) => folder.get('sys') instanceof Map || folder.get('proc') instanceof Map);
      if (found.length > 0) return found.map(([path]) => path);
      level = level.flatMap(([path, folder]) =>
        [...folder].flatMap(([name, inner]): typeof level =>
          inner instanceof Map ? [[path === '' ? name : `${path}/${name}`, inner]] : [],
        ),
      );
    }
    return [];
  }

  /** The machine below `root`; links are followed inside of it only. */
  recording(root: string): DumpFiles {
    const top = root.split('/').reduce((folder, name) => {
      const inner = folder.get(name);
      return inner instanceof Map ? inner : folder;
    }, this.#top);
    const find = (path: string): Entry | null => follow(top, path.split('/'));
    const below = (folder: Entry | null, name: string): Entry | null =>
      folder instanceof Map ? (folder.get(name) ?? null) : null;
    return {
      list: (path) => {
        const folder = path === '' ? top : find(path);
        return folder instanceof Map ? [...folder.keys()] : [];
      },
      read: (path) => {
        const entry = find(path);
        return entry && 'text' in entry ? entry.text : null;
      },
      target: (path) => {
        const slash = path.lastIndexOf('/');
        const entry = below(find(path.slice(0, slash)), path.slice(slash + 1));
        return entry && 'link' in entry ? entry.link : null;
      },
    };
  }
}

/** What a path leads to from `top`, links resolved; null for nothing, for a loop and for what lies outside. */
function follow(top: Folder, path: readonly string[]): Entry | null {
  const rest = [...path].reverse();
  const inside: Folder[] = [top];
  let links = 0;
  for (let piece = rest.pop(); piece !== undefined; piece = rest.pop()) {
    if (piece === '' || piece === '.') continue;
    if (piece === '..') {
      if (inside.length === 1) return null;
      inside.pop();
      continue;
    }
    const entry = inside.at(-1)?.get(piece);
    if (!entry) return null;
    if (entry instanceof Map) inside.push(entry);
    else if ('link' in entry) {
      if (++links > MAX_LINKS || entry.link.startsWith('/')) return null;
      rest.push(...entry.link.split('/').reverse());
    } else return rest.length === 0 ? entry : null;
  }
  return inside.at(-1) ?? null;
}
