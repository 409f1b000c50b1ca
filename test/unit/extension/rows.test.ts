// Of the rows of a view, the editor is told of those that changed, and of no others.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RowNode, RowTree, subjectOf } from '../../../src/extension/views/rows.ts';
import type { Row } from '../../../src/extension/views/rows.ts';

const row = (id: string, description = '', children: readonly Row[] = []): Row => ({
  id,
  label: id,
  description,
  tooltip: '',
  icon: 'graph',
  context: '',
  ...(children.length > 0 ? { below: 'open', children } : {}),
});
const ids = (nodes: readonly RowNode[] | null): string[] | null => nodes?.map(({ id }) => id) ?? null;

describe('rows of a view', () => {
  it('are told of only where they changed', () => {
    const tree = new RowTree();
    const rows = [row('a', '', [row('a1'), row('a2')]), row('b')];
    assert.equal(tree.set(rows), null, 'there were none');
    assert.deepEqual(tree.set(structuredClone(rows)), []);
    assert.deepEqual(ids(tree.set([row('a', '', [row('a1', 'new'), row('a2')]), row('b')])), ['a1']);
    assert.deepEqual(ids(tree.set([row('a', '', [row('a1', 'new')]), row('b', 'new')])), ['a', 'b']);
    assert.equal(tree.set([row('b', 'new'), row('a')]), null, 'another order is another view');
  });

  it('stay the same object, so that what is open and selected stays', () => {
    const tree = new RowTree();
    tree.set([row('a', '', [row('a1')])]);
    const [a] = tree.roots;
    const [a1] = a?.children ?? [];
    tree.set([row('b'), row('a', 'changed', [row('a0'), row('a1')])]);
    assert.equal(tree.roots[1], a);
    assert.equal(a?.row.description, 'changed');
    assert.equal(a.children[1], a1);
    assert.equal(a1?.parent, a);
  });

  it('tell commands what they stand for, and nothing else does', () => {
    const node = new RowNode({ ...row('a'), of: { kind: 'host', target: null } });
    assert.deepEqual(subjectOf(node), { kind: 'host', target: null });
    for (const other of [new RowNode(row('b')), undefined, 'a', { id: 'a' }]) assert.equal(subjectOf(other), null);
  });
});
