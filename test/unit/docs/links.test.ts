// What the project's Markdown points at is there: files, headings, pictures, the paths it names.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import test from 'node:test';
import { anchorsOf, codeOf, linksOf, markdownFiles, ROOT } from '../../support/markdown.ts';

const IMAGES = 'docs/images';
/** So that a clone stays small. */
const MOST_IMAGE_BYTES = 1.5 * 1024 * 1024;

const isElsewhere = (target: string): boolean => /^[a-z][a-z+.-]*:/.test(target);

/** The file of the project that a link in `path` leads to, from the root, and the heading there. */
function within(path: string, target: string): { file: string; anchor: string } {
  const [file = '', anchor = ''] = target.split('#', 2);
  return {
    file: file === '' ? path : normalize(join(dirname(path), decodeURIComponent(file))),
    anchor: decodeURIComponent(anchor),
  };
}

test('every link in every Markdown file leads to a file and a heading that are there', () => {
  const broken = markdownFiles().flatMap((path) =>
    linksOf(path).flatMap(({ target }) => {
      if (isElsewhere(target)) return URL.canParse(target) ? [] : [`${path}: ${target} is no address`];
      const { file, anchor } = within(path, target);
      if (file.startsWith('..') || !existsSync(join(ROOT, file))) return [`${path}: ${target} leads to no file`];
      if (anchor === '' || anchorsOf(file).has(anchor)) return [];
      return [`${path}: ${target} leads to no heading; there are ${[...anchorsOf(file)].join(', ')}`];
    }),
  );
  assert.deepEqual(broken, []);
});

test('every page for users is reached from the README', () => {
  const reached = new Set(['README.md']);
  for (const path of reached)
    for (const { target } of linksOf(path)) {
      const { file } = within(path, target);
      if (!isElsewhere(target) && file.endsWith('.md') && existsSync(join(ROOT, file))) reached.add(file);
    }
  // The listings of the editor and of npm, which are READMEs themselves.
  const listings = new Set(['docs/EXTENSION.md', 'docs/COMMAND-LINE.md']);
  assert.deepEqual(
    markdownFiles().filter((path) => path.startsWith('docs/') && !reached.has(path) && !listings.has(path)),
    [],
  );
});

test('every picture is shown somewhere, with words for who does not see it, and together they are small', () => {
  const shown = markdownFiles().flatMap((path) =>
    linksOf(path)
      .filter(({ picture }) => picture)
      .map((link) => ({ ...link, path })),
  );
  for (const { words, target, path } of shown)
    assert.ok(words.length > 20, `${path}: ${target} has no words of its own`);
  const used = new Set(shown.map(({ path, target }) => within(path, target).file));
  const names = readdirSync(join(ROOT, IMAGES)).map((name) => `${IMAGES}/${name}`);
  assert.deepEqual(
    names.filter((name) => !used.has(name)),
    [],
  );
  const bytes = names.reduce((sum, name) => sum + statSync(join(ROOT, name)).size, 0);
  assert.ok(bytes <= MOST_IMAGE_BYTES, `${IMAGES} has ${String(bytes)} bytes`);
});

test('every test and page that is named in code marks is there', () => {
  const named = /^(?:test|docs)\/(?!numa\/)[\w./-]+\.(?:ts|md|json|png)$/;
  const missing = markdownFiles()
    // Of what was; there a name may be one of then.
    .filter((path) => !/^(CHANGELOG|docs\/DECISIONS)\.md$/.test(path))
    .flatMap((path) =>
      codeOf(path)
        .filter((code) => named.test(code) && !existsSync(join(ROOT, code)))
        .map((code) => `${path}: ${code}`),
    );
  assert.deepEqual(missing, []);
});
