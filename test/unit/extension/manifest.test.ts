// What the manifest says is what the code makes of it: of settings, the editor then says what is wrong while they are typed; of the editor, which one is
// needed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { PRESET_SEPARATION, SEPARATION_THRESHOLDS } from '../../../src/model/bench/separation/thresholds.ts';
import { PRESET_LIMITS, THRESHOLDS } from '../../../src/model/doctor/base/thresholds.ts';
import type { Threshold } from '../../../src/model/thresholds.ts';
import { workbench } from '../../../scripts/setup/vscode.mjs';
import { absolutePath } from '../../../src/extension/path-setting.ts';
import { PAGE_ACTS } from '../../../src/viewer/page-acts.ts';

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8'));
const words = read('package.nls.json') as Record<string, string>;
interface Setting {
  readonly pattern?: string;
  readonly properties?: Readonly<
    Record<string, { readonly default: number; readonly minimum: number; readonly description: string }>
  >;
  readonly additionalProperties?: boolean;
}
interface Item {
  readonly command: string;
  readonly when: string;
  readonly group: string;
}
interface Command {
  readonly command: string;
  readonly title: string;
  readonly icon?: string;
  readonly enablement?: string;
}
const { contributes } = read('package.json') as {
  contributes: {
    commands: Command[];
    menus: Record<'commandPalette' | 'view/title' | 'view/item/context', Item[]>;
    configuration: { properties: Record<string, Setting> };
    views: { numaPinboard: { id: string }[] };
    viewsWelcome: { view: string; contents: string; when?: string }[];
  };
};
const settings = contributes.configuration.properties;

for (const [whose, table, preset, key] of [
  ['doctor', THRESHOLDS, PRESET_LIMITS, 'config.threshold'],
  ['separation', SEPARATION_THRESHOLDS, PRESET_SEPARATION, 'config.separation'],
] as const)
  void test(`every threshold of the ${whose} is described where it is set, and no other can be`, () => {
    const setting = settings[`numaPinboard.${whose}.thresholds`];
    assert.equal(setting?.additionalProperties, false);
    const listed = Object.entries(setting.properties ?? {});
    assert.deepEqual(Object.fromEntries(listed.map(([name, one]) => [name, one.default])), preset);
    for (const [name, { unit, reason }] of Object.entries<Threshold>(table)) {
      const said = `${unit[0]?.toUpperCase() ?? ''}${unit.slice(1)}: ${reason}.`;
      assert.equal(setting.properties?.[name]?.description, `%${key}.${name}%`);
      assert.equal(words[`${key}.${name}`], said, 'package.nls.json');
    }
  });

void test('the editor takes just the paths to an SSH config that are followed', () => {
  const pattern = new RegExp(settings['numaPinboard.sshConfig']?.pattern ?? '$^');
  const places = { home: 'C:\\me', workspaceFolder: 'C:\\w', trusted: true, env: { X: 'C:\\x' } };
  const followed = (text: string): boolean =>
    (['linux', 'win32'] as const).some((platform) => {
      try {
        return (
          absolutePath('', text, {
            ...places,
            platform,
            ...(platform === 'linux' ? { home: '/me', workspaceFolder: '/w', env: { X: '/x' } } : {}),
          }) !== ''
        );
      } catch {
        return false;
      }
    });
  for (const text of [
    '~',
    '~/x',
    '~\\x',
    '/x',
    'C:\\x',
    'c:/x',
    '\\\\server\\x',
    '${userHome}/x',
    '${workspaceFolder}',
    '${env:X}/y',
  ])
    assert.ok(pattern.test(text) && followed(text), text);
  for (const text of ['x', './x', '../x', '~you', '${cwd}/x', '${env:}/x', '$HOME/x', 'C:x'])
    assert.ok(!pattern.test(text) && !followed(text), text);
  assert.ok(pattern.test(''), 'left empty');
});

void test('the oldest editor declared is the one whose types are used, and the one that tests run in', () => {
  const { engines } = read('package.json') as { engines: { vscode: string } };
  const { version } = read('node_modules/@types/vscode/package.json') as { version: string };
  assert.equal(engines.vscode, `^${version}`);
  assert.equal(workbench('oldest').vscode, version);
});

/** Keys of a board's own are set only where there is one; an editor of a file is there on the web, too. */
const mayHoldOnTheWeb = (condition: string): boolean =>
  condition !== 'false' &&
  !condition.includes('!isWeb') &&
  (!condition.includes('numaPinboard.') || condition.includes('activeCustomEditorId'));

void test('on the web the palette offers what shows files, and nothing that needs a host', () => {
  const { commands, menus } = contributes;
  const offered = commands.flatMap(({ command, enablement = '' }) => {
    const when = menus.commandPalette.find((one) => one.command === command)?.when ?? '';
    return [when, enablement].every(mayHoldOnTheWeb) ? [command.replace('numaPinboard.', '')] : [];
  });
  const acts = offered.filter((name) => name in PAGE_ACTS);
  assert.ok(acts.includes('zoomIn'));
  assert.deepEqual(
    offered.filter((name) => !acts.includes(name)),
    ['openRunFile', 'openOnBoard', 'openAsText', 'openExample'],
  );
});

void test('what a row offers by the mouse is in its menu, which keys open', () => {
  const items = contributes.menus['view/item/context'];
  for (const { command, when } of items.filter(({ group }) => group === 'inline')) {
    const twin = items.some((one) => one.group !== 'inline' && one.command === command && one.when === when);
    assert.ok(twin, `${command} is only a button on the row`);
    assert.ok(contributes.commands.find((one) => one.command === command)?.icon, `${command} has a picture`);
  }
});

void test('every command of a menu is one, has words, and is greyed out where the palette hides it for want of a host', () => {
  const commands = new Map(contributes.commands.map((one) => [one.command, one]));
  for (const { command, when } of Object.values(contributes.menus).flat())
    assert.ok(commands.has(command), `${command} ${when}`);
  for (const { title } of commands.values()) assert.ok(words[title.slice(1, -1)], title);
  const away = contributes.menus.commandPalette.filter(({ when }) => when === 'numaPinboard.connected');
  // A kept run is exported without a host.
  for (const { command } of away.filter((one) => !one.command.endsWith('.exportSnapshot')))
    assert.equal(commands.get(command)?.enablement, 'numaPinboard.connected', command);
});

void test('every view but the list of help says what can be done where it has no rows', () => {
  const views = contributes.views.numaPinboard.map(({ id }) => id);
  const welcomed = new Set(contributes.viewsWelcome.map(({ view }) => view));
  assert.deepEqual(
    views.filter((id) => !welcomed.has(id)),
    ['numaPinboard.help'],
  );
  const commands = contributes.commands.map(({ command }) => command);
  for (const { contents } of contributes.viewsWelcome) {
    const text = words[contents.slice(1, -1)] ?? '';
    assert.notEqual(text, '', contents);
    for (const [, command = ''] of text.matchAll(/\(command:([^)]+)\)/g))
      assert.ok(commands.includes(command), command);
  }
});
