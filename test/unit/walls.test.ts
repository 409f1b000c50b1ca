// The walls between the rooms, as the bundler saw them: what really went into each program, who imported whom, and how much is loaded
// before anything is shown.
import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import test from 'node:test';
import { lets, WALLS } from '../../scripts/setup/walls.mjs';

interface Metafile {
  inputs: Record<string, { imports: { path: string; external?: boolean }[] }>;
  outputs: Record<
    string,
    { entryPoint?: string; inputs: Record<string, unknown>; imports: { path: string; kind: string }[] }
  >;
}

const DIST = new URL('../../dist/', import.meta.url);
const meta = JSON.parse(await readFile(new URL('meta.json', DIST), 'utf8')) as Metafile;

const roomOf = (path: string): string | null => /^src\/(\w+)\//.exec(path)?.[1] ?? null;
const packageOf = (path: string): string | null =>
  /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(path)?.[1] ?? null;

/** The files of a program, from the one that starts. @param kinds of imports that are followed: without `import()`, what is loaded at once. */
function filesOf(entry: string, kinds: readonly string[]): string[] {
  const found = new Set<string>();
  const visit = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    for (const { path, kind } of meta.outputs[file]?.imports ?? [])
      if (path in meta.outputs && kinds.includes(kind)) visit(path);
  };
  const start = Object.keys(meta.outputs).find((file) => meta.outputs[file]?.entryPoint === entry);
  assert.ok(start, `the bundler made nothing of ${entry}`);
  visit(start);
  return [...found];
}

const AT_ONCE = ['import-statement'];
const inputsOf = (files: readonly string[]): string[] =>
  files.flatMap((file) => Object.keys(meta.outputs[file]?.inputs ?? {}));
const bundleOf = (entry: string): string[] => inputsOf(filesOf(entry, [...AT_ONCE, 'dynamic-import']));

for (const [room, allowed] of Object.entries(WALLS)) {
  test(`${room}/ imports only what its wall lets through`, () => {
    const files = Object.entries(meta.inputs).filter(([path]) => roomOf(path) === room);
    assert.ok(files.length > 0, `no file of src/${room} is in any program`);
    for (const [path, { imports }] of files) {
      for (const target of imports) {
        const other = roomOf(target.path);
        const name = packageOf(target.path);
        const builtin = target.external === true && name === null;
        if (other !== null)
          assert.ok(other === room || allowed.rooms.includes(other), `${path} imports ${target.path}`);
        else if (name !== null) assert.ok(lets(allowed, name), `${path} imports the package ${name}`);
        else if (builtin && target.path === 'vscode') assert.ok(lets(allowed, 'vscode'), `${path} imports vscode`);
        else if (builtin) assert.ok(allowed.node, `${path} imports Node's ${target.path}`);
      }
    }
  });
}

test('the extension on the web holds nothing of Node, and of the editor only its API', () => {
  for (const path of bundleOf('src/viewer/main.ts')) {
    assert.ok(['viewer', 'protocol', 'model', null].includes(roomOf(path)), `${path} is in the extension on the web`);
    const external = meta.inputs[path]?.imports.filter((target) => target.external === true) ?? [];
    assert.ok(
      external.every((target) => target.path === 'vscode'),
      `${path} needs something that no browser has`,
    );
  }
});

test('the page holds nothing of Node, of remote, of the extension or of the command line', () => {
  for (const path of bundleOf('src/webview/main.ts')) {
    assert.ok(![...'remote extension cli'.split(' ')].includes(roomOf(path) ?? ''), `${path} is in the page`);
    const external = meta.inputs[path]?.imports.filter((target) => target.external === true) ?? [];
    assert.deepEqual(external, [], `${path} needs something that a page does not have`);
  }
});

test('the command line holds nothing of vscode, of the extension or of the page', () => {
  for (const path of bundleOf('src/cli/main.ts')) {
    assert.ok(!['extension', 'webview'].includes(roomOf(path) ?? ''), `${path} is in the command line`);
    const names = meta.inputs[path]?.imports.map((target) => target.path) ?? [];
    assert.ok(!names.includes('vscode'), `${path} imports vscode`);
  }
});

test('the extension holds nothing of the page or of the command line', () => {
  for (const path of bundleOf('src/extension/main.ts')) {
    assert.ok(!['cli', 'webview'].includes(roomOf(path) ?? ''), `${path} is in the extension`);
  }
});

/** KB (1,000 bytes) loaded before anything is shown: what is needed later comes when it is. The desk is the first view or command of the extension. */
const MOST_AT_ONCE = {
  'src/extension/main.ts': 30,
  'src/extension/desk.ts': 280,
  'src/webview/main.ts': 300,
  'src/cli/main.ts': 100,
};

/** Loaded when a host is connected by SSH, or a file is read. */
const LATER = ['ssh2', 'saxes', 'tar-stream', 'yauzl', 'unbzip2-stream', 'xz-decompress'];

for (const [entry, most] of Object.entries(MOST_AT_ONCE)) {
  test(`${entry} starts with at most ${String(most)} KB, and without SSH and readers of files`, async () => {
    const files = filesOf(entry, AT_ONCE);
    const sizes = await Promise.all(files.map(async (file) => (await stat(new URL(`../${file}`, DIST))).size));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    assert.ok(bytes <= most * 1000, `${String(bytes)} bytes in ${files.join(', ')}`);
    const early = inputsOf(files).filter((path) => LATER.includes(packageOf(path) ?? ''));
    assert.deepEqual(early, []);
  });
}
