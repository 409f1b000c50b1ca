// What the documentation tells to type exists: commands, options and their values as the program itself reads them, scripts of
// package.json, commands and settings of the editor.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Command } from 'commander';
import { buildProgram } from '../../../src/cli/commands/index.ts';
import { codeOf, fencesOf, markdownFiles, textOf, usersFiles } from '../../support/markdown.ts';

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly configuration: { readonly properties: object };
  };
}

const manifest = JSON.parse(textOf('package.json')) as Manifest;
const strings = JSON.parse(textOf('package.nls.json')) as Readonly<Record<string, string>>;

/** What a shell makes of a line up to where the command ends: its words. */
function wordsOf(line: string): string[] {
  const words: string[] = [];
  const piece = /\s+|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|(#|[|<>;&)])|[^\s'"\\|<>;&)]/gy;
  let word: string | null = null;
  for (const [text, single, double, escaped, end] of line.matchAll(piece)) {
    if (/^\s/.test(text)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (end !== undefined && (end !== '#' || word === null)) break;
    else word = (word ?? '') + (single ?? double ?? escaped ?? text);
  }
  return word === null ? words : [...words, word];
}

/** A command line of this program, wherever in a line of a script it begins: alone, through npx or npm, in `$(…)`, behind `run:`. */
const COMMAND = /(?:^|\$\(|run: |&& )(?:numa-pinboard|npx numa-pinboard|npm start -- (?!--no-install))(?=\s|$)(.*)/;

/** The command lines of a fenced block: all of a script, or those typed behind `$` beside what was answered. */
function typedIn({ language, text }: { language: string; text: string }): string[] {
  const lines = text.replaceAll(/\\\n\s*/g, ' ').split('\n');
  if (language === 'console') return lines.flatMap((line) => (line.startsWith('$ ') ? [line.slice(2)] : []));
  return ['sh', 'bash', 'yaml'].includes(language) ? lines.map((line) => line.trim()) : [];
}

/** What `numa-pinboard` says against these words; null where it would begin. */
async function refusal(words: readonly string[]): Promise<string | null> {
  let said = '';
  const prepare = (command: Command): void => {
    command.configureOutput({ writeOut: () => undefined, writeErr: (text) => void (said += text) });
    if (command.commands.length === 0) command.action(() => undefined);
    command.commands.forEach(prepare);
  };
  const program = await buildProgram(words, new AbortController().signal);
  prepare(program);
  try {
    await program.parseAsync(words, { from: 'user' });
    return null;
  } catch (error) {
    const { exitCode, message } = error as { exitCode?: number; message: string };
    return exitCode === 0 ? null : said === '' ? message : (said.split('\n')[0] ?? '');
  }
}

async function refused(lines: readonly (readonly [path: string, line: string])[]): Promise<string[]> {
  const said: string[] = [];
  for (const [path, line] of lines) {
    const rest = COMMAND.exec(line)?.[1];
    const why = rest === undefined ? null : await refusal(wordsOf(rest));
    if (why !== null) said.push(`${path}: ${line}: ${why}`);
  }
  return said;
}

test('words of a line are a shell’s', () => {
  assert.deepEqual(wordsOf(` run --pin 'w-*=1-3' -- "a \\" b" c#d # e`), [
    'run',
    '--pin',
    'w-*=1-3',
    '--',
    'a \\" b',
    'c#d',
  ]);
  assert.deepEqual(wordsOf(' topology --format json | jq .'), ['topology', '--format', 'json']);
});

test('what is no command, option or value is refused', async () => {
  assert.match((await refusal(['bench', 'spsk'])) ?? '', /spsk/);
  assert.match((await refusal(['topology', '--formt', 'json'])) ?? '', /--formt/);
  assert.match((await refusal(['topology', '--format', 'yaml'])) ?? '', /yaml/);
  assert.match((await refusal(['check'])) ?? '', /run/);
  assert.equal(
    await refusal(['bench', 'spsc', '--producer', '0', '--consumer', '18', '--against', 'consumer=1']),
    null,
  );
});

test('every command line in a fence is one that the program takes', async () => {
  const lines = markdownFiles().flatMap((path) =>
    fencesOf(path).flatMap((fence) => typedIn(fence).map((line) => [path, line] as const)),
  );
  assert.ok(lines.filter(([, line]) => COMMAND.test(line)).length > 90, 'command lines were found');
  assert.deepEqual(await refused(lines), []);
});

test('every command line within a sentence is one that the program takes', async () => {
  const lines = usersFiles().flatMap((path) => codeOf(path).map((code) => [path, code] as const));
  assert.deepEqual(await refused(lines), []);
});

test('the examples in the program’s own help are lines that it takes', async () => {
  let help = '';
  const program = await buildProgram(['--help'], new AbortController().signal);
  program.configureOutput({ writeOut: (text) => void (help += text) });
  program.outputHelp();
  const lines = help.split('\n').flatMap((line) => {
    const example = /^ {2}(numa-pinboard.*)/.exec(line)?.[1];
    return example === undefined ? [] : [['--help', example.split(/ {2,}/, 1).join('')] as const];
  });
  assert.ok(lines.length > 5);
  assert.deepEqual(await refused(lines), []);
});

test('every npm script that is named is one of package.json', () => {
  const missing = markdownFiles().flatMap((path) =>
    [...textOf(path).matchAll(/npm run (?:--silent )?([\w:-]+)/g)].flatMap(([, name = '']) =>
      manifest.scripts[name] === undefined ? [`${path}: npm run ${name}`] : [],
    ),
  );
  assert.deepEqual(missing, []);
});

test('every command and setting of the editor that users read of is contributed', () => {
  const titles = new Set(
    manifest.contributes.commands.map(({ title }) => title.replace(/^%(.*)%$/, (_, key: string) => strings[key] ?? '')),
  );
  const ids = new Set([
    ...manifest.contributes.commands.map(({ command }) => command),
    ...Object.keys(manifest.contributes.configuration.properties),
  ]);
  const missing = usersFiles().flatMap((path) => [
    ...[...textOf(path).matchAll(/[`*]NUMA: ([^`*]+)[`*]/g)].flatMap(([, title = '']) =>
      titles.has(title) ? [] : [`${path}: NUMA: ${title}`],
    ),
    ...codeOf(path).filter((code) => /^numaPinboard\.[\w.]+$/.test(code) && !ids.has(code)),
  ]);
  assert.deepEqual(missing, []);
});
