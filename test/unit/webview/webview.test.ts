// The page's logic that needs no browser: what fields accept, what is kept, the policy.
import assert from 'node:assert/strict';
import test from 'node:test';
import { pageHtml } from '../../../src/protocol/page-html.ts';
import { readTopology } from '../../../src/model/formats/sysfs/topology.ts';
import { measureOf } from '../../../src/model/live/measures/measures.ts';
import { facts } from '../../../src/model/topology/facts.ts';
import { durationWords, parseDuration, parseWhole } from '../../../src/webview/ui/parse.ts';
import { bringMeasures } from '../../../src/webview/measures/known.ts';
import { readView } from '../../../src/webview/state/store.ts';
import { themeClasses } from '../../../src/webview/ui/theme.ts';
import { syntheticProbe } from '../machines.ts';

const two = readTopology(syntheticProbe({ packages: 2, coresPerNode: 2, threads: 2 }));
const one = readTopology(syntheticProbe({ packages: 1, coresPerNode: 2 }));

test('figures are read as they are written, and nothing else is', () => {
  assert.deepEqual(parseWhole('65,536', 1, 65_536), { value: 65_536 });
  assert.deepEqual(parseWhole('8 items', 1, 10), { value: 8 });
  for (const ms of [10, 250, 1000, 1500, 60_000]) assert.deepEqual(parseDuration(durationWords(ms)), { value: ms });
  for (const wrong of [
    parseWhole('0', 1, 1000),
    parseWhole('1.5', 1, 1000),
    parseDuration('5 ms'),
    parseDuration('fast'),
  ])
    assert.ok('wrong' in wrong);
});

test('a saved view counts only as far as it can be read', () => {
  const first = {
    measure: 'busy',
    shown: null,
    table: false,
    matrix: false,
    numbers: 'P',
    devices: false,
    span: 5,
    lanes: 'node',
    picked: [],
  };
  for (const saved of [
    null,
    undefined,
    'x',
    7,
    {},
    {
      measure: 1,
      shown: 1,
      table: 'yes',
      matrix: 1,
      numbers: 'Q',
      devices: 1,
      span: 7,
      lanes: 'rack',
      picked: 'run-1',
    },
  ]) {
    assert.deepEqual(readView(saved), first);
  }
  const kept = {
    measure: 'huge',
    shown: 'run-1',
    table: true,
    matrix: true,
    numbers: 'L',
    devices: true,
    span: 0,
    lanes: 'package',
    picked: ['run-1', 'run-2'],
  };
  assert.deepEqual(readView({ ...kept, more: 1 }), kept);
});

test('a measure that an older page saved and that is none is the first one, once all are known', () => {
  const shown: string[] = [];
  for (const measure of ['speed', 'l3', 'huge']) {
    const view = { ...readView(null), measure };
    bringMeasures(measureOf, { view: () => view, change: ({ measure: told }) => shown.push(told) });
  }
  assert.deepEqual(shown, [readView(null).measure]);
});

test('the title says what the machine is', () => {
  assert.equal(facts(two), '2 sockets, 4 cores, 8 CPUs, 2 nodes, 32 GB');
  assert.equal(
    facts({ ...one, nodes: one.nodes.map((each) => ({ ...each, memoryBytes: null })) }),
    '1 socket, 2 cores, 2 CPUs, 1 node',
  );
});

test('a browser gets the classes that the editor would have set', () => {
  assert.deepEqual(themeClasses(true, false), ['vscode-dark']);
  assert.deepEqual(themeClasses(false, false), ['vscode-light']);
  assert.deepEqual(themeClasses(true, true), ['vscode-high-contrast']);
  assert.deepEqual(themeClasses(false, true), ['vscode-high-contrast', 'vscode-high-contrast-light']);
});

test('the document allows its own script and style and nothing else', () => {
  const parts = { scriptUri: '/board.js', styleUri: '/board.css', nonce: 'abc', cspSource: "'self'", connect: null };
  const html = pageHtml(parts);
  assert.match(html, /default-src 'none'; script-src 'nonce-abc'; style-src 'self';/);
  assert.match(html, /connect-src 'none'/);
  assert.doesNotMatch(html, /unsafe-|<style| style=|<script>/);
  assert.match(pageHtml({ ...parts, connect: 'ws://127.0.0.1:1' }), /connect-src ws:\/\/127\.0\.0\.1:1/);
  assert.doesNotMatch(pageHtml({ ...parts, scriptUri: '"><script>alert(1)</script>' }), /<script>alert/);
});
