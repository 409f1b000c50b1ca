// What a person may type to select processes, and what it is called.
import assert from 'node:assert/strict';
import test from 'node:test';
import {
  parseSelection,
  pidOf,
  selectionOf,
  selectionText,
  selectionWords,
} from '../../../src/model/live/selection.ts';

const text = (typed: string): string | null => {
  const selection = parseSelection(typed);
  return selection && selectionText(selection);
};

test('one field takes them all, by what they look like', () => {
  assert.equal(text(' 4711 '), 'pid:4711');
  assert.equal(text('pid:4711'), 'pid:4711');
  assert.equal(text('postgres'), 'name:postgres');
  assert.equal(text('/system.slice/x.service'), 'cgroup:/system.slice/x.service');
  assert.equal(text('cgroup:/sys/fs/cgroup/a/b/'), 'cgroup:/a/b');
  assert.equal(text('cgroup:a'), 'cgroup:/a');
  assert.equal(text('cgroup:/'), 'cgroup:/');
  assert.equal(text('nginx.service'), 'unit:nginx.service');
  assert.equal(text('unit:nginx'), 'unit:nginx.service');
  assert.equal(text('unit:user-0.slice'), 'unit:user-0.slice');
  assert.equal(text('unit:getty@tty1'), 'unit:getty@tty1.service');
  assert.equal(text('container:3f4e1c'), 'container:3f4e1c');
  assert.equal(text('pod:shop/web-0'), 'pod:shop/web-0');
  // A kind that there is not is a name with a colon in it.
  assert.equal(text('user:root'), 'name:user:root');
});

test('what cannot be one is refused', () => {
  for (const typed of [
    '',
    '  ',
    '0',
    '99999999',
    'pid:x',
    'pid:-1',
    'unit:',
    'unit:a/b',
    'container:a b',
    'pod:a/b/c',
    'name:a\nb',
  ])
    assert.equal(parseSelection(typed), null, typed);
  assert.equal(selectionOf('name', 'x'.repeat(2000)), null);
});

test('it is called by its kind', () => {
  const words = (typed: string): string => selectionWords(parseSelection(typed)!);
  assert.equal(words('12'), 'process 12');
  assert.equal(words('name:java'), 'processes named java');
  assert.equal(words('unit:a.service'), 'unit a.service');
  assert.equal(words(`container:${'3f'.repeat(32)}`), `container ${'3f'.repeat(6)}`);
  assert.equal(words('container:web'), 'container web');
  assert.equal(words('pod:web-0'), 'pod web-0');
  assert.equal(pidOf(parseSelection('12')!), 12);
  assert.equal(pidOf(parseSelection('java')!), null);
});
