// What package.json promises to the editor: commands with titles, keys that are the board's alone, a walkthrough whose steps can be done.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { contextKeys } from '../../../src/extension/words/context-keys.ts';
import { commandsOf, nameOf } from '../../../src/extension/words/commands.ts';
import { BoardState } from '../../../src/model/board/state.ts';
import { removeFolder, temporaryFolder } from '../../support/processes.ts';

/** Answered for files, with a host or without (src/viewer/file-commands.ts, which needs the editor). */
const FILE_COMMANDS = ['openOnBoard', 'compareSelected', 'openAsText'].map((name) => `numaPinboard.${name}`);

interface Step {
  readonly title: string;
  readonly description: string;
  readonly when?: string;
  readonly media: {
    readonly image?: Readonly<Record<string, string>>;
    readonly altText?: string;
    readonly markdown?: string;
  };
  readonly completionEvents: readonly string[];
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { command: string; title: string; enablement?: string }[];
    readonly keybindings: readonly { command: string; key: string; mac: string; when: string }[];
    readonly walkthroughs: readonly { title: string; description: string; steps: readonly Step[] }[];
  };
}

const root = new URL('../../../', import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, root), 'utf8'));
const { contributes } = read('package.json') as Manifest;
const words = read('package.nls.json') as Record<string, string>;
/** Context keys beside those of the board. */
const KEYS = ['exported', 'linux', 'qemu'];
const keys = new Set([...Object.keys(contextKeys(new BoardState(0, '').board)), ...KEYS]);
const names = new Set(contributes.commands.map(({ command }) => command));

/** Names of all commands that the extension does something for; the editor's API is played by an object that has everything. */
async function handled(): Promise<string[]> {
  const folder = temporaryFolder('handlers');
  try {
    const anything = 'const any = new Proxy(class {}, { get: (_, key) => (key === "then" ? undefined : any) });';
    const outfile = join(folder, 'commands.cjs');
    await build({
      stdin: {
        contents: `${anything} export const names = Object.keys(commandHandlers(any)); import { commandHandlers } from './src/extension/commands.ts';`,
        resolveDir: fileURLToPath(root),
      },
      ...{ bundle: true, platform: 'node', format: 'cjs', outfile, logLevel: 'silent' },
      external: ['cpu-features', '*.node'],
      define: { PINBOARD_VERSION: '""' },
      plugins: [
        {
          name: 'vscode',
          setup: (made) => {
            made.onResolve({ filter: /^vscode$/ }, () => ({ path: 'vscode', namespace: 'played' }));
            made.onLoad({ filter: /.*/, namespace: 'played' }, () => ({
              contents: `${anything} module.exports = any;`,
            }));
          },
        },
      ],
    });
    return (createRequire(import.meta.url)(outfile) as { names: string[] }).names;
  } finally {
    removeFolder(folder);
  }
}

describe('the manifest', () => {
  it('names each command that does something, and no other', async () => {
    const asked = commandsOf({ contributes }, FILE_COMMANDS).map(nameOf);
    assert.deepEqual(asked.toSorted(), (await handled()).toSorted());
  });

  it('gives each command a title of its own', () => {
    const titles = contributes.commands.map(({ title }) => words[title.slice(1, -1)]);
    assert.ok(titles.every((title) => title !== undefined && title !== ''));
    assert.equal(new Set(titles).size, titles.length);
  });

  it('binds keys to the board and to files of runs alone, and none that the page itself hears', () => {
    const SCOPE = /^(activeWebviewPanelId == 'numaPinboard\.board'|activeCustomEditorId =~ \/\^numaPinboard\\\.\/)/;
    for (const { command, key, mac, when } of contributes.keybindings) {
      assert.ok(names.has(command), command);
      for (const alternative of when.split(' || ')) assert.match(alternative, SCOPE);
      for (const chord of key.split(' ')) assert.match(chord, /^ctrl\+(?!z$)/);
      assert.equal(mac, key.replaceAll('ctrl', 'cmd'));
    }
    assert.equal(new Set(contributes.keybindings.map(({ key }) => key)).size, contributes.keybindings.length);
  });

  it('has a walkthrough whose words, pictures, commands and ends of steps are there', () => {
    const told = (key = ''): string => {
      const text = words[key.slice(1, -1)];
      assert.ok(text !== undefined && text !== '', `${key} has no words`);
      return text;
    };
    for (const { title, description, steps } of contributes.walkthroughs) {
      told(title);
      told(description);
      for (const step of steps) {
        told(step.title);
        for (const [, command = ''] of told(step.description).matchAll(/\(command:([\w.]+)\)/g))
          assert.ok(names.has(command), command);
        const { image, altText, markdown } = step.media;
        if (image) told(altText);
        for (const path of [...Object.values(image ?? {}), ...(markdown === undefined ? [] : [markdown])])
          assert.ok(existsSync(new URL(path, root)), path);
        for (const event of step.completionEvents) {
          const [, kind, name = ''] = /^on(Command|Context|StepSelected):?(?:numaPinboard\.(\w+))?$/.exec(event) ?? [];
          if (kind === 'Command') assert.ok(names.has(`numaPinboard.${name}`), event);
          else if (kind === 'Context') assert.ok(keys.has(name), event);
          else assert.equal(kind, 'StepSelected', event);
        }
      }
    }
  });

  it('depends on context keys that are told', () => {
    const { commands, keybindings, walkthroughs } = contributes;
    const all = [
      ...commands.map(({ enablement }) => enablement),
      ...keybindings.map(({ when }) => when),
      ...walkthroughs.flatMap(({ steps }) => steps.map(({ when }) => when)),
    ];
    for (const when of all)
      for (const [, key = ''] of (when ?? '').matchAll(/(?<!')numaPinboard\.(\w+)/g)) assert.ok(keys.has(key), key);
  });
});
