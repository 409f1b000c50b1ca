// The walls between the rooms, as the bundler saw them: what really went into each program, and who imported whom.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { lets, WALLS } from '../../scripts/setup/walls.mjs';

interface Metafile {
  inputs: Record<string, { imports: { path: string; external?: boolean }[] }>;
  outputs: Record<string, { entryPoint?: string; inputs: Record<string, unknown> }>;
}

const meta = JSON.parse(await readFile(new URL('../../dist/meta.json', import.meta.url), 'utf8')) as Metafile;

const roomOf = (path: string): string | null => /^src\/(\w+)\//.exec(path)?.[1] ?? null;
const packageOf = (path: string): string | null =>
  /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(path)?.[1] ?? null;

function bundleOf(entry: string): string[] {
  const output = Object.values(meta.outputs).find((one) => one.entryPoint === entry);
  assert.ok(output, `the bundler made nothing of ${entry}`);
  return Object.keys(output.inputs);
}

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
