// Owns reading the project's own Markdown: its files, their headings as GitHub links to them, and what stands in their fences.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import MarkdownIt from 'markdown-it';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What is built, fetched or written by a run. */
const NOT_OURS = new Set(['node_modules', 'dist', 'build', '.cache', '.git', 'test-artifacts', 'numa']);

function walk(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : walk(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** Every Markdown file of the project, by its path from the root. */
export const markdownFiles = (): string[] => walk('.').toSorted();

/** Those that a user reads. */
export const usersFiles = (): string[] =>
  markdownFiles().filter((path) => path === 'README.md' || /^docs\/(?!ARCHITECTURE|DECISIONS|BENCHMARKS)/.test(path));

export const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

type Token = ReturnType<MarkdownIt['parse']>[number];

const parsed = new Map<string, readonly Token[]>();

export function tokensOf(path: string): readonly Token[] {
  let tokens = parsed.get(path);
  if (tokens === undefined) {
    tokens = new MarkdownIt().parse(textOf(path), {});
    parsed.set(path, tokens);
  }
  return tokens;
}

export interface Heading {
  readonly level: number;
  /** As it is read: without marks. */
  readonly text: string;
}

export function headingsOf(path: string): Heading[] {
  const tokens = tokensOf(path);
  return tokens.flatMap((token, at) => {
    if (token.type !== 'heading_open') return [];
    const words = (tokens[at + 1]?.children ?? []).map(({ content }) => content).join('');
    return [{ level: Number(token.tag.slice(1)), text: words }];
  });
}

/** The names that a link may give behind `#`, as GitHub makes them. */
export function anchorsOf(path: string): Set<string> {
  const anchors = new Set<string>();
  for (const { text } of headingsOf(path)) {
    const plain = text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
      .replaceAll(' ', '-');
    let name = plain;
    for (let again = 1; anchors.has(name); again++) name = `${plain}-${String(again)}`;
    anchors.add(name);
  }
  return anchors;
}

export interface Link {
  readonly target: string;
  readonly picture: boolean;
  /** What stands for a picture where it is not seen. */
  readonly words: string;
}

export const linksOf = (path: string): Link[] =>
  tokensOf(path)
    .flatMap(({ children }) => children ?? [])
    .flatMap((token): Link[] => {
      if (token.type === 'link_open') return [{ target: String(token.attrGet('href')), picture: false, words: '' }];
      if (token.type === 'image')
        return [{ target: String(token.attrGet('src')), picture: true, words: token.content }];
      return [];
    });

/** Fenced blocks, by language. */
export const fencesOf = (path: string): { readonly language: string; readonly text: string }[] =>
  tokensOf(path).flatMap(({ type, info, content }) =>
    type === 'fence' ? [{ language: info.trim(), text: content }] : [],
  );

/** Code within lines. */
export const codeOf = (path: string): string[] =>
  tokensOf(path)
    .flatMap(({ children }) => children ?? [])
    .flatMap(({ type, content }) => (type === 'code_inline' ? [content] : []));
