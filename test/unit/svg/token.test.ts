// Tokens on CPUs of any size: the baseline says its letter and hides no token, and a token leaves its cell an edge of heat.
import assert from 'node:assert/strict';
import test from 'node:test';
import { overlaps } from '../../../src/model/layout/box.ts';
import type { Box } from '../../../src/model/layout/box.ts';
import { edgeText, heatEdge } from '../../../src/model/layout/label.ts';
import { SPSC_SLOTS } from '../../../src/model/bench/spsc/slots.ts';
import { render } from '../../../src/model/svg/render.ts';
import { baselineOnCpu, tokenBoxes, tokenOnCpu } from '../../../src/model/svg/token.ts';
import type { Mark } from '../../../src/model/svg/marks.ts';

const [PRODUCER, CONSUMER] = SPSC_SLOTS;
assert.ok(PRODUCER && CONSUMER);

const cell = (w: number, h: number, x = 200, y = 200): Box => ({ x, y, w, h });
/** What the paths and rectangles of a drawing take. */
function extent(marks: string): Box {
  const points = [...marks.matchAll(/(?:x|y|width|height)="([\d.-]+)"| d="([^"]+)"/g)];
  const path = points.flatMap(([, , d]) => (d === undefined ? [] : [d])).at(-1) ?? '';
  const numbers = [...path.matchAll(/([MLHV])([\d.-]+)(?:,([\d.-]+))?/g)];
  const xs = numbers.flatMap(([, op, a]) => (op === 'V' ? [] : [Number(a)]));
  const ys = numbers.flatMap(([, op, a, b]) => (op === 'V' ? [Number(a)] : op === 'H' ? [] : [Number(b)]));
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, w: Math.max(...xs) - x, h: Math.max(...ys) - y };
}

test('the baseline says its letter in a cell of any size', () => {
  for (const [w, h] of [
    [76, 38],
    [30, 16],
    [20, 13],
    [10, 10],
    [6, 6],
  ] as const) {
    assert.match(render(baselineOnCpu(CONSUMER, cell(w, h), [])), />C</, `${w} × ${h}`);
  }
});

test('the flag of a small baseline lies on no token, wherever that is', () => {
  const own = cell(8, 8);
  for (const [x, y] of [
    [0, -30],
    [0, -9],
    [9, 0],
    [-9, 0],
    [0, 9],
    [0, 20],
    [0, 36],
  ] as const) {
    const taken = tokenBoxes(cell(8, 8, own.x + x, own.y + y));
    const flag = extent(render(baselineOnCpu(CONSUMER, own, taken)));
    assert.ok(!taken.some((one) => overlaps(one, flag)), `a token at ${x}, ${y}`);
  }
});

test('a token on a cell that shows heat leaves its lower edge; from a line on it says the figure', () => {
  const lower = (mark: Mark): number => {
    const { y, h } = extent(render(mark));
    return y + h;
  };
  for (const [w, h] of [
    [76, 38],
    [30, 16],
  ] as const) {
    const box = cell(w, h);
    const of = (heated: boolean): Mark => tokenOnCpu(PRODUCER, box, 3, { first: true, heated });
    assert.equal(lower(of(false)), box.y + box.h);
    assert.ok(lower(of(true)) <= box.y + box.h - heatEdge(box) + 0.01 && heatEdge(box) >= 3);
  }
  assert.match(render(tokenOnCpu(PRODUCER, cell(8, 8), 3, { first: true, heated: true })), /height="6\.4"/);
  assert.equal(edgeText(cell(76, 38), '87')?.text, '87');
  assert.equal(edgeText(cell(76, 22), '87'), null);
  assert.equal(edgeText(cell(76, 38), null), null);
});
