// Who imports whom inside src/, imports of types included (the bundler drops those): no loop of files, and none of folders.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import test from 'node:test';

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

const SOURCES = new URL('../../src/', import.meta.url);

/** A quoted path of this project behind `from`, `import` or `import(`; oxfmt writes it in this form only. */
const IMPORTED = /\b(?:from|import) ?\(?'(\.[^']+)'/g;

/** What a file names in `import`, `export … from`, `import()` and `import('…').Type`. */
function importsOf(file: string, text: string): string[] {
  return [...text.matchAll(IMPORTED)].map(([, name = '']) => posix.join(posix.dirname(file), name));
}

function filesGraph(): Graph {
  const names = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'));
  const files = names.filter((name) => name.endsWith('.ts'));
  return new Map(
    files.map((file) => [file, new Set(importsOf(file, readFileSync(new URL(file, SOURCES), 'utf8')))] as const),
  );
}

/** A program's entry and a table of what folders hold stand above those folders: none of them may import it. */
const folderOf = (file: string): string =>
  /^(main|index)\.ts$/.test(posix.basename(file)) ? file : posix.dirname(file);

function foldersGraph(files: Graph): Graph {
  const folders = new Map<string, Set<string>>();
  for (const [file, imports] of files) {
    const own = folders.get(folderOf(file)) ?? new Set();
    folders.set(folderOf(file), own);
    for (const other of imports) if (folderOf(other) !== folderOf(file)) own.add(folderOf(other));
  }
  return folders;
}

/** The first loop met, as "a → b → a"; null where there is none. */
function loopIn(graph: Graph): string | null {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (at: string): string | null => {
    if (path.includes(at)) return [...path.slice(path.indexOf(at)), at].join(' → ');
    if (done.has(at)) return null;
    path.push(at);
    for (const next of graph.get(at) ?? []) {
      const loop = visit(next);
      if (loop !== null) return loop;
    }
    path.pop();
    done.add(at);
    return null;
  };
  for (const at of graph.keys()) {
    const loop = visit(at);
    if (loop !== null) return loop;
  }
  return null;
}

const files = filesGraph();

test('no two files import each other, directly or round about', () => {
  assert.ok(files.size > 200, `only ${String(files.size)} sources were read`);
  assert.equal(loopIn(files), null);
});

test('folders import each other in one direction only', () => {
  assert.equal(loopIn(foldersGraph(files)), null);
});

test('a loop is found, through types alone and through other files', () => {
  const imports = (text: string): Set<string> => new Set(importsOf('room/one.ts', text));
  assert.deepEqual(imports("import type { A } from './two.ts';"), new Set(['room/two.ts']));
  assert.deepEqual(imports("export * from '../else/three.ts';"), new Set(['else/three.ts']));
  assert.deepEqual(imports("type B = import('./four.ts').B; import ts from 'typescript';"), new Set(['room/four.ts']));
  const graph = new Map([
    ['a', new Set(['b', 'c'])],
    ['b', new Set(['d'])],
    ['c', new Set(['d'])],
    ['d', new Set(['b'])],
  ]);
  assert.equal(loopIn(graph), 'b → d → b');
});
