// Words on the machine: alike where their kind is alike, at least 10 px high, or absent; and a board that is larger is used.
import assert from 'node:assert/strict';
import test from 'node:test';
import { sum } from 'd3-array';
import { nodeBoxOf } from '../../../src/model/layout/find.ts';
import { layoutMachine } from '../../../src/model/layout/layout.ts';
import { scaleLayout } from '../../../src/model/layout/scale.ts';
import { textWidth } from '../../../src/model/layout/label.ts';
import { toldAlike, wordsOn } from '../../../src/model/svg/bar-words.ts';
import { nodeMarks } from '../../../src/model/svg/node-bar.ts';
import { planMarks } from '../../../src/model/svg/plan/marks.ts';
import { graceHopper, machine } from '../layout/topologies.ts';
import { faceOf } from './face.ts';

test('bars of a kind tell the same, however long the figures of one are', () => {
  const plain = machine({ packages: 8, coresPerNode: 4, threads: 2 });
  const uneven = {
    ...plain,
    nodes: plain.nodes.map((node, i) => ({ ...node, memoryBytes: i === 3 ? 2 ** 40 : 123.4 * 2 ** 30 })),
  };
  for (const topology of [uneven, graceHopper(4)]) {
    for (const width of [500, 656, 912, 1300, 2040]) {
      const layout = layoutMachine(topology, { width, height: 766 });
      const bars = topology.nodes.flatMap(({ id }) => {
        const box = nodeBoxOf(layout, id);
        return box && !box.folded ? [[box, { ...faceOf(topology, id), bare: box.bare }] as const] : [];
      });
      const told = toldAlike(bars);
      for (const bare of [true, false]) {
        const said = bars.flatMap(([box, face], i) => {
          const words = told[i] && wordsOn(box, face, told[i]);
          return face.bare === bare && words ? [`${words.more === ''} ${words.right === ''}`] : [];
        });
        assert.ok(new Set(said).size <= 1, `${width} px: ${said.join(', ')}`);
      }
    }
  }
});

test('a bar made smaller keeps its words at their size and inside, or has none', () => {
  const topology = machine({ packages: 2, coresPerNode: 4 });
  const base = layoutMachine(topology, { width: 912, height: 766 });
  for (const scale of [1, 0.8, 0.6, 0.4, 0.25, 0.1]) {
    const box = nodeBoxOf(scaleLayout(base, scale), 0);
    assert.ok(box);
    for (const one of nodeMarks(box, faceOf(topology, 0))) {
      const { y, height = 0 } = one.attrs;
      if (typeof y !== 'number' || typeof height !== 'number') continue;
      const [top, low] = one.tag === 'text' ? [y - 8, y + 2] : [y, y + height];
      assert.ok(top >= box.y - 1 && low <= box.y + box.h + 1, `${one.tag} at ${scale}: ${y} in ${box.y} + ${box.h}`);
    }
  }
});

test('a board twice as wide and high is used', () => {
  const topology = machine({ packages: 2, coresPerNode: 10, threads: 2 });
  const taken = (width: number, height: number): number =>
    sum(layoutMachine(topology, { width, height }).bodies, ({ w, h }) => w * h) / (width * height);
  assert.ok(taken(912, 766) > 0.4);
  assert.ok(taken(2040, 1340) > 0.28, `${taken(2040, 1340)}`);
});

test('what is planned of a node covers neither its name nor its size', () => {
  const topology = machine({ packages: 2, coresPerNode: 4 });
  const words = ['118 GB of 126 GB planned', '118 GB planned'];
  const said = new Set<string>();
  for (let width = 300; width <= 1400; width += 20) {
    const layout = layoutMachine(topology, { width, height: 766 });
    const box = nodeBoxOf(layout, 0);
    if (!box || box.folded) continue;
    const face = faceOf(topology, 0);
    const [told] = toldAlike([[box, face]]);
    assert.ok(told);
    const { name, more } = wordsOn(box, face, told);
    const total = face.node.memoryBytes;
    const [bar] = planMarks(layout, [], [{ node: 0, parts: [], seen: null, kept: 0, total, over: false, words }], null);
    const texts = (bar?.children ?? []).flatMap((one) =>
      typeof one === 'object' && one.tag === 'text' ? one.children : [],
    );
    const planned = texts.filter((one) => typeof one === 'string').at(-1) ?? '';
    said.add(planned);
    const left = textWidth(name, 12) + (more === '' ? 0 : textWidth(more, 11));
    assert.ok(left + textWidth(planned, 10) <= box.w - 16, `${width} px: "${name} ${more}" and "${planned}"`);
  }
  assert.ok(
    words.every((one) => said.has(one)),
    [...said].join(),
  );
});
