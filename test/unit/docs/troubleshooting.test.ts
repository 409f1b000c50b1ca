// docs/TROUBLESHOOTING.md explains messages that there are, under the codes and exit statuses that they have, and leaves out no code.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { PROBLEM_CODES, PROBLEM_EXIT } from '../../../src/model/problem.ts';
import { ROOT, textOf } from '../../support/markdown.ts';

const page = textOf('docs/TROUBLESHOOTING.md');
/** Figures, not failures: they have no code. */
const OF_RESULTS = 'What a result says';

const sources = ['src', 'native/src'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|c)$/.test(name))
    .map((name) => readFileSync(join(ROOT, folder, name), 'utf8')),
);

/** What may stand for `…`: a value in a template, or one of printf's. */
const HOLE = String.raw`(?:\$\{(?:[^{}]|\{[^{}]*\})*\}|%[\w.]+|%" PRI\w+ ")`;

/** Whether a message of this form stands in the sources; `…` at either end leaves open what more there is. */
function isMessage(words: string): boolean {
  const pieces = words.replaceAll(/^…\s*|\s*…$/g, '').split('…');
  const form = pieces
    .map((piece) => piece.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`).replaceAll('"', String.raw`\\?"`))
    .join(HOLE);
  const pattern = new RegExp(form);
  return sources.some((text) => pattern.test(text));
}

interface Section {
  readonly group: string;
  readonly message: string;
  readonly text: string;
}

const sections: Section[] = page.split(/^## /m).flatMap((group) => {
  const [title = '', ...rest] = group.split('\n');
  return rest
    .join('\n')
    .split(/^### /m)
    .slice(1)
    .map((section) => {
      const [message = '', ...text] = section.split('\n');
      return { group: title, message, text: text.join('\n').trim() };
    });
});

test('a message is found whatever stands in its holes, and not where its words differ', () => {
  assert.ok(isMessage('This host has no CPU …'));
  assert.ok(isMessage('NUMA node … has … free huge pages of … kB, and … are needed.'));
  assert.ok(!isMessage('This host has no CPUs …'));
});

test('every heading is a message of the program', () => {
  assert.ok(sections.length > 50);
  assert.deepEqual(
    sections.map(({ message }) => message).filter((message) => !isMessage(message)),
    [],
  );
});

test('every message in a table is one of the program', () => {
  const cells = [...page.matchAll(/^\| `([^`]+)` \|/gm)].map(([, message = '']) => message);
  assert.ok(cells.length > 10);
  assert.deepEqual(
    cells.filter((message) => !isMessage(message)),
    [],
  );
});

test('under each heading stand its code and exit status, and every code is there', () => {
  const told = new Set<string>();
  for (const { group, message, text } of sections) {
    if (group === OF_RESULTS) continue;
    const pairs = [...text.matchAll(/`([a-z-]+)`, exit (\d+)/g)];
    assert.ok(pairs.length > 0 && pairs[0]?.index === 0, `"${message}" begins with no code`);
    for (const [, code = '', status] of pairs) {
      assert.equal(
        (PROBLEM_EXIT as Readonly<Record<string, number>>)[code],
        Number(status),
        `${code} under "${message}"`,
      );
      told.add(code);
    }
  }
  assert.deepEqual(
    PROBLEM_CODES.filter((code) => !told.has(code)),
    [],
  );
});
